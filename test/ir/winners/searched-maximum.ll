; A maximum that may be vectorised stays as it is; which entry it was is searched
; for afterwards. On a tie maxnum(entry, most) gives it to the last entry,
; maxnum(most, entry) to the first, and to the start if that is equal.
; RUN: %tern-opt -S %s | FileCheck %s
;
; CHECK-LABEL: define internal { double } @last.grad(
; CHECK-NOT:   tape
; CHECK:       search:
; CHECK:       %[[SO_FAR:.*]] = phi i64 [ -1, %loop ], [ %[[BEST:.*]], %search ]
; CHECK:       %equal = fcmp oeq double %{{.*}}, %most.next
; CHECK:       %[[HERE:.*]] = select i1 %equal, i64 %{{.*}}, i64 -1
; CHECK:       %[[BEST]] = call i64 @llvm.smax.i64(i64 %[[SO_FAR]], i64 %[[HERE]])
; CHECK:       getelementptr double, ptr %x.shadow, i64 %[[BEST]]
; CHECK:       icmp slt i64 %[[BEST]], 0
;
; CHECK-LABEL: define internal { double } @first.grad(
; CHECK:       search:
; CHECK:       %[[BEST:.*]] = call i64 @llvm.smin.i64(
; CHECK:       fcmp oeq double %start, %most.next
; CHECK:       icmp eq i64 %[[BEST]], 9223372036854775807

define double @last(double %start, ptr noalias %x, i64 %n) {
entry:
  br label %loop

loop:
  %i = phi i64 [ 0, %entry ], [ %i.next, %loop ]
  %most = phi double [ %start, %entry ], [ %most.next, %loop ]
  %at = getelementptr double, ptr %x, i64 %i
  %v = load double, ptr %at
  %most.next = call nnan nsz double @llvm.maxnum.f64(double %v, double %most)
  %i.next = add nuw i64 %i, 1
  %again = icmp ult i64 %i.next, %n
  br i1 %again, label %loop, label %exit

exit:
  ret double %most.next
}

define double @first(double %start, ptr noalias %x, i64 %n) {
entry:
  br label %loop

loop:
  %i = phi i64 [ 0, %entry ], [ %i.next, %loop ]
  %most = phi double [ %start, %entry ], [ %most.next, %loop ]
  %at = getelementptr double, ptr %x, i64 %i
  %v = load double, ptr %at
  %most.next = call nnan nsz double @llvm.maxnum.f64(double %most, double %v)
  %i.next = add nuw i64 %i, 1
  %again = icmp ult i64 %i.next, %n
  br i1 %again, label %loop, label %exit

exit:
  ret double %most.next
}

declare double @llvm.maxnum.f64(double, double)
declare double @__enzyme_autodiff(...)
@enzyme_dup = external global i32
@enzyme_const = external global i32

define double @gradients(double %start, ptr %x, ptr %dx, i64 %n) {
  %dup = load i32, ptr @enzyme_dup
  %const = load i32, ptr @enzyme_const
  %a = call double (...) @__enzyme_autodiff(ptr @last, double %start, i32 %dup, ptr %x, ptr %dx, i32 %const, i64 %n)
  %b = call double (...) @__enzyme_autodiff(ptr @first, double %start, i32 %dup, ptr %x, ptr %dx, i32 %const, i64 %n)
  %c = fadd double %a, %b
  ret double %c
}
