; RUN: %tern-opt -S %s | FileCheck %s
; What may be rounded once in the primal may be so in the tangent; products that
; are not contracted in the primal are not in the tangent.
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-pc-linux-gnu"

@enzyme_const = external global i32
declare double @__enzyme_fwddiff(...)

define double @f(double %x, double %y, double %z, double %w) {
  %r = call double @llvm.fmuladd.f64(double %x, double %y, double %z)
  %s = call double @llvm.fmuladd.f64(double %w, double %r, double %x)
  %p = fmul double %s, %s
  ret double %p
}

; CHECK-LABEL: define internal { double } @f.jvp(
; CHECK: [[R:%r.*]] = call double @llvm.fmuladd.f64(double %x, double %y, double %z)
; CHECK-NEXT: [[P:%.*]] = call double @llvm.fmuladd.f64(double %y.tan, double %x, double %z.tan)
; CHECK-NEXT: [[RT:%r.tan]] = call double @llvm.fmuladd.f64(double %x.tan, double %y, double [[P]])
; CHECK-NEXT: %s = call double @llvm.fmuladd.f64(double %w, double [[R]], double %x)
; CHECK-NEXT: %s.tan = call double @llvm.fmuladd.f64(double [[RT]], double %w, double %x.tan)
; CHECK-NEXT: fmul double %s.tan, %s
; CHECK-NEXT: fadd double

define double @call(double %x, double %y, double %z, double %w) {
  %d = call double (...) @__enzyme_fwddiff(ptr @f, double %x, double 1.0, double %y, double 2.0, double %z, double 3.0, ptr @enzyme_const, double %w)
  ret double %d
}

declare double @llvm.fmuladd.f64(double, double, double)
