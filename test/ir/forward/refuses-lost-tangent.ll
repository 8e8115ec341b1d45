; RUN: %not %tern-opt -disable-output %s 2>&1 | FileCheck %s
; An active value is stored in constant memory and read again.
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-pc-linux-gnu"

@enzyme_const = external global i32
declare double @__enzyme_fwddiff(...)

define double @f(double %x, ptr %k, i64 %i) {
  store double %x, ptr %k
  %p = getelementptr double, ptr %k, i64 %i
  %v = load double, ptr %p
  ret double %v
}

; CHECK: stored in memory without a shadow {{.*}} and read again in 'f' [tern-D07]

define double @call(ptr %k, i64 %i) {
  %m = load i32, ptr @enzyme_const
  %d = call double (...) @__enzyme_fwddiff(ptr @f, double 1.0, double 1.0, i32 %m, ptr %k, i64 %i)
  ret double %d
}
