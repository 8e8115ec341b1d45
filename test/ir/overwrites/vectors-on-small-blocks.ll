; A block of tape is aligned to 16 bytes, and to 64 if it is large: recorded
; vectors must not claim more, and a variable that needs more gets a large block.
; RUN: %tern-opt -S %s | FileCheck %s
;
; CHECK-LABEL: define internal {{.*}} @f.grad(
; CHECK:       %tape.block = call noalias align 16 ptr @tern_tape_alloc(
; CHECK:       store <4 x double> %v, ptr %{{.*}}, align 16
; CHECK:       %v.taped = load <4 x double>, ptr %{{.*}}, align 16
; CHECK:       ret
; CHECK-LABEL: define internal {{.*}} @recursive.record(
; CHECK:       %wide = call noalias ptr @tern_tape_alloc(ptr %tape, i64 512)

define double @f(ptr %x, i64 %n, i64 %m) {
entry:
  br label %outer

outer:
  %p = phi i64 [ 0, %entry ], [ %p.next, %after ]
  br label %inner

inner:
  %i = phi i64 [ 0, %outer ], [ %i.next, %inner ]
  %at = getelementptr <4 x double>, ptr %x, i64 %i
  %v = load <4 x double>, ptr %at, align 8
  %w = fmul <4 x double> %v, %v
  store <4 x double> %w, ptr %at, align 8
  %i.next = add nuw nsw i64 %i, 1
  %more = icmp ult i64 %i.next, %m
  br i1 %more, label %inner, label %after

after:
  %p.next = add nuw nsw i64 %p, 1
  %again = icmp ult i64 %p.next, %n
  br i1 %again, label %outer, label %done

done:
  %last = load double, ptr %x
  ret double %last
}

define double @recursive(ptr %x, i64 %n) {
entry:
  %wide = alloca <4 x double>, align 32
  %v = load <4 x double>, ptr %x, align 8
  store <4 x double> %v, ptr %wide, align 32
  %leaf = icmp eq i64 %n, 0
  br i1 %leaf, label %done, label %deeper

deeper:
  %less = sub i64 %n, 1
  %r = call double @recursive(ptr %wide, i64 %less)
  ret double %r

done:
  %first = load double, ptr %wide, align 32
  %y = fmul double %first, %first
  ret double %y
}

declare void @__enzyme_autodiff(...)
@enzyme_dup = external global i32
@enzyme_const = external global i32

define void @gradient(ptr %x, ptr %x.shadow, i64 %n, i64 %m) {
  %dup = load i32, ptr @enzyme_dup
  %const = load i32, ptr @enzyme_const
  call void (...) @__enzyme_autodiff(ptr @f, i32 %dup, ptr %x, ptr %x.shadow, i32 %const, i64 %n, i32 %const, i64 %m)
  call void (...) @__enzyme_autodiff(ptr @recursive, i32 %dup, ptr %x, ptr %x.shadow, i32 %const, i64 %n)
  ret void
}
