; An offset that starts at a multiple of 8 and grows by 8 is a multiple of 8,
; also where it is counted in bytes.
; RUN: %opt -load-pass-plugin=%plugin -passes=tern-retype -verify-each -S %s | FileCheck %s

; CHECK-LABEL: @filled_then_moved
; CHECK: load double
; CHECK: load double
; CHECK: store double
; CHECK-NOT: tern.bits
define double @filled_then_moved(ptr %p, ptr %q, double %x) {
entry:
  br label %loop
loop:
  %at = phi i64 [ 0, %entry ], [ %next, %loop ]
  %g = getelementptr inbounds i8, ptr %p, i64 %at
  store double %x, ptr %g
  %next = add nuw nsw i64 %at, 8
  %done = icmp eq i64 %next, 32
  br i1 %done, label %exit, label %loop
exit:
  call void @llvm.memmove.p0.p0.i64(ptr %q, ptr %p, i64 16, i1 false)
  br label %sum
sum:
  %r = phi ptr [ %q, %exit ], [ %after, %sum ]
  %total = phi double [ 0.0, %exit ], [ %more, %sum ]
  %v = load double, ptr %r
  %more = fadd double %total, %v
  %after = getelementptr i8, ptr %r, i64 8
  %end = icmp eq ptr %after, %p
  br i1 %end, label %out, label %sum
out:
  ret double %more
}

; Starting at 4 and growing by 6: a multiple of 2.
; CHECK-LABEL: @odd_steps
; CHECK: memmove{{.*}} !tern.bits [[UNKNOWN:![0-9]+]]
define double @odd_steps(ptr %p, ptr %q, double %x) {
entry:
  br label %loop
loop:
  %at = phi i64 [ 4, %entry ], [ %next, %loop ]
  %g = getelementptr inbounds i8, ptr %p, i64 %at
  store double %x, ptr %g
  %next = add nuw nsw i64 %at, 6
  %done = icmp eq i64 %next, 34
  br i1 %done, label %exit, label %loop
exit:
  call void @llvm.memmove.p0.p0.i64(ptr %q, ptr %p, i64 32, i1 false)
  %v = load double, ptr %q
  ret double %v
}
; CHECK: [[UNKNOWN]] = !{!"unknown"}
