; Parts of vectors that travel as wide integers are lanes again; a part that
; begins inside a lane, or is of another type, stays.
; RUN: %opt -load-pass-plugin=%plugin -passes=tern-simplify-calls -S %s | FileCheck %s
target datalayout = "e-i64:64"

define <2 x double> @pair(<8 x double> %v) {
; CHECK-LABEL: @pair(
; CHECK-NEXT: %[[R:.*]] = shufflevector <8 x double> %v, <8 x double> poison, <2 x i32> <i32 4, i32 5>
; CHECK-NEXT: ret <2 x double> %[[R]]
  %w = bitcast <8 x double> %v to <4 x i128>
  %p = extractelement <4 x i128> %w, i64 2
  %r = bitcast i128 %p to <2 x double>
  ret <2 x double> %r
}

define double @upper(<2 x double> %v) {
; CHECK-LABEL: @upper(
; CHECK-NEXT: %[[R:.*]] = extractelement <2 x double> %v, i64 1
; CHECK-NEXT: ret double %[[R]]
  %w = bitcast <2 x double> %v to i128
  %s = lshr i128 %w, 64
  %p = trunc i128 %s to i64
  %r = bitcast i64 %p to double
  ret double %r
}

define float @lower(<4 x float> %v) {
; CHECK-LABEL: @lower(
; CHECK: extractelement <4 x float> %v, i64 0
  %w = bitcast <4 x float> %v to i128
  %p = trunc i128 %w to i32
  %r = bitcast i32 %p to float
  ret float %r
}

define double @between(<2 x double> %v) {
; CHECK-LABEL: @between(
; CHECK: lshr i128 %w, 32
  %w = bitcast <2 x double> %v to i128
  %s = lshr i128 %w, 32
  %p = trunc i128 %s to i64
  %r = bitcast i64 %p to double
  ret double %r
}

define float @other(<2 x double> %v) {
; CHECK-LABEL: @other(
; CHECK: trunc i128 %w to i32
  %w = bitcast <2 x double> %v to i128
  %p = trunc i128 %w to i32
  %r = bitcast i32 %p to float
  ret float %r
}
