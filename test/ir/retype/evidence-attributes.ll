; What front ends say about parameters: tern_pointee for all that is behind a
; pointer, rustc's enzyme_type with offsets and levels of pointers.
; RUN: %opt -load-pass-plugin=%plugin -passes=tern-retype -verify-each -S %s | FileCheck %s

; CHECK-LABEL: @pointee
; CHECK: load double, ptr %p
; CHECK: store double
; CHECK: load <2 x double>
; CHECK: call void @llvm.memcpy{{.*}} !tern.bits [[DOUBLE:![0-9]+]]
define void @pointee(ptr "tern_pointee"="double" %p, ptr %q, i64 %n) {
  %v = load i64, ptr %p
  store i64 %v, ptr %q
  %g = getelementptr i8, ptr %p, i64 16
  %w = load <2 x i64>, ptr %g
  store <2 x i64> %w, ptr %q
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 %n, i1 false)
  ret void
}

; {ptr to doubles, i64, float, float}
; CHECK-LABEL: @by_rustc
; CHECK-DAG: load ptr, ptr %p
; CHECK-DAG: load double
; CHECK-DAG: load float
; CHECK-DAG: load float
; CHECK-NOT: tern.bits
; CHECK: ret void
define void @by_rustc(ptr "enzyme_type"="{[-1]:Pointer, [-1,0]:Pointer, [-1,0,-1]:Float@double, [-1,8]:Integer, [-1,16]:Float@float, [-1,20]:Float@float}" %p, ptr %q, ptr %r) {
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 24, i1 false)
  %a = load ptr, ptr %p
  %g = getelementptr i8, ptr %a, i64 40
  %v = load i64, ptr %g
  store i64 %v, ptr %r
  ret void
}

; The same attribute on what a call takes.
; CHECK-LABEL: @by_callee
; CHECK: load float, ptr %p
define void @by_callee(ptr %p, ptr %q) {
  call void @takes_floats(ptr %p)
  %v = load i32, ptr %p
  store i32 %v, ptr %q
  ret void
}
declare void @takes_floats(ptr "tern_pointee"="float")
; CHECK: [[DOUBLE]] = !{!"double"}
