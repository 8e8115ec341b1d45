; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; Library calls that return through pointers or do several things at once are
; said in terms of calls that have a rule.
; RUN: %opt -load-pass-plugin=%plugin -passes=tern-simplify-calls -S %s | FileCheck %s
target triple = "x86_64-pc-linux-gnu"

declare void @sincos(double, ptr, ptr)
declare float @modff(float, ptr)
declare double @frexp(double, ptr)
declare double @lgamma_r(double, ptr)
declare float @remquof(float, float, ptr)
declare ptr @realloc(ptr, i64)
declare ptr @_RNvCsabc_7___rustc14___rust_realloc(ptr, i64, i64, i64)
declare i32 @posix_memalign(ptr, i64, i64)
declare ptr @__memcpy_chk(ptr, ptr, i64, i64)
declare ptr @__memmove_chk(ptr, ptr, i64, i64)
declare ptr @__memset_chk(ptr, i32, i64, i64)
declare ptr @mempcpy(ptr, ptr, i64)

; CHECK-LABEL: @sincos_out(
; CHECK: %[[S:.*]] = call double @llvm.sin.f64(double %x)
; CHECK: %[[C:.*]] = call double @llvm.cos.f64(double %x)
; CHECK: store double %[[S]], ptr %s
; CHECK: store double %[[C]], ptr %c
; CHECK-NOT: @sincos
define void @sincos_out(double %x, ptr %s, ptr %c) {
  call void @sincos(double %x, ptr %s, ptr %c)
  ret void
}

; CHECK-LABEL: @modf_out(
; CHECK: %[[B:.*]] = call nnan { float, float } @llvm.modf.f32(float %x)
; CHECK: %[[I:.*]] = extractvalue { float, float } %[[B]], 1
; CHECK: store float %[[I]], ptr %p
; CHECK: %[[F:.*]] = extractvalue { float, float } %[[B]], 0
; CHECK: ret float %[[F]]
define float @modf_out(float %x, ptr %p) {
  %r = call nnan float @modff(float %x, ptr %p)
  ret float %r
}

; CHECK-LABEL: @frexp_out(
; CHECK: call { double, i32 } @llvm.frexp.f64.i32(double %x)
; CHECK: store i32 {{.*}}, ptr %p
define double @frexp_out(double %x, ptr %p) {
  %r = call double @frexp(double %x, ptr %p)
  ret double %r
}

; CHECK-LABEL: @lgamma_sign(
; CHECK: %[[R:.*]] = call double @lgamma(double %x)
; CHECK: call double @lgamma_r(double %x, ptr %p) #[[INACTIVE:[0-9]+]]
; CHECK: ret double %[[R]]
define double @lgamma_sign(double %x, ptr %p) {
  %r = call double @lgamma_r(double %x, ptr %p)
  ret double %r
}

; CHECK-LABEL: @remquo_out(
; CHECK: %[[R:.*]] = call float @remainderf(float %x, float %y)
; CHECK: call float @remquof(float %x, float %y, ptr %p) #[[INACTIVE]]
; CHECK: ret float %[[R]]
define float @remquo_out(float %x, float %y, ptr %p) {
  %r = call float @remquof(float %x, float %y, ptr %p)
  ret float %r
}

; CHECK-LABEL: @grow(
; CHECK: %[[Q:.*]] = call ptr @malloc(i64 %n)
; CHECK: %[[H:.*]] = call i64 @malloc_usable_size(ptr %p)
; CHECK: %[[N:.*]] = call i64 @llvm.umin.i64(i64 %[[H]], i64 %n)
; CHECK: call void @llvm.memcpy.p0.p0.i64(ptr align 16 %[[Q]], ptr align 1 %p, i64 %[[N]], i1 false)
; CHECK: call void @free(ptr %p)
; CHECK: ret ptr %[[Q]]
define ptr @grow(ptr %p, i64 %n) {
  %q = call ptr @realloc(ptr %p, i64 %n)
  ret ptr %q
}

; CHECK-LABEL: @grow_rust(
; CHECK: %[[Q:.*]] = call ptr @_RNvCsabc_7___rustc12___rust_alloc(i64 %n, i64 8)
; CHECK: call void @llvm.memcpy
; CHECK: call void @_RNvCsabc_7___rustc14___rust_dealloc(ptr %p, i64 %o, i64 8)
; CHECK: ret ptr %[[Q]]
define ptr @grow_rust(ptr %p, i64 %o, i64 %n) {
  %q = call ptr @_RNvCsabc_7___rustc14___rust_realloc(ptr %p, i64 %o, i64 8, i64 %n)
  ret ptr %q
}

; CHECK-LABEL: @aligned(
; CHECK: %[[Q:.*]] = call ptr @aligned_alloc(i64 64, i64 %n)
; CHECK: store ptr %[[Q]], ptr %p
; CHECK: icmp eq ptr %[[Q]], null
define i32 @aligned(ptr %p, i64 %n) {
  %r = call i32 @posix_memalign(ptr %p, i64 64, i64 %n)
  ret i32 %r
}

; CHECK-LABEL: @blocks(
; CHECK: call void @llvm.memcpy.p0.p0.i64(ptr align 1 %a, ptr align 1 %b, i64 %n, i1 false)
; CHECK: call void @llvm.memmove.p0.p0.i64(ptr align 1 %a, ptr align 1 %b, i64 %n, i1 false)
; CHECK: call void @llvm.memset.p0.i64(ptr align 1 %a, i8 0, i64 %n, i1 false)
; CHECK: call void @llvm.memcpy.p0.p0.i64(ptr align 1 %a, ptr align 1 %b, i64 %n, i1 false)
; CHECK: %[[E:.*]] = getelementptr i8, ptr %a, i64 %n
; CHECK: ret ptr %[[E]]
define ptr @blocks(ptr %a, ptr %b, i64 %n) {
  %1 = call ptr @__memcpy_chk(ptr %a, ptr %b, i64 %n, i64 -1)
  %2 = call ptr @__memmove_chk(ptr %a, ptr %b, i64 %n, i64 -1)
  %3 = call ptr @__memset_chk(ptr %a, i32 0, i64 %n, i64 -1)
  %4 = call ptr @mempcpy(ptr %a, ptr %b, i64 %n)
  ret ptr %4
}

; CHECK-LABEL: @product_of_lanes(
; CHECK: %[[A:.*]] = extractelement <2 x double> %v, i64 0
; CHECK: %[[P:.*]] = fmul nnan double %s, %[[A]]
; CHECK: %[[B:.*]] = extractelement <2 x double> %v, i64 1
; CHECK: fmul nnan double %[[P]], %[[B]]
define double @product_of_lanes(double %s, <2 x double> %v) {
  %r = call nnan double @llvm.vector.reduce.fmul.v2f64(double %s, <2 x double> %v)
  ret double %r
}

; CHECK-LABEL: @greatest_lane(
; CHECK: %[[A:.*]] = extractelement <2 x double> %v, i64 0
; CHECK: %[[B:.*]] = extractelement <2 x double> %v, i64 1
; CHECK: call double @llvm.maxnum.f64(double %[[A]], double %[[B]])
define double @greatest_lane(<2 x double> %v) {
  %r = call double @llvm.vector.reduce.fmax.v2f64(<2 x double> %v)
  ret double %r
}

; CHECK-LABEL: @fortran_modulo(
; CHECK: %[[M:.*]] = frem double %x, %y
; CHECK: %[[A:.*]] = fadd double %[[M]], %y
; CHECK: %[[R:.*]] = select i1 {{.*}}, double %[[A]], double %[[M]]
; CHECK: ret double %[[R]]
declare double @_FortranAModuloReal8(double, double, ptr, i32)
define double @fortran_modulo(double %x, double %y) {
  %r = call double @_FortranAModuloReal8(double %x, double %y, ptr null, i32 3)
  ret double %r
}

; CHECK: attributes #[[INACTIVE]] = { "tern_inactive" }
