; RUN: %tern-opt -S %s | FileCheck %s
; Heap memory that may hold active values has a shadow from the same kind of
; allocation, zero on start and released with the primal; the rest has none.
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-pc-linux-gnu"

declare double @__enzyme_fwddiff(...)
declare noalias ptr @malloc(i64)
declare void @free(ptr)
declare noalias nonnull ptr @_Znwm(i64)
declare void @_ZdlPvm(ptr, i64)
declare void @use(i32)

define double @f(double %x, i64 %n, i64 %i) {
  %a = call ptr @malloc(i64 %n)
  %b = call ptr @_Znwm(i64 %n)
  %k = call ptr @malloc(i64 %n)
  store double 3.0, ptr %k
  store double %x, ptr %a
  %ai = getelementptr double, ptr %a, i64 %i
  %bi = getelementptr double, ptr %b, i64 %i
  %v = load double, ptr %ai
  store double %v, ptr %b
  %w = load double, ptr %bi
  %ki = getelementptr double, ptr %k, i64 %i
  %c = load double, ptr %ki
  %r = fmul double %w, %c
  call void @free(ptr %a)
  call void @_ZdlPvm(ptr %b, i64 %n)
  call void @free(ptr %k)
  ret double %r
}

; CHECK-LABEL: define internal { double } @f.jvp(
; CHECK: %a = call ptr @malloc(i64 %n)
; CHECK: %a.shadow = call ptr @calloc(i64 1, i64 %n)
; CHECK: %b = call ptr @_Znwm(i64 %n)
; CHECK: %b.shadow = call ptr @_Znwm(i64 %n)
; CHECK: call void @llvm.memset{{.*}}(ptr{{.*}} %b.shadow, i8 0, i64 %n
; CHECK: %k = call ptr @malloc(i64 %n)
; CHECK-NOT: %k.shadow
; CHECK: call void @free(ptr{{.*}} %a)
; CHECK: call void @free(ptr{{.*}} %a.shadow)
; CHECK: call void @_ZdlPvm(ptr{{.*}} %b, i64 %n)
; CHECK: call void @_ZdlPvm(ptr{{.*}} %b.shadow, i64 %n)
; CHECK: call void @free(ptr{{.*}} %k)
; CHECK-NEXT: insertvalue

define double @call(i64 %n, i64 %i) {
  %d = call double (...) @__enzyme_fwddiff(ptr @f, double 1.0, double 1.0, i64 %n, i64 %i)
  ret double %d
}
