; RUN: %tern-opt -S %s | FileCheck %s
; An invoke of a visible function becomes an invoke of its derivative.
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-pc-linux-gnu"

declare double @__enzyme_fwddiff(...)
declare void @may_throw(i32)
declare void @cleanup() nounwind
declare i32 @__gxx_personality_v0(...)

define double @g(double %x, i32 %n) {
  %stop = icmp eq i32 %n, 0
  br i1 %stop, label %done, label %more
more:
  %m = sub i32 %n, 1
  call void @may_throw(i32 %m)
  %r = call double @g(double %x, i32 %m)
  %s = fmul double %r, %x
  ret double %s
done:
  ret double %x
}

define double @f(double %x, i32 %n) personality ptr @__gxx_personality_v0 {
  %r = invoke double @g(double %x, i32 %n) to label %next unwind label %pad
next:
  %s = phi double [ %r, %0 ]
  ret double %s
pad:
  %l = landingpad { ptr, i32 } cleanup
  call void @cleanup()
  resume { ptr, i32 } %l
}

; CHECK-LABEL: define internal { double } @f.jvp(
; CHECK: invoke { double, double } @g.jvp(double %x, double %x.tan, i32 %n)
; CHECK: unwind label %pad
; CHECK: resume
; CHECK-LABEL: define internal { double, double } @g.jvp(double %x, double %x.tan, i32 %n)
; CHECK: call { double, double } @g.jvp(double %x, double %x.tan, i32

define double @call(i32 %n) {
  %d = call double (...) @__enzyme_fwddiff(ptr @f, double 1.0, double 1.0, i32 %n)
  ret double %d
}
