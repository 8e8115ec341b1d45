; Functions that are called are read too: their parameters and results, through
; recursion; memory fresh from each call stays apart.
; RUN: %opt -load-pass-plugin=%plugin -passes=tern-retype -verify-each -S %s | FileCheck %s

; CHECK-LABEL: @callers
; CHECK: load double, ptr %p
; CHECK: load ptr, ptr %r
; CHECK: store ptr
define void @callers(ptr %p, ptr %q, ptr %r, i64 %n, ptr %z) {
  %s = call double @sums(ptr %p, i64 %n)
  %v = load i64, ptr %p
  store i64 %v, ptr %q
  %x = call ptr @second(ptr %r)
  %w = load i64, ptr %r
  store i64 %w, ptr %z
  ret void
}

define double @sums(ptr %p, i64 %n) {
  %c = icmp eq i64 %n, 0
  br i1 %c, label %done, label %more
more:
  %m = sub i64 %n, 1
  %q = getelementptr i8, ptr %p, i64 8
  %s = call double @others(ptr %q, i64 %m)
  ret double %s
done:
  ret double 0.0
}

define double @others(ptr %p, i64 %n) {
  %d = load double, ptr %p
  %s = call double @sums(ptr %p, i64 %n)
  %t = fadd double %d, %s
  ret double %t
}

define ptr @second(ptr %t) {
  %p = load ptr, ptr %t
  ret ptr %p
}

; CHECK-LABEL: @fresh
; CHECK: load double, ptr %a
; CHECK: load ptr, ptr %b
; CHECK-NOT: tern.bits
define void @fresh(ptr %x, ptr %y) {
  %a = call noalias ptr @makes()
  %b = call noalias ptr @makes()
  store double 1.0, ptr %a
  store ptr %x, ptr %b
  %v = load i64, ptr %a
  store i64 %v, ptr %x
  %w = load i64, ptr %b
  store i64 %w, ptr %y
  ret void
}
declare noalias ptr @malloc(i64)
define noalias ptr @makes() {
  %p = call ptr @malloc(i64 64)
  ret ptr %p
}
