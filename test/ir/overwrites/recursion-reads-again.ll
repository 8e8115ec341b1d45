; A recursive function that only reads its matrix and its index list: the matrix
; is read again by the reverse sweep; the list, which the caller overwrites, is
; recorded (i32); neither the list nor the local copy of it has a shadow, and
; the copy stays on the stack.
; RUN: %tern-opt -S %s | FileCheck %s
;
; CHECK-LABEL: define internal { double } @walk.record(
; CHECK-SAME: ptr %a, ptr %a.shadow, ptr %list, i32 %left, ptr %tape
; CHECK:       %copy = alloca [8 x i32]
; CHECK-NOT:   memset
; CHECK-NOT:   store double %x
; CHECK:       store i32 %first, ptr %{{.*}}, align 1
; CHECK:       ret { double }
; CHECK-LABEL: define internal void @walk.reverse(
; CHECK-SAME: ptr %a, ptr %a.shadow, ptr %list, i32 %left, double %seed, ptr %tape
; CHECK:       %x.again = load double, ptr %at.again
; CHECK-NOT:   load i32, ptr %list
; CHECK:       ret void

define internal double @walk(ptr %a, ptr %list, i32 %left) {
entry:
  %copy = alloca [8 x i32]
  %first = load i32, ptr %list
  %at = getelementptr double, ptr %a, i32 %first
  %x = load double, ptr %at
  %leaf = icmp eq i32 %left, 0
  br i1 %leaf, label %done, label %more

more:
  %next = getelementptr i32, ptr %list, i32 1
  %second = load i32, ptr %next
  store i32 %second, ptr %copy
  %less = sub i32 %left, 1
  %inner = call double @walk(ptr %a, ptr %copy, i32 %less)
  store i32 %first, ptr %copy
  %again = call double @walk(ptr %a, ptr %copy, i32 0)
  %sum = fadd double %inner, %again
  %y = fmul double %x, %sum
  ret double %y

done:
  %square = fmul double %x, %x
  ret double %square
}

define double @f(ptr %a, ptr %list) {
  %list.here = alloca [8 x i32]
  call void @llvm.memcpy.p0.p0.i64(ptr %list.here, ptr %list, i64 32, i1 false)
  %r = call double @walk(ptr %a, ptr %list.here, i32 5)
  store i32 7, ptr %list.here
  ret double %r
}

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare void @__enzyme_autodiff(...)
@enzyme_dup = external global i32
@enzyme_const = external global i32

define void @gradient(ptr %a, ptr %a.shadow, ptr %list) {
  %dup = load i32, ptr @enzyme_dup
  %const = load i32, ptr @enzyme_const
  call void (...) @__enzyme_autodiff(ptr @f, i32 %dup, ptr %a, ptr %a.shadow, i32 %const, ptr %list)
  ret void
}
