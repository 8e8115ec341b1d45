; RUN: %not %tern-opt -disable-output %s 2>&1 | FileCheck %s
; Arithmetic on the bits of an active float that becomes a float again.
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-pc-linux-gnu"

declare double @__enzyme_fwddiff(...)

define double @f(double %x) {
  %i = bitcast double %x to i64
  %j = add i64 %i, 4503599627370496
  %y = bitcast i64 %j to double
  ret double %y
}

; CHECK: the bits of a floating-point number {{.*}} in 'f' [tern-D06]

define double @call() {
  %d = call double (...) @__enzyme_fwddiff(ptr @f, double 1.0, double 1.0)
  ret double %d
}
