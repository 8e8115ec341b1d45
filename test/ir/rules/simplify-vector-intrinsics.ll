; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; Intrinsics of one processor are written in generic instructions.
; RUN: %opt -load-pass-plugin=%plugin -passes=tern-simplify-calls -S %s | FileCheck %s

; CHECK-LABEL: @least(
; CHECK: %[[C:.*]] = fcmp olt <2 x double> %x, %y
; CHECK: %[[R:.*]] = select <2 x i1> %[[C]], <2 x double> %x, <2 x double> %y
; CHECK: ret <2 x double> %[[R]]
define <2 x double> @least(<2 x double> %x, <2 x double> %y) {
  %r = call <2 x double> @llvm.x86.sse2.min.pd(<2 x double> %x, <2 x double> %y)
  ret <2 x double> %r
}

; CHECK-LABEL: @greatest_first(
; CHECK: %[[X:.*]] = extractelement <4 x float> %x, i64 0
; CHECK: %[[Y:.*]] = extractelement <4 x float> %y, i64 0
; CHECK: fcmp ogt float %[[X]], %[[Y]]
; CHECK: insertelement <4 x float> %x, float {{.*}}, i64 0
define <4 x float> @greatest_first(<4 x float> %x, <4 x float> %y) {
  %r = call <4 x float> @llvm.x86.sse.max.ss(<4 x float> %x, <4 x float> %y)
  ret <4 x float> %r
}

; CHECK-LABEL: @blend(
; CHECK: %[[M:.*]] = bitcast <2 x double> %m to <2 x i64>
; CHECK: %[[C:.*]] = icmp slt <2 x i64> %[[M]], zeroinitializer
; CHECK: select <2 x i1> %[[C]], <2 x double> %y, <2 x double> %x
define <2 x double> @blend(<2 x double> %x, <2 x double> %y, <2 x double> %m) {
  %r = call <2 x double> @llvm.x86.sse41.blendvpd(<2 x double> %x, <2 x double> %y, <2 x double> %m)
  ret <2 x double> %r
}

; CHECK-LABEL: @rounded(
; CHECK: call <2 x double> @llvm.floor.v2f64(<2 x double> %x)
; CHECK: call <2 x double> @llvm.roundeven.v2f64(<2 x double> %x)
; CHECK: call <2 x double> @llvm.nearbyint.v2f64(<2 x double> %x)
define <2 x double> @rounded(<2 x double> %x) {
  %a = call <2 x double> @llvm.x86.sse41.round.pd(<2 x double> %x, i32 9)
  %b = call <2 x double> @llvm.x86.sse41.round.pd(<2 x double> %x, i32 8)
  %c = call <2 x double> @llvm.x86.sse41.round.pd(<2 x double> %x, i32 12)
  %ab = fadd <2 x double> %a, %b
  %r = fadd <2 x double> %ab, %c
  ret <2 x double> %r
}

; CHECK-LABEL: @pairs(
; CHECK: %[[E:.*]] = shufflevector <4 x double> %x, <4 x double> %y, <4 x i32> <i32 0, i32 4, i32 2, i32 6>
; CHECK: %[[O:.*]] = shufflevector <4 x double> %x, <4 x double> %y, <4 x i32> <i32 1, i32 5, i32 3, i32 7>
; CHECK: fadd <4 x double> %[[E]], %[[O]]
define <4 x double> @pairs(<4 x double> %x, <4 x double> %y) {
  %r = call <4 x double> @llvm.x86.avx.hadd.pd.256(<4 x double> %x, <4 x double> %y)
  ret <4 x double> %r
}

; CHECK-LABEL: @alternate(
; CHECK: %[[S:.*]] = fsub <2 x double> %x, %y
; CHECK: %[[A:.*]] = fadd <2 x double> %x, %y
; CHECK: shufflevector <2 x double> %[[S]], <2 x double> %[[A]], <2 x i32> <i32 0, i32 3>
define <2 x double> @alternate(<2 x double> %x, <2 x double> %y) {
  %r = call <2 x double> @llvm.x86.sse3.addsub.pd(<2 x double> %x, <2 x double> %y)
  ret <2 x double> %r
}
