; RUN: %tern-opt -S %s | FileCheck %s
; Bits of floats and pointers in integers move in the shadow, too: packed pairs
; are taken apart and put together, addresses keep their distance.
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-pc-linux-gnu"

declare float @__enzyme_fwddiff_f(...)
declare double @__enzyme_fwddiff_d(...)

define float @pair(float %a, float %b, i64 %n) noinline {
  %stop = icmp eq i64 %n, 0
  br i1 %stop, label %done, label %more
more:
  %m = sub i64 %n, 1
  %r = call float @pair(float %b, float %a, i64 %m)
  ret float %r
done:
  %ai = bitcast float %a to i32
  %bi = bitcast float %b to i32
  %az = zext i32 %ai to i64
  %bz = zext i32 %bi to i64
  %bs = shl i64 %bz, 32
  %ab = or disjoint i64 %az, %bs
  %hi = lshr i64 %ab, 32
  %lo = trunc i64 %hi to i32
  %f = bitcast i32 %lo to float
  %g = fmul float %f, %a
  ret float %g
}

; The pair comes out as %b, in the tangent as %b.tan.
; CHECK-LABEL: define internal { float, float } @pair.jvp{{.*}}(
; CHECK-DAG: fmul float %b.tan, %a
; CHECK-DAG: fmul float %a.tan, %b
; CHECK: ret

define double @aligned(ptr %p, i64 %n) {
  %i = ptrtoint ptr %p to i64
  %up = add i64 %i, 31
  %down = and i64 %up, -32
  %q = inttoptr i64 %down to ptr
  %v = load double, ptr %q
  %r = fmul double %v, %v
  ret double %r
}

; CHECK-LABEL: define internal { double } @aligned.jvp(
; CHECK: %down = and i64 %up, -32
; CHECK: [[DISTANCE:%.*]] = sub i64 %down, %i
; CHECK: getelementptr i8, ptr %p, i64 [[DISTANCE]]
; CHECK: getelementptr i8, ptr %p.shadow, i64 [[DISTANCE]]

define float @call_pair(i64 %n) {
  %d = call float (...) @__enzyme_fwddiff_f(ptr @pair, float 1.0, float 1.0, float 2.0, float 0.0, i64 %n)
  ret float %d
}
define double @call_aligned(ptr %p, ptr %dp, i64 %n) {
  %d = call double (...) @__enzyme_fwddiff_d(ptr @aligned, ptr %p, ptr %dp, i64 %n)
  ret double %d
}
