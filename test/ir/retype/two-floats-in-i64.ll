; Two floats packed in an i64 become <2 x float>, and the shifts that took them
; apart become extracts.
; RUN: %opt -load-pass-plugin=%plugin -passes=tern-retype -verify-each -S %s | FileCheck %s

; CHECK-LABEL: @taken_apart
; CHECK: [[V:%.*]] = load <2 x float>, ptr %p
; CHECK-NEXT: store <2 x float> [[V]], ptr %q
; CHECK-NEXT: [[LO:%.*]] = extractelement <2 x float> [[V]], i64 0
; CHECK-NEXT: [[HI:%.*]] = extractelement <2 x float> [[V]], i64 1
; CHECK-NEXT: fadd float [[LO]], [[HI]]
define float @taken_apart(ptr %p, ptr %q) {
  %v = load i64, ptr %p
  store i64 %v, ptr %q
  %t = trunc i64 %v to i32
  %f = bitcast i32 %t to float
  %l = lshr i64 %v, 32
  %u = trunc i64 %l to i32
  %g = bitcast i32 %u to float
  %h = fadd float %f, %g
  ret float %h
}

; CHECK-LABEL: @packed
; CHECK: [[A:%.*]] = insertelement <2 x float> poison, float %x, i64 0
; CHECK: [[B:%.*]] = insertelement <2 x float> [[A]], float %y, i64 1
; CHECK: store <2 x float> [[B]], ptr %p
define void @packed(ptr %p, float %x, float %y) {
  %a = bitcast float %x to i32
  %b = bitcast float %y to i32
  %lo = zext i32 %a to i64
  %z = zext i32 %b to i64
  %hi = shl i64 %z, 32
  %w = or i64 %hi, %lo
  store i64 %w, ptr %p
  ret void
}

; CHECK-LABEL: @seen_through_memory
; CHECK: load <2 x float>, ptr %p
; CHECK: store <2 x float>
define float @seen_through_memory(ptr %p, ptr %q) {
  %v = load i64, ptr %p
  store i64 %v, ptr %q
  %a = load float, ptr %q
  %r = getelementptr i8, ptr %q, i64 4
  %b = load float, ptr %r
  %s = fadd float %a, %b
  ret float %s
}
