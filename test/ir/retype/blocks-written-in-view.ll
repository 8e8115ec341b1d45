; A fresh block can only hold what is written to it in view: of a copy at its
; whole length, the bytes that nobody touches are no others than those.
; RUN: %opt -load-pass-plugin=%plugin -passes=tern-retype -verify-each -S %s | FileCheck %s

declare ptr @malloc(i64)
declare i64 @malloc_usable_size(ptr)
declare void @free(ptr)
declare void @fill(ptr)

define noalias ptr @made(i64 %n) {
  %p = call ptr @malloc(i64 %n)
  %g = getelementptr i8, ptr %p, i64 8
  store i64 12345678987654321, ptr %g
  ret ptr %p
}

; The block lives on in a phi and is copied again.
; CHECK-LABEL: @in_a_phi
; CHECK: memcpy{{.*}} !tern.bits [[DOUBLE:![0-9]+]]
; CHECK: memcpy{{.*}} !tern.bits [[DOUBLE]]
define double @in_a_phi(double %x, i1 %c) {
  %p = call ptr @malloc(i64 8)
  store double %x, ptr %p
  br i1 %c, label %grow, label %done
grow:
  %q = call ptr @malloc(i64 16)
  %held = call i64 @malloc_usable_size(ptr %p)
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 %held, i1 false)
  call void @free(ptr %p)
  br label %done
done:
  %r = phi ptr [ %p, %0 ], [ %q, %grow ]
  %s = call ptr @malloc(i64 32)
  %now = call i64 @malloc_usable_size(ptr %r)
  call void @llvm.memcpy.p0.p0.i64(ptr %s, ptr %r, i64 %now, i1 false)
  %y = load double, ptr %s
  ret double %y
}

; CHECK-LABEL: @given_away
; CHECK: memcpy{{.*}} !tern.bits [[UNKNOWN:![0-9]+]]
define double @given_away(double %x) {
  %p = call ptr @malloc(i64 32)
  store double %x, ptr %p
  call void @fill(ptr %p)
  %q = call ptr @malloc(i64 32)
  %held = call i64 @malloc_usable_size(ptr %p)
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 %held, i1 false)
  %y = load double, ptr %q
  ret double %y
}

; Another function may have written to it before it returned it.
; CHECK-LABEL: @made_elsewhere
; CHECK: memcpy{{.*}} !tern.bits [[UNKNOWN]]
define double @made_elsewhere(double %x) {
  %p = call noalias ptr @made(i64 32)
  store double %x, ptr %p
  %q = call ptr @malloc(i64 32)
  %held = call i64 @malloc_usable_size(ptr %p)
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 %held, i1 false)
  %y = load double, ptr %q
  ret double %y
}

; CHECK-LABEL: @through_the_phi
; CHECK: memcpy{{.*}} !tern.bits [[UNKNOWN]]
define double @through_the_phi(double %x, i1 %c, ptr %other) {
  %p = call ptr @malloc(i64 32)
  store double %x, ptr %p
  %q = call ptr @malloc(i64 32)
  %held = call i64 @malloc_usable_size(ptr %p)
  %r = select i1 %c, ptr %p, ptr %other
  %g = getelementptr i8, ptr %r, i64 8
  call void @fill(ptr %g)
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 %held, i1 false)
  %y = load double, ptr %q
  ret double %y
}
; CHECK-DAG: [[DOUBLE]] = !{!"double"}
; CHECK-DAG: [[UNKNOWN]] = !{!"unknown"}
