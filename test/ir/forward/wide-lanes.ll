; RUN: %tern-opt -S %s | FileCheck %s
; Eight tangents: memory that the function keeps to itself has one shadow with
; the lanes side by side; what a callee gets has a shadow per lane, and so has
; the argument.
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-pc-linux-gnu"

@enzyme_width = external global i32
%lanes = type { double, double, double, double, double, double, double, double }
declare %lanes @__enzyme_fwddiff(...)
declare noalias ptr @malloc(i64)
declare void @free(ptr)

define void @recursive(ptr nocapture %p, i64 %i) noinline {
  %c = icmp eq i64 %i, 0
  br i1 %c, label %done, label %more
more:
  store double 0.0, ptr %p
  %next = sub i64 %i, 1
  call void @recursive(ptr %p, i64 %next)
  br label %done
done:
  ret void
}

define double @f(double %x, i64 %n, i64 %i) {
  %own = call ptr @malloc(i64 %n)
  %given = call ptr @malloc(i64 %n)
  call void @recursive(ptr %given, i64 %i)
  store double %x, ptr %own
  store double %x, ptr %given
  %oi = getelementptr inbounds double, ptr %own, i64 %i
  %gi = getelementptr inbounds double, ptr %given, i64 %i
  %v = load double, ptr %oi
  %w = load double, ptr %gi
  %s = fmul double %v, %v
  store double %s, ptr %oi
  %u = load double, ptr %own
  %r = fadd double %u, %w
  call void @free(ptr %own)
  call void @free(ptr %given)
  ret double %r
}

; CHECK-LABEL: define internal { double, double, double, double, double, double, double, double } @f.jvp(
; CHECK: [[SIZE:%.*]] = {{shl|mul}} i64 %n, {{3|8}}
; CHECK: %own.shadow = call noalias ptr @aligned_alloc(i64 64, i64
; CHECK: call void @llvm.memset{{.*}}(ptr align 64 %own.shadow, i8 0
; CHECK-COUNT-8: = call ptr @calloc(i64 1, i64 %n)
; CHECK: store <8 x double> {{.*}}, ptr %own.shadow, align 64
; CHECK-COUNT-8: store double {{.*}}, ptr %given.shadow
; CHECK: %oi.shadow = getelementptr inbounds [8 x double], ptr %own.shadow, i64 %i
; CHECK: %v.tan = load <8 x double>, ptr %oi.shadow, align 64
; CHECK: %s.tan = fadd <8 x double>
; CHECK: store <8 x double> %s.tan, ptr %oi.shadow, align 64
; CHECK: call void @free(ptr %own.shadow)

define %lanes @call(i64 %n, i64 %i) {
  %d = call %lanes (...) @__enzyme_fwddiff(ptr @f, ptr @enzyme_width, i32 8, double 1.0, double 1.0, double 2.0, double 3.0, double 4.0, double 5.0, double 6.0, double 7.0, double 8.0, i64 %n, i64 %i)
  ret %lanes %d
}
