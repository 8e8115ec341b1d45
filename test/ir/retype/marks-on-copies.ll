; A copy that stays is marked with the kind of all its bytes.
; RUN: opt -load-pass-plugin=%plugin -passes=tern-retype -verify-each -S %s | FileCheck %s

; CHECK-LABEL: @doubles
; CHECK: call void @llvm.memcpy{{.*}} !tern.bits [[DOUBLE:![0-9]+]]
; CHECK: call void @llvm.memset{{.*}} !tern.bits [[DOUBLE]]
define double @doubles(ptr %p, ptr %q, i64 %n) {
  %b = mul i64 %n, 8
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 %b, i1 false)
  %g = getelementptr double, ptr %q, i64 %n
  %d = load double, ptr %g
  call void @llvm.memset.p0.i64(ptr %p, i8 0, i64 %b, i1 false)
  ret double %d
}

; CHECK-LABEL: @nobody_knows
; CHECK: load i64, {{.*}} !tern.bits [[UNKNOWN:![0-9]+]]
; CHECK: store i64 {{.*}} !tern.bits [[UNKNOWN]]
; CHECK: call void @llvm.memcpy{{.*}} !tern.bits [[UNKNOWN]]
define void @nobody_knows(ptr %p, ptr %q, ptr %r, ptr %s) {
  %v = load i64, ptr %p
  store i64 %v, ptr %q
  call void @llvm.memcpy.p0.p0.i64(ptr %r, ptr %s, i64 24, i1 false)
  ret void
}

; CHECK-LABEL: @integers
; CHECK: call void @llvm.memcpy{{.*}} !tern.bits [[INTEGER:![0-9]+]]
define i32 @integers(ptr %p, ptr %q, i64 %n) {
  %b = shl i64 %n, 2
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 %b, i1 false)
  %g = getelementptr i32, ptr %q, i64 %n
  %i = load i32, ptr %g
  %j = mul i32 %i, 3
  ret i32 %j
}
; CHECK-DAG: [[DOUBLE]] = !{!"double"}
; CHECK-DAG: [[UNKNOWN]] = !{!"unknown"}
; CHECK-DAG: [[INTEGER]] = !{!"integer"}
