; Memory that holds a number at one time and a pointer at another is open; a
; copy whose tags name its members is not.
; RUN: %opt -load-pass-plugin=%plugin -passes=tern-retype -verify-each -S %s | FileCheck %s

; CHECK-LABEL: @manager
; CHECK: load double, ptr %source
; CHECK: load i64
; CHECK: store double {{.*}}, ptr %dest
define void @manager(ptr %dest, ptr %source, i1 %clone) {
  br i1 %clone, label %copy, label %ask
copy:
  call void @llvm.memcpy.p0.p0.i64(ptr %dest, ptr %source, i64 16, i1 false), !tbaa.struct !0
  ret void
ask:
  store ptr %source, ptr %dest
  ret void
}

; CHECK-LABEL: @without_tags
; CHECK: memcpy{{.*}} !tern.bits [[UNKNOWN:![0-9]+]]
define double @without_tags(ptr %dest, ptr %source, i1 %clone) {
  br i1 %clone, label %copy, label %ask
copy:
  call void @llvm.memcpy.p0.p0.i64(ptr %dest, ptr %source, i64 8, i1 false)
  %d = load double, ptr %source
  ret double %d
ask:
  store ptr %source, ptr %dest
  ret double 0.0
}
; CHECK: [[UNKNOWN]] = !{!"unknown"}
!0 = !{i64 0, i64 8, !1, i64 8, i64 8, !3}
!1 = !{!2, !2, i64 0}
!2 = !{!"double", !5}
!3 = !{!4, !4, i64 0}
!4 = !{!"long", !5}
!5 = !{!"omnipotent char", !6}
!6 = !{!"Simple C++ TBAA"}
