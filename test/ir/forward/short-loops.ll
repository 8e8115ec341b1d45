; RUN: %tern-opt -S %s | FileCheck %s
; Short loops are written out, but not with many tangents at once: there each
; instruction comes many times over.
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-pc-linux-gnu"

@enzyme_width = external global i32
declare double @__enzyme_fwddiff(...)
declare { double, double, double, double, double } @__enzyme_fwddiff5(...)

define double @f(double %x) {
entry:
  br label %loop

loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %p = phi double [ 1.0, %entry ], [ %q, %loop ]
  %q = fmul double %p, %x
  %next = add nuw nsw i32 %i, 1
  %more = icmp ne i32 %next, 3
  br i1 %more, label %loop, label %done

done:
  ret double %q
}

; CHECK-LABEL: define internal { double } @f.jvp(
; CHECK-NOT: phi
; CHECK: ret { double }
; CHECK-LABEL: define internal { double, double, double, double, double } @f.jvp
; CHECK: phi double
; CHECK: br i1
; CHECK: ret { double, double, double, double, double }

define double @one(double %x) {
  %d = call double (...) @__enzyme_fwddiff(ptr @f, double %x, double 1.0)
  ret double %d
}

define { double, double, double, double, double } @five(double %x) {
  %d = call { double, double, double, double, double } (...) @__enzyme_fwddiff5(ptr @f, ptr @enzyme_width, i32 5, double %x, double 1.0, double 2.0, double 3.0, double 4.0, double 5.0)
  ret { double, double, double, double, double } %d
}
