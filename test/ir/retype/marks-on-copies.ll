; A copy that stays is marked with the kind of all its bytes.
; RUN: %opt -load-pass-plugin=%plugin -passes=tern-retype -verify-each -S %s | FileCheck %s

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

%struct.S = type { double, ptr, i64 }
; Zeros of several kinds are stored one by one, like copies.
; CHECK-LABEL: @zeros
; CHECK: store double 0.000000e+00, ptr %s
; CHECK: store ptr null
; CHECK: store i64 0
; CHECK: copy.element
; CHECK: store double 0.000000e+00
; CHECK: store ptr null
; CHECK: store i64 0
; CHECK: call void @llvm.memset{{.*}}, i8 -1, i64 24, i1 false), !tern.bits [[MIXED:![0-9]+]]
define void @zeros(ptr %p, i64 %n) {
  %s = alloca %struct.S
  call void @llvm.memset.p0.i64(ptr %s, i8 0, i64 24, i1 false)
  %g = getelementptr %struct.S, ptr %p, i64 %n
  store double 1.0, ptr %g
  %b = mul i64 %n, 24
  call void @llvm.memset.p0.i64(ptr %p, i8 0, i64 %b, i1 false)
  call void @llvm.memset.p0.i64(ptr %s, i8 255, i64 24, i1 false)
  ret void
}
; CHECK-DAG: [[MIXED]] = !{!"mixed"}
; CHECK-DAG: [[DOUBLE]] = !{!"double"}
; CHECK-DAG: [[UNKNOWN]] = !{!"unknown"}
; CHECK-DAG: [[INTEGER]] = !{!"integer"}
