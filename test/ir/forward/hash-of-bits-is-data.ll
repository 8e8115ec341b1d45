; RUN: %tern-opt -S %s | FileCheck %s
; Arithmetic on the bits of an active float that stays an integer is data.
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-pc-linux-gnu"

declare double @__enzyme_fwddiff(...)

define double @f(double %x, ptr %table) {
  %i = bitcast double %x to i64
  %h = mul i64 %i, 88172645463325252
  %k = lshr i64 %h, 60
  %p = getelementptr double, ptr %table, i64 %k
  %v = load double, ptr %p
  %r = fmul double %v, %x
  ret double %r
}

; CHECK-LABEL: define internal { double } @f.jvp(
; CHECK: %p.shadow = getelementptr{{.*}} ptr %table.shadow, i64 %k
; CHECK: %v.tan = load double, ptr %p.shadow

define double @call(ptr %t, ptr %dt) {
  %d = call double (...) @__enzyme_fwddiff(ptr @f, double 1.0, double 1.0, ptr %t, ptr %dt)
  ret double %d
}
