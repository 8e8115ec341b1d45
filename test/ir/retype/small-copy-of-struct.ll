; A small memcpy becomes typed loads, all of them before the stores (memmove may
; overlap). What nobody knows moves as a marked integer; padding is an integer.
; RUN: %opt -load-pass-plugin=%plugin -passes=tern-retype -verify-each -S %s | FileCheck %s

%struct.S = type { double, ptr, i32 }

; CHECK-LABEL: @declared
; CHECK-DAG: load double, ptr %p, align 8
; CHECK-DAG: load ptr, ptr {{.*}}, align 8
; CHECK-DAG: load i64, ptr {{.*}}, align 8
; CHECK: store double
; CHECK: store ptr
; CHECK: store i64
; CHECK-NOT: load
; CHECK-NOT: tern.bits
; CHECK: ret
define void @declared(ptr %p) {
  %s = alloca %struct.S
  call void @llvm.memmove.p0.p0.i64(ptr align 8 %s, ptr align 8 %p, i64 24, i1 false)
  ret void
}

; CHECK-LABEL: @half_known
; CHECK: load double, ptr %p, align 1
; CHECK-NEXT: [[G:%.*]] = getelementptr inbounds i8, ptr %p, i64 8
; CHECK-NEXT: load i64, ptr [[G]], align 1, !tern.bits [[UNKNOWN:![0-9]+]]
; CHECK: store i64 {{.*}}, !tern.bits [[UNKNOWN]]
define double @half_known(ptr %p, ptr %q) {
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 16, i1 false)
  %d = load double, ptr %q
  ret double %d
}
; CHECK: [[UNKNOWN]] = !{!"unknown"}
