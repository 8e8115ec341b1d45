; A choice between two members is no array: what the other members point to
; stays apart from the node.
; RUN: %opt -load-pass-plugin=%plugin -passes=tern-retype -verify-each -S %s | FileCheck %s

; CHECK-LABEL: @left_or_right
; CHECK: memcpy{{.*}} !tern.bits [[DOUBLE:![0-9]+]]
define double @left_or_right(ptr %start, double %key, ptr %out, i64 %n) {
entry:
  br label %loop
loop:
  %node = phi ptr [ %start, %entry ], [ %next, %loop ]
  %k = load double, ptr %node
  %less = fcmp olt double %key, %k
  %o = select i1 %less, i64 8, i64 16
  %g = getelementptr i8, ptr %node, i64 %o
  %next = load ptr, ptr %g
  %end = icmp eq ptr %next, null
  br i1 %end, label %exit, label %loop
exit:
  %list = getelementptr i8, ptr %node, i64 24
  %data = load ptr, ptr %list
  %e = getelementptr double, ptr %data, i64 %n
  %last = load double, ptr %e
  %bytes = shl i64 %n, 3
  call void @llvm.memcpy.p0.p0.i64(ptr %out, ptr %data, i64 %bytes, i1 false)
  ret double %last
}

; CHECK-LABEL: @through_select
; CHECK: memcpy{{.*}} !tern.bits [[DOUBLE]]
define double @through_select(ptr %start, i1 %c, ptr %out, i64 %n) {
entry:
  br label %loop
loop:
  %node = phi ptr [ %start, %entry ], [ %next, %loop ]
  %l = getelementptr i8, ptr %node, i64 8
  %r = getelementptr i8, ptr %node, i64 16
  %g = select i1 %c, ptr %l, ptr %r
  %next = load ptr, ptr %g
  %end = icmp eq ptr %next, null
  br i1 %end, label %exit, label %loop
exit:
  %k = load double, ptr %node
  %list = getelementptr i8, ptr %node, i64 24
  %data = load ptr, ptr %list
  %e = getelementptr double, ptr %data, i64 %n
  %last = load double, ptr %e
  %bytes = shl i64 %n, 3
  call void @llvm.memcpy.p0.p0.i64(ptr %out, ptr %data, i64 %bytes, i1 false)
  ret double %last
}
; CHECK: [[DOUBLE]] = !{!"double"}
