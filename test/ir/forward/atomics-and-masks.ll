; RUN: %tern-opt -S %s | FileCheck %s
; Atomic sums, masked accesses and reductions have tangents.
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-pc-linux-gnu"

declare double @__enzyme_fwddiff(...)
declare <4 x double> @llvm.masked.load.v4f64.p0(ptr, <4 x i1>, <4 x double>)
declare void @llvm.masked.store.v4f64.p0(<4 x double>, ptr, <4 x i1>)
declare double @llvm.vector.reduce.fadd.v4f64(double, <4 x double>)
declare double @llvm.vector.reduce.fmul.v4f64(double, <4 x double>)

define double @f(ptr %p, ptr %q, <4 x i1> %m) {
  %v = call <4 x double> @llvm.masked.load.v4f64.p0(ptr %p, <4 x i1> %m, <4 x double> splat (double 1.0))
  call void @llvm.masked.store.v4f64.p0(<4 x double> %v, ptr %q, <4 x i1> %m)
  %s = call double @llvm.vector.reduce.fadd.v4f64(double 0.0, <4 x double> %v)
  %t = call double @llvm.vector.reduce.fmul.v4f64(double 1.0, <4 x double> %v)
  %old = atomicrmw fadd ptr %q, double %s monotonic
  %r = fadd double %old, %t
  ret double %r
}

; CHECK-LABEL: define internal { double } @f.jvp(
; CHECK: %v = call <4 x double> @llvm.masked.load.v4f64.p0(ptr {{.*}}%p,
; CHECK: %v.tan = call <4 x double> @llvm.masked.load.v4f64.p0(ptr {{.*}}%p.shadow, <4 x i1> %m, <4 x double> zeroinitializer)
; CHECK: call void @llvm.masked.store.v4f64.p0(<4 x double> %v, ptr {{.*}}%q,
; CHECK: call void @llvm.masked.store.v4f64.p0(<4 x double> %v.tan, ptr {{.*}}%q.shadow,
; CHECK: [[SUM:%s.*]] = call double @llvm.vector.reduce.fadd.v4f64(double 0.000000e+00, <4 x double> %v.tan)
; CHECK: extractelement <4 x double> %v.tan, i64 3
; CHECK: atomicrmw fadd ptr %q, double
; CHECK: atomicrmw fadd ptr %q.shadow, double [[SUM]] monotonic

define double @call(ptr %p, ptr %dp, ptr %q, ptr %dq, <4 x i1> %m) {
  %d = call double (...) @__enzyme_fwddiff(ptr @f, ptr %p, ptr %dp, ptr %q, ptr %dq, <4 x i1> %m)
  ret double %d
}
