; The smallest of n roots: one iteration receives an adjoint, the last that won.
; Its number is carried along, and its root, which is not computed again. Nothing
; goes to the tape, and the reverse sweep has no loop.
; RUN: %tern-opt -S %s | FileCheck %s
;
; CHECK-LABEL: define internal void @smallest.grad(
; CHECK-NOT:   tape
; CHECK:       loop:
; CHECK:       %[[KEPT:.*]] = phi double [ undef, %entry ], [ %[[ROOT:.*]], %loop ]
; CHECK:       %winner = phi i64 [ -1, %entry ], [ %winner.next, %loop ]
; CHECK:       %winner.next = select i1 %wins, i64 %iter, i64 %winner
; CHECK:       %[[ROOT]] = select i1 %wins, double %d, double %[[KEPT]]
; CHECK:       br i1 %again, label %loop, label %exit.back
; CHECK:       loop.rev:
; CHECK:       getelementptr double, ptr %x.shadow, i64 %winner.next
; CHECK:       fdiv double %{{.*}}, %[[ROOT]]
; CHECK:       br label %entry.rev
; CHECK:       exit.back:
; CHECK:       %[[NONE:.*]] = icmp slt i64 %winner.next, 0
; CHECK:       br i1 %[[NONE]], label %entry.rev, label %loop.rev

define double @smallest(ptr noalias %x, i64 %n) {
entry:
  br label %loop

loop:
  %i = phi i64 [ 0, %entry ], [ %i.next, %loop ]
  %least = phi double [ 1.0e+300, %entry ], [ %least.next, %loop ]
  %at = getelementptr double, ptr %x, i64 %i
  %v = load double, ptr %at
  %d = call double @llvm.sqrt.f64(double %v)
  %wins = fcmp olt double %d, %least
  %least.next = select i1 %wins, double %d, double %least
  %i.next = add nuw i64 %i, 1
  %again = icmp ult i64 %i.next, %n
  br i1 %again, label %loop, label %exit

exit:
  ret double %least.next
}

declare double @llvm.sqrt.f64(double)
declare void @__enzyme_autodiff(...)
@enzyme_dup = external global i32
@enzyme_const = external global i32

define void @gradient(ptr %x, ptr %dx, i64 %n) {
  %dup = load i32, ptr @enzyme_dup
  %const = load i32, ptr @enzyme_const
  call void (...) @__enzyme_autodiff(ptr @smallest, i32 %dup, ptr %x, ptr %dx, i32 %const, i64 %n)
  ret void
}
