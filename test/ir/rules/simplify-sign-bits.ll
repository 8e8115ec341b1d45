; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; Integer operations on the sign bit become floating-point operations.
; RUN: %opt -load-pass-plugin=%plugin -passes=tern-simplify-calls,instcombine -S %s | FileCheck %s

; CHECK-LABEL: @negate(
; CHECK: %[[R:.*]] = fneg double %x
; CHECK: ret double %[[R]]
define double @negate(double %x) {
  %b = bitcast double %x to i64
  %n = xor i64 %b, -9223372036854775808
  %r = bitcast i64 %n to double
  ret double %r
}

; CHECK-LABEL: @absolute(
; CHECK: %[[R:.*]] = call <4 x float> @llvm.fabs.v4f32(<4 x float> %x)
; CHECK: ret <4 x float> %[[R]]
define <4 x float> @absolute(<4 x float> %x) {
  %b = bitcast <4 x float> %x to <4 x i32>
  %n = and <4 x i32> %b, splat (i32 2147483647)
  %r = bitcast <4 x i32> %n to <4 x float>
  ret <4 x float> %r
}

; CHECK-LABEL: @with_sign_of(
; CHECK: %[[R:.*]] = call double @llvm.copysign.f64(double %x, double %y)
; CHECK: ret double %[[R]]
define double @with_sign_of(double %x, double %y) {
  %bx = bitcast double %x to i64
  %by = bitcast double %y to i64
  %m = and i64 %bx, 9223372036854775807
  %s = and i64 %by, -9223372036854775808
  %n = or i64 %m, %s
  %r = bitcast i64 %n to double
  ret double %r
}

; CHECK-LABEL: @sign_alone(
; CHECK: %[[R:.*]] = call double @llvm.copysign.f64(double 0.000000e+00, double %y)
; CHECK: ret double %[[R]]
define double @sign_alone(double %y) {
  %by = bitcast double %y to i64
  %s = and i64 %by, -9223372036854775808
  %r = bitcast i64 %s to double
  ret double %r
}

; CHECK-LABEL: @times_sign_of(
; CHECK: %[[S:.*]] = call double @llvm.copysign.f64(double 1.000000e+00, double %y)
; CHECK: %[[R:.*]] = fmul double %x, %[[S]]
; CHECK: ret double %[[R]]
define double @times_sign_of(double %x, double %y) {
  %bx = bitcast double %x to i64
  %by = bitcast double %y to i64
  %s = and i64 %by, -9223372036854775808
  %n = xor i64 %bx, %s
  %r = bitcast i64 %n to double
  ret double %r
}

; The sign comes from a bit of an integer.
; CHECK-LABEL: @sign_from_bit(
; CHECK: %[[N:.*]] = fneg double %x
; CHECK: %[[R:.*]] = select i1 {{.*}}, double {{.*}}, double {{.*}}
; CHECK: ret double %[[R]]
define double @sign_from_bit(double %x, i64 %q) {
  %bx = bitcast double %x to i64
  %s = shl i64 %q, 63
  %n = xor i64 %bx, %s
  %r = bitcast i64 %n to double
  ret double %r
}

; A comparison's mask keeps or clears whole lanes.
; CHECK-LABEL: @masked(
; CHECK: %[[R:.*]] = select <2 x i1> %c, <2 x double> %x, <2 x double> zeroinitializer
; CHECK: ret <2 x double> %[[R]]
define <2 x double> @masked(<2 x double> %x, <2 x i1> %c) {
  %b = bitcast <2 x double> %x to <2 x i64>
  %m = sext <2 x i1> %c to <2 x i64>
  %n = and <2 x i64> %b, %m
  %r = bitcast <2 x i64> %n to <2 x double>
  ret <2 x double> %r
}

; Two of them under opposite masks are a blend.
; CHECK-LABEL: @blended(
; CHECK: %[[R:.*]] = select <2 x i1> %c, <2 x double> %x, <2 x double> %y
; CHECK: ret <2 x double> %[[R]]
define <2 x double> @blended(<2 x double> %x, <2 x double> %y, <2 x i1> %c) {
  %bx = bitcast <2 x double> %x to <2 x i64>
  %by = bitcast <2 x double> %y to <2 x i64>
  %m = sext <2 x i1> %c to <2 x i64>
  %k = xor <2 x i64> %m, splat (i64 -1)
  %a = and <2 x i64> %bx, %m
  %b = and <2 x i64> %k, %by
  %n = or <2 x i64> %a, %b
  %r = bitcast <2 x i64> %n to <2 x double>
  ret <2 x double> %r
}

; CHECK-LABEL: @blended_with_constant(
; CHECK: %[[R:.*]] = select <2 x i1> %c, <2 x double> %x, <2 x double> splat (double 5.000000e+00)
; CHECK: ret <2 x double> %[[R]]
define <2 x double> @blended_with_constant(<2 x double> %x, <2 x i1> %c) {
  %bx = bitcast <2 x double> %x to <2 x i64>
  %m = sext <2 x i1> %c to <2 x i64>
  %a = and <2 x i64> %bx, %m
  %k = xor <2 x i64> %m, splat (i64 -1)
  %b = and <2 x i64> %k, splat (i64 4617315517961601024)
  %n = or <2 x i64> %a, %b
  %r = bitcast <2 x i64> %n to <2 x double>
  ret <2 x double> %r
}

; Other bits stay what they are: that is no floating-point operation.
; CHECK-LABEL: @exponent(
; CHECK: and i64 {{.*}}, 9218868437227405312
define i64 @exponent(double %x) {
  %b = bitcast double %x to i64
  %n = and i64 %b, 9218868437227405312
  ret i64 %n
}
