; A copy of unknown length in a struct that has an array and a field of another
; kind: inside the array it is of the array's kind; from a header on nothing is
; sure, as the copy may go on into the array.
; RUN: %opt -load-pass-plugin=%plugin -passes=tern-retype -verify-each -S %s | FileCheck %s

; CHECK-LABEL: @from_header
; CHECK: memcpy{{.*}} !tern.bits [[UNKNOWN:![0-9]+]]
define double @from_header(ptr %p, ptr %q, i64 %n, i64 %i) {
  %count = load i64, ptr %p
  %sum = add i64 %count, %i
  %v = getelementptr i8, ptr %p, i64 8
  %e = getelementptr double, ptr %v, i64 %sum
  %x = load double, ptr %e
  %b = shl i64 %n, 3
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 %b, i1 false)
  ret double %x
}

; CHECK-LABEL: @inside
; CHECK: memmove{{.*}} !tern.bits [[DOUBLE:![0-9]+]]
define double @inside(ptr %p, i64 %n, i64 %i) {
  %c = getelementptr i8, ptr %p, i64 64
  %count = load i64, ptr %c
  %sum = mul i64 %count, %i
  %e = getelementptr double, ptr %p, i64 %sum
  %x = load double, ptr %e
  %b = shl i64 %n, 3
  %to = getelementptr i8, ptr %p, i64 8
  %from = getelementptr i8, ptr %p, i64 16
  call void @llvm.memmove.p0.p0.i64(ptr %to, ptr %from, i64 %b, i1 false)
  ret double %x
}

; CHECK-DAG: [[UNKNOWN]] = !{!"unknown"}
; CHECK-DAG: [[DOUBLE]] = !{!"double"}

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memmove.p0.p0.i64(ptr, ptr, i64, i1)
