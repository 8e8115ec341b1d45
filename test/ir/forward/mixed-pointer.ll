; RUN: %tern-opt -S %s | FileCheck %s
; A pointer that is active on one way only: its shadow is the primal pointer on
; the other, reads select zero and writes store the primal value again.
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-pc-linux-gnu"

@enzyme_const = external global i32
declare double @__enzyme_fwddiff(...)

define double @f(ptr %p, ptr %k, i1 %c) {
  %q = select i1 %c, ptr %p, ptr %k
  %v = load double, ptr %q
  %s = fmul double %v, %v
  store double %s, ptr %q
  ret double %s
}

; CHECK-LABEL: define internal { double } @f.jvp(
; CHECK: %q.shadow = select i1 %c, ptr %p.shadow, ptr %k
; CHECK: [[INACTIVE:%.*]] = icmp eq ptr %q, %q.shadow
; CHECK: [[LOADED:%.*]] = load double, ptr %q.shadow
; CHECK: select i1 [[INACTIVE]], double 0.000000e+00, double [[LOADED]]
; CHECK: store double %s, ptr %q
; CHECK: [[STORED:%.*]] = select i1 [[INACTIVE]], double %s, double
; CHECK: store double [[STORED]], ptr %q.shadow

define double @call(ptr %p, ptr %dp, ptr %k) {
  %m = load i32, ptr @enzyme_const
  %d = call double (...) @__enzyme_fwddiff(ptr @f, ptr %p, ptr %dp, i32 %m, ptr %k, i1 true)
  ret double %d
}
