; A double that travels as i64 through loads, stores, phis and selects gets its
; type back; a constant travels along.
; RUN: %opt -load-pass-plugin=%plugin -passes=tern-retype -verify-each -S %s | FileCheck %s

; CHECK-LABEL: @through_memory
; CHECK: [[V:%.*]] = load double, ptr %p
; CHECK-NEXT: store double [[V]], ptr %q
; CHECK-NOT: i64
define void @through_memory(ptr %p, ptr %q) {
  %v = load i64, ptr %p
  store i64 %v, ptr %q
  %d = load double, ptr %q
  %e = fadd double %d, 1.0
  store double %e, ptr %q
  ret void
}

; CHECK-LABEL: @through_phi
; CHECK: [[V:%.*]] = load double, ptr %p
; CHECK: [[W:%.*]] = phi double [ [[V]], %entry ], [ 1.000000e+00, %a ]
; CHECK-NEXT: ret double [[W]]
define double @through_phi(ptr %p, i1 %c) {
entry:
  %v = load i64, ptr %p
  br i1 %c, label %a, label %b
a:
  br label %b
b:
  %w = phi i64 [ %v, %entry ], [ 4607182418800017408, %a ]
  %d = bitcast i64 %w to double
  ret double %d
}

; CHECK-LABEL: @through_select
; CHECK: [[V:%.*]] = load float, ptr %p
; CHECK: [[W:%.*]] = load float, ptr %q
; CHECK: [[S:%.*]] = select i1 %c, float [[V]], float [[W]]
; CHECK: ret float [[S]]
define float @through_select(ptr %p, ptr %q, i1 %c) {
  %v = load i32, ptr %p
  %w = load i32, ptr %q
  %s = select i1 %c, i32 %v, i32 %w
  %f = bitcast i32 %s to float
  ret float %f
}

; CHECK-LABEL: @true_integers
; CHECK: load i64, ptr %p
; CHECK-NOT: tern.bits
; CHECK: store i64
define void @true_integers(ptr %p) {
  %v = load i64, ptr %p
  %w = add i64 %v, 1
  store i64 %w, ptr %p
  ret void
}
