; A copy of structs of which the number is only known at run time becomes a loop
; of typed moves. memmove chooses its direction; where the length may not be a
; multiple of the struct, the members that still fit follow.
; RUN: %opt -load-pass-plugin=%plugin -passes=tern-retype -verify-each -S %s | FileCheck %s

%struct.S = type { double, ptr }

; CHECK-LABEL: @whole_structs
; CHECK: [[B:%.*]] = mul i64 %n, 16
; CHECK-NEXT: [[C:%.*]] = icmp ne i64 [[B]], 0
; CHECK-NEXT: br i1 [[C]], label %[[LOOP:.*]], label %[[DONE:.*]]
; CHECK: [[LOOP]]:
; CHECK-DAG: load double
; CHECK-DAG: load ptr
; CHECK-DAG: store double
; CHECK-DAG: store ptr
; CHECK: br i1 {{.*}}, label %[[LOOP]], label %[[DONE]]
; CHECK-NOT: copy.member
; CHECK: ret void
define void @whole_structs(ptr %p, ptr %q, i64 %n) {
  %b = mul i64 %n, 16
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 %b, i1 false)
  %g = getelementptr %struct.S, ptr %q, i64 %n
  %d = load double, ptr %g
  ret void
}

; CHECK-LABEL: @any_length
; CHECK: urem i64 %b, 16
; CHECK: icmp ule ptr %q, %p
; CHECK: copy.element.down:
; CHECK: store double
; CHECK: copy.element:
; CHECK: store ptr
; CHECK: copy.member
define void @any_length(ptr %p, ptr %q, i64 %n, i64 %b) {
  call void @llvm.memmove.p0.p0.i64(ptr %q, ptr %p, i64 %b, i1 false)
  %g = getelementptr %struct.S, ptr %q, i64 %n
  %d = load double, ptr %g
  ret void
}

; A member nobody knows stays open in the loop.
; CHECK-LABEL: @half_known
; CHECK: copy.element:
; CHECK: load float
; CHECK: load i32{{.*}} !tern.bits [[UNKNOWN:![0-9]+]]
define float @half_known(ptr %p, ptr %q, i64 %n) {
  %b = mul i64 %n, 8
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 %b, i1 false)
  %g = getelementptr [8 x i8], ptr %q, i64 %n
  %d = load float, ptr %g
  ret float %d
}

; One element at a fixed place says nothing about the others.
; CHECK-LABEL: @first_only
; CHECK: call void @llvm.memcpy{{.*}} !tern.bits [[UNKNOWN]]
define double @first_only(ptr %p, ptr %q, i64 %n) {
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 %n, i1 false)
  %d = load double, ptr %q
  ret double %d
}

%struct.Big = type { [40 x double], i32, ptr, [40 x float] }
; CHECK-LABEL: @runs
; CHECK: call void @llvm.memcpy{{.*}}(ptr {{.*}}, ptr {{.*}}, i64 320, i1 false), !tern.bits [[DOUBLE:![0-9]+]]
; CHECK: load ptr
; CHECK: call void @llvm.memcpy{{.*}}, i64 160, i1 false), !tern.bits [[FLOAT:![0-9]+]]
define void @runs(ptr %p) {
  %s = alloca %struct.Big
  call void @llvm.memcpy.p0.p0.i64(ptr %s, ptr %p, i64 496, i1 false)
  ret void
}
; CHECK-DAG: [[UNKNOWN]] = !{!"unknown"}
; CHECK-DAG: [[DOUBLE]] = !{!"double"}
; CHECK-DAG: [[FLOAT]] = !{!"float"}
