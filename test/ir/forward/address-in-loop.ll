; RUN: %tern-opt -S %s | FileCheck %s
; An address that comes round a loop has a shadow if all that it starts from
; have: nothing is tested at run time.
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-pc-linux-gnu"

@enzyme_const = external global i32
declare double @__enzyme_fwddiff(...)

define double @f(ptr %p, ptr %end) {
entry:
  br label %loop
loop:
  %q = phi ptr [ %p, %entry ], [ %next, %loop ]
  %sum = phi double [ 0.0, %entry ], [ %more, %loop ]
  %v = load double, ptr %q
  %square = fmul double %v, %v
  %more = fadd double %sum, %square
  %next = getelementptr inbounds double, ptr %q, i64 1
  %c = icmp eq ptr %next, %end
  br i1 %c, label %done, label %loop
done:
  ret double %more
}

; CHECK-LABEL: define internal { double } @f.jvp(
; CHECK-NOT: icmp eq ptr %{{.*}}, %{{.*}}.shadow
; CHECK-NOT: select
; CHECK: %v.tan = load double, ptr %q.shadow
; CHECK-NOT: select
; CHECK: ret

define double @call(ptr %p, ptr %dp, ptr %end) {
  %d = call double (...) @__enzyme_fwddiff(ptr @f, ptr %p, ptr %dp, ptr @enzyme_const, ptr %end)
  ret double %d
}
