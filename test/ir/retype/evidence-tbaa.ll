; TBAA says what the program meant: tags of accesses, the struct that a tag says
; the access lies in, and !tbaa.struct of a copy.
; RUN: %opt -load-pass-plugin=%plugin -passes=tern-retype -verify-each -S %s | FileCheck %s

; CHECK-LABEL: @access_tag
; CHECK: [[V:%.*]] = load double, ptr %p
; CHECK-NEXT: store double [[V]], ptr %q
; CHECK: [[W:%.*]] = load ptr, ptr %r
; CHECK-NEXT: store ptr [[W]], ptr %s
; CHECK: load i64, ptr %t
; CHECK-NOT: tern.bits
; CHECK: ret
define void @access_tag(ptr %p, ptr %q, ptr %r, ptr %s, ptr %t, ptr %u) {
  %v = load i64, ptr %p, !tbaa !10
  store i64 %v, ptr %q, !tbaa !10
  %w = load i64, ptr %r, !tbaa !11
  store i64 %w, ptr %s
  %x = load i64, ptr %t, !tbaa !12
  store i64 %x, ptr %u
  ret void
}

; An access to one member tells of the others: {double, long, int*}.
; CHECK-LABEL: @enclosing_struct
; CHECK-DAG: load double, ptr %p
; CHECK-DAG: load i64
; CHECK-DAG: load ptr
; CHECK: store double
; CHECK-NOT: memcpy
; CHECK: ret
define i64 @enclosing_struct(ptr %p, ptr %q) {
  %g = getelementptr i8, ptr %p, i64 8
  %n = load i64, ptr %g, !tbaa !13
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 24, i1 false)
  ret i64 %n
}

; CHECK-LABEL: @copy_tags
; CHECK: load float, ptr %p
; CHECK: load float
; CHECK: load float
; CHECK: load ptr
; CHECK-NOT: tern.bits
; CHECK: ret
define void @copy_tags(ptr %p, ptr %q) {
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 24, i1 false), !tbaa.struct !14
  ret void
}

!0 = !{!"Simple C++ TBAA"}
!1 = !{!"omnipotent char", !0, i64 0}
!2 = !{!"double", !1, i64 0}
!3 = !{!"any pointer", !1, i64 0}
!4 = !{!"p1 int", !3, i64 0}
!5 = !{!"long", !1, i64 0}
!6 = !{!"_ZTS1S", !2, i64 0, !5, i64 8, !4, i64 16}
!7 = !{!"float", !1, i64 0}
!10 = !{!2, !2, i64 0}
!11 = !{!4, !4, i64 0}
!12 = !{!5, !5, i64 0}
!13 = !{!6, !5, i64 8}
!14 = !{i64 0, i64 12, !15, i64 12, i64 4, !17, i64 16, i64 8, !16}
!15 = !{!7, !7, i64 0}
!16 = !{!3, !3, i64 0}
!17 = !{!5, !5, i64 0}
