// A sum that an inner loop adds to. No derivative depends on what it is: the
// outer iterations are run again by the reverse sweep with zero for it, and the
// record sweep, of whose result nobody asks for, does not run them.
//
// RUN: %clang++ -O1 -Xclang -disable-llvm-passes -S -emit-llvm %s -o %t.ll
// RUN: %tern-opt -S %t.ll | FileCheck %s
// CHECK-LABEL: define internal void @{{.*}}energy{{.*}}.grad(
// CHECK-NOT:   call {{.*}}iteration(
// CHECK-NOT:   tern_tape_alloc
// CHECK:       call { double } @{{.*}}iteration.grad({{.*}}double 0.000000e+00,
// CHECK-NOT:   call {{.*}}iteration(
// CHECK:       ret void
template <class R, class... A> R __enzyme_autodiff(void *, A...);
extern int enzyme_dup, enzyme_const;

double energy(int n, int m, const double *x, const double *y) {
  double sum = 0;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < m; ++j)
      sum += __builtin_exp(x[i] * y[j]);
  return sum;
}

void gradient(int n, int m, const double *x, double *d_x, const double *y) {
  __enzyme_autodiff<void>((void *)energy, enzyme_const, n, enzyme_const, m,
                          enzyme_dup, x, d_x, enzyme_const, y);
}
