// Options of Enzyme's on build lines are accepted and change nothing; unknown
// ones are errors as ever.
// RUN: %clang -O2 -fpass-plugin=%plugin -mllvm -enzyme-inline=1 %s -o %t
// RUN: %t
// RUN: %clang -O2 -fpass-plugin=%plugin -Xclang -load -Xclang %plugin -mllvm -enzyme-postopt=0 -mllvm -enzyme-loose-types %s -o %t
// RUN: %t
// RUN: %clang -O1 -S -emit-llvm -Xclang -disable-llvm-passes %s -o %t.ll
// RUN: %tern-opt -enzyme-preopt=0 -enzyme-print-perf -enzyme-inline=1 -enzyme-inline=0 -S %t.ll -o /dev/null
// RUN: not %tern-opt -enzyme-nosuch -S %t.ll -o /dev/null
// RUN: not %tern-opt -enzyme-runtime-activity -S %t.ll -o /dev/null
// RUN: not %tern-opt -enzyme-strong-zero -S %t.ll -o /dev/null
double __enzyme_autodiff(void *, ...);
double square(double x) { return x * x; }
int main(void) { return __enzyme_autodiff((void *)square, 3.0) != 6; }
