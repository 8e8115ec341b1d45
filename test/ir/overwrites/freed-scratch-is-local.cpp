// A call of unknown effect can't write to scratch memory that the function
// itself allocates and frees: what is loaded from it is loaded again in the
// reverse sweep. The tape holds the delayed frees, nothing of variable size.
//
// RUN: %tern-clang++ -O1 -S -emit-llvm %s -o - | FileCheck %s
// CHECK: define {{.*}}gradient
// CHECK-NOT: tape_grow({{.*}} i64 noundef %
// CHECK:     tape_grow(
// CHECK-NOT: tape_grow({{.*}} i64 noundef %
// CHECK: ret void
template <class R, class... A> R __enzyme_autodiff(void *, A...);
extern int enzyme_dup, enzyme_const;
double unknown(int);

double f(int n, const double *__restrict x) {
  double *squares = new double[n];
  for (int i = 0; i < n; ++i)
    squares[i] = x[i] * x[i];
  double sum = unknown(n);
  for (int i = 0; i < n; ++i)
    sum += squares[i] * squares[i];
  delete[] squares;
  return sum;
}

void gradient(int n, const double *x, double *d_x) {
  __enzyme_autodiff<void>((void *)f, enzyme_const, n, enzyme_dup, x, d_x);
}
