// A sum over points: each iteration is run again by the reverse sweep, on the
// same piece of tape; when nobody asks for the sum itself, the record sweep does
// not run the iterations at all.
//
// RUN: %clang++ -O1 -Xclang -disable-llvm-passes -S -emit-llvm %s -o %t.ll
// RUN: %tern-opt -S %t.ll | FileCheck %s
// CHECK-LABEL: define internal void @{{.*}}sum_over_points{{.*}}.grad(
// CHECK-NOT:   call {{.*}}iteration(
// CHECK:       call void @{{.*}}iteration.grad(
// CHECK-NOT:   call {{.*}}iteration(
// CHECK-LABEL: define internal {{.*}}iteration.grad({{.*}}ptr %tape)
// CHECK:       call void @tern_tape_mark(ptr %tape, ptr %place)
// CHECK:       call void @tern_tape_rewind(ptr %tape, ptr %place)
// CHECK-NEXT:  ret void
template <class R, class... A> R __enzyme_autodiff(void *, A...);
extern int enzyme_dup, enzyme_const;

double sum_over_points(int n, int d, const double *x, const double *centre) {
  double *scaled = new double[d];
  double sum = 0;
  for (int p = 0; p < n; ++p) {
    for (int i = 0; i < d; ++i)
      scaled[i] = __builtin_exp(x[p * d + i] - centre[i]);
    double norm = 0;
    for (int i = 0; i < d; ++i)
      norm += scaled[i] * scaled[i];
    sum += norm;
  }
  delete[] scaled;
  return sum;
}

void gradient(int n, int d, const double *x, const double *c, double *d_c) {
  __enzyme_autodiff<void>((void *)sum_over_points, enzyme_const, n,
                          enzyme_const, d, enzyme_const, x, enzyme_dup, c, d_c);
}
