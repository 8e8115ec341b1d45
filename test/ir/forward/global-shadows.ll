; RUN: %tern-opt -S %s | FileCheck %s
; Mutable globals have a shadow; pointers in initialisers lead to shadows;
; constants and tables of functions have none.
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-pc-linux-gnu"

@value = global double 2.0
@table = internal global [2 x ptr] [ptr @value, ptr @numbers]
@numbers = constant [2 x double] [double 1.0, double 2.0]
@functions = constant [1 x ptr] [ptr @f]

; The stand-ins are gone; the function takes the shadows, the entry makes them.
; CHECK-NOT: @{{.*}}.shadow =
; CHECK: define internal {{.*}} @f.jvp({{.*}} %value.shadow, {{.*}} %table.shadow
; CHECK: define internal {{.*}} @f.jvp.request(
; CHECK-DAG: %value.shadow = alloca double
; CHECK-DAG: %table.shadow = alloca [2 x ptr]
; CHECK: %same = icmp eq ptr {{.*}}, @value
; CHECK: select i1 %same, ptr %value.shadow, ptr null
; CHECK-NOT: numbers.shadow
; CHECK-NOT: functions.shadow

declare double @__enzyme_fwddiff(...)

define double @f(double %x, i64 %i) {
  store double %x, ptr @value
  %e = getelementptr ptr, ptr @table, i64 %i
  %p = load ptr, ptr %e
  %v = load double, ptr %p
  %n = getelementptr double, ptr @numbers, i64 %i
  %k = load double, ptr %n
  %g = getelementptr ptr, ptr @functions, i64 %i
  %h = load ptr, ptr %g
  %same = icmp eq ptr %h, @f
  %s = select i1 %same, double %v, double 0.0
  %r = fmul double %s, %k
  ret double %r
}

define double @call(i64 %i) {
  %d = call double (...) @__enzyme_fwddiff(ptr @f, double 1.0, double 1.0, i64 %i)
  ret double %d
}
