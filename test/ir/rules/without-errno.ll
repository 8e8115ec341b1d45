; RUN: %tern-opt -S %s | FileCheck %s
; RUN: sed 's/^;ERRNO //' %s | %tern-opt -S - | FileCheck %s --check-prefix=ASKED
; In clones libm is called without errno, so that the reverse sweep of sin finds
; the cosine that the primal computes. The user's function stays as it is; so do
; all calls if something in the module asks for errno.
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-pc-linux-gnu"

declare double @__enzyme_autodiff(...)
declare double @sin(double)
declare double @cos(double)
declare double @exp(double)
;ERRNO declare ptr @__errno_location()

; CHECK-LABEL: define double @f(
; CHECK: call double @sin(
; CHECK: call double @cos(
; CHECK: call double @exp(
define double @f(double %x, i1 %turn) {
entry:
  br i1 %turn, label %circle, label %line

circle:
  %s = call double @sin(double %x)
  %c = call double @cos(double %x)
  %p = fmul double %s, %c
  br label %line

line:
  %r = phi double [ %p, %circle ], [ %x, %entry ]
  %e = call double @exp(double %r) nobuiltin
  ret double %e
}

; The cosine stands behind the sine. What must not be taken for libm's is not.
; CHECK-LABEL: define internal { double } @f.grad(
; CHECK: call double @llvm.sin.f64(double %x)
; CHECK: call double @llvm.cos.f64(double %x)
; CHECK: call double @exp(
; CHECK-NOT: @sin
; CHECK-NOT: @cos
; CHECK-NOT: @llvm.sin
; CHECK-NOT: @llvm.cos
; CHECK: ret { double }
; ASKED-LABEL: define internal { double } @f.grad(
; ASKED: call double @sin(
; ASKED: call double @cos(
; ASKED: ret { double }

define double @call(double %x) {
  %d = call double (...) @__enzyme_autodiff(ptr @f, double %x, i1 true)
;ERRNO   %place = call ptr @__errno_location()
  ret double %d
}
