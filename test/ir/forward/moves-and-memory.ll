; RUN: %tern-opt -S %s | FileCheck %s
; Moves are repeated on tangents, accesses on shadows, at the same alignment and
; with the same flags; volatile stays with the primal.
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-pc-linux-gnu"

@enzyme_dup = external global i32
declare double @__enzyme_fwddiff(...)

define double @f(ptr noalias %p, double %x, i1 %c) {
  %q = getelementptr inbounds double, ptr %p, i64 3
  %v = load volatile double, ptr %q, align 4
  %s = select i1 %c, double %v, double %x
  store volatile double %s, ptr %p, align 16
  ret double %s
}

; CHECK-LABEL: define internal { double } @f.jvp(
; CHECK-SAME: ptr noalias %p, ptr noalias %p.shadow, double %x, double %x.tan, i1 %c)
; CHECK: %q = getelementptr inbounds
; CHECK: %q.shadow = getelementptr inbounds {{.*}}, ptr %p.shadow, i64
; CHECK: load volatile double, ptr %q, align 4
; CHECK: %v.tan = load double, ptr %q.shadow, align 4
; CHECK: %s.tan = select i1 %c, double %v.tan, double %x.tan
; CHECK: store volatile double %s, ptr %p, align 16
; CHECK: store double %s.tan, ptr %p.shadow, align 16

define double @call(ptr %p, ptr %dp) {
  %d = call double (...) @__enzyme_fwddiff(ptr @f, ptr %p, ptr %dp, double 1.0, double 1.0, i1 true)
  ret double %d
}
