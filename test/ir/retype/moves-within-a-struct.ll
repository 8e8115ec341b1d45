; Elements are moved within an array of unknown length; the count behind it is
; no element, however often the move is looked at.
; RUN: %opt -load-pass-plugin=%plugin -passes=tern-retype -verify-each -S %s | FileCheck %s

; CHECK-LABEL: @erase
; CHECK: load i64, ptr %c
; CHECK: memmove{{.*}} !tern.bits [[DOUBLE:![0-9]+]]
; CHECK: store i64
define double @erase(ptr %s, i64 %i) {
  %c = getelementptr i8, ptr %s, i64 64
  %count = load i64, ptr %c
  %from = getelementptr i8, ptr %s, i64 8
  %bytes = shl i64 %count, 3
  call void @llvm.memmove.p0.p0.i64(ptr %s, ptr %from, i64 %bytes, i1 false)
  %less = sub i64 %count, 1
  store i64 %less, ptr %c
  %g = getelementptr double, ptr %s, i64 %i
  %d = load double, ptr %g
  ret double %d
}
; CHECK: [[DOUBLE]] = !{!"double"}
