// Steps that update a state in place: the record sweep keeps the state before
// each step, once, and nothing else; the reverse sweep puts it back and runs the
// step's gradient. What takes no more than the state to record is recorded.
//
// RUN: %clang++ -O1 -Xclang -disable-llvm-passes -S -emit-llvm %s -o %t.ll
// RUN: %tern-opt -S %t.ll | FileCheck %s
template <class R, class... A> R __enzyme_autodiff(void *, A...);
extern int enzyme_dup, enzyme_const;

// The scratch is filled by two stores, the loop perhaps not at all.
static void slope(int n, const double *x, const double *y, double *out) {
  out[0] = x[0];
  for (int i = 1; i < n; ++i)
    out[i] = x[i] * y[i - 1];
}

// CHECK-LABEL: define internal {{.*}}midpoint{{.*}}.grad(
// CHECK:       %tape.states = call noalias ptr @tern_tape_alloc(
// CHECK-NOT:   @tern_tape_alloc
// CHECK:       %kept = getelementptr double, ptr %tape.states
// CHECK-NEXT:  call void @llvm.memcpy{{.*}}(ptr align 16 %kept, ptr align 1 [[Y:%[0-9]+]], i64
// CHECK-NEXT:  call void @{{.*}}iteration(
// CHECK:       call void @llvm.memcpy{{.*}}(ptr align 1 [[Y]], ptr align 16 %kept
// CHECK-NEXT:  call {{.*}}iteration.grad(
//
// The reverse of a step reads its stages, not the state that it ends with.
//
// CHECK-LABEL: define internal {{.*}}midpoint{{.*}}iteration(
// CHECK:       call double @llvm.cos
// CHECK-LABEL: define internal {{.*}}midpoint{{.*}}iteration.grad(
// CHECK-NOT:   call double @llvm.cos
// CHECK:       ret
double midpoint(int n, int steps, const double *x, const double *wind) {
  double *y = new double[n], *middle = new double[n];
  double *k1 = new double[n], *k2 = new double[n];
  for (int i = 0; i < n; ++i)
    y[i] = 0;
  for (int step = 0; step < steps; ++step) {
    slope(n, x, y, k1);
    for (int i = 0; i < n; ++i)
      middle[i] = y[i] + 0.05 * k1[i];
    slope(n, x, middle, k2);
    for (int i = 0; i < n; ++i)
      y[i] += 0.1 * k1[i] * k2[i] + __builtin_elementwise_cos(wind[i]);
  }
  double sum = y[n - 1];
  delete[] y;
  delete[] middle;
  delete[] k1;
  delete[] k2;
  return sum;
}

// CHECK-LABEL: define internal {{.*}}until_small{{.*}}.grad(
// CHECK:       [[KEPT:%kept.*]] = call noalias ptr @tern_tape_alloc(
// CHECK-NEXT:  call void @llvm.memcpy{{.*}}(ptr align 16 [[KEPT]],
// CHECK-NEXT:  call void @{{.*}}iteration(
double until_small(int n, const double *x) {
  double *y = new double[n], rest;
  for (int i = 0; i < n; ++i)
    y[i] = x[i];
  do {
    rest = x[0];
    for (int i = 0; i < n; ++i) {
      y[i] = y[i] * __builtin_exp(-y[i]) / (1 + y[i] * y[i]);
      rest += y[i];
    }
  } while (rest > 0.1);
  double sum = y[0];
  delete[] y;
  return sum;
}

// CHECK-LABEL: define internal {{.*}}linear{{.*}}.grad(
// CHECK-NOT:   iteration
double linear(int n, int steps, double *x) {
  double *y = new double[n];
  for (int i = 0; i < n; ++i)
    y[i] = x[i];
  for (int step = 0; step < steps; ++step)
    for (int i = 1; i < n; ++i)
      y[i] = 0.9 * y[i] + 0.1 * y[i - 1];
  double sum = y[n - 1];
  delete[] y;
  return sum;
}

void gradients(int n, int steps, double *x, double *d_x, const double *wind) {
  __enzyme_autodiff<void>((void *)midpoint, enzyme_const, n, enzyme_const,
                          steps, enzyme_dup, x, d_x, enzyme_const, wind);
  __enzyme_autodiff<void>((void *)until_small, enzyme_const, n, enzyme_dup, x,
                          d_x);
  __enzyme_autodiff<void>((void *)linear, enzyme_const, n, enzyme_const, steps,
                          enzyme_dup, x, d_x);
}
