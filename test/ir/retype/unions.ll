; A union of double and i64: moves take the double's type, arithmetic on the
; integer member sees its bits through a cast at the border. Two kinds of
; numbers, or a number and a pointer, in one place stay open.
; RUN: %opt -load-pass-plugin=%plugin -passes=tern-retype -verify-each -S %s | FileCheck %s

%union.U = type { double }

; CHECK-LABEL: @moves_only
; CHECK: load double, ptr %p
; CHECK-NEXT: store double
; CHECK-NOT: i64
; CHECK: ret
define double @moves_only(ptr %p, ptr %q) {
  %v = load i64, ptr %p
  store i64 %v, ptr %q
  %d = load double, ptr %q
  ret double %d
}

; CHECK-LABEL: @computed_on
; CHECK: [[V:%.*]] = load double, ptr %p
; CHECK-NEXT: [[B:%.*]] = bitcast double [[V]] to i64
; CHECK-NEXT: add i64 [[B]], 1
; CHECK: store double
define double @computed_on(ptr %p) {
  %v = load i64, ptr %p
  %w = add i64 %v, 1
  store i64 %w, ptr %p
  %d = load double, ptr %p
  ret double %d
}

; CHECK-LABEL: @double_and_pointer
; CHECK: load i64, ptr %p, {{.*}}!tern.bits [[UNKNOWN:![0-9]+]]
; CHECK: store i64 {{.*}}!tern.bits [[UNKNOWN]]
; CHECK: memcpy{{.*}}!tern.bits [[UNKNOWN]]
define double @double_and_pointer(ptr %p, ptr %q) {
  %v = load i64, ptr %p
  store i64 %v, ptr %q
  %d = load double, ptr %q
  %r = load ptr, ptr %q
  %e = load double, ptr %r
  %f = fadd double %d, %e
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 8, i1 false)
  ret double %f
}

; A union declares only one of its members, that is no evidence.
; CHECK-LABEL: @declared
; CHECK: load i64, ptr %p, {{.*}}!tern.bits [[UNKNOWN]]
define void @declared(ptr %p) {
  %u = alloca %union.U
  %v = load i64, ptr %p
  store i64 %v, ptr %u
  ret void
}

; Bits that become a number again after integer arithmetic were no integer.
; CHECK-LABEL: @through_arithmetic
; CHECK: load i64, ptr %p, {{.*}}!tern.bits [[UNKNOWN]]
define double @through_arithmetic(ptr %p) {
  %v = load i64, ptr %p
  %w = add i64 %v, 4503599627370496
  %d = bitcast i64 %w to double
  ret double %d
}

; Single bytes of a double.
; CHECK-LABEL: @bytes
; CHECK: load i8, ptr %p, {{.*}}!tern.bits [[UNKNOWN]]
define double @bytes(ptr %p) {
  %v = load i8, ptr %p
  store i8 %v, ptr %p
  %d = load double, ptr %p
  ret double %d
}

; A loop over i64 that copies structs of a double and a pointer.
; CHECK-LABEL: @wordwise
; CHECK: load i64, ptr {{.*}}!tern.bits [[UNKNOWN]]
define double @wordwise(ptr %p, ptr %q, i64 %i) {
  %a = getelementptr i64, ptr %p, i64 %i
  %v = load i64, ptr %a
  %b = getelementptr i64, ptr %q, i64 %i
  store i64 %v, ptr %b
  %d = load double, ptr %q
  %n = getelementptr i8, ptr %q, i64 8
  %r = load ptr, ptr %n
  %e = load double, ptr %r
  %f = fadd double %d, %e
  ret double %f
}
; CHECK: [[UNKNOWN]] = !{!"unknown"}
