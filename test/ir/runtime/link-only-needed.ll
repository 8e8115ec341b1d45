; Only what is declared is linked in, shareable between translation units, with
; nothing left of the machine that built the plugin.
;
; RUN: %opt -load-pass-plugin=%plugin -passes=tern-link-runtime,verify -S %s | FileCheck %s
; RUN: %opt -load-pass-plugin=%plugin -passes='tern-link-runtime,default<O2>' -S %s \
; RUN:   | FileCheck %s --check-prefix=INLINED

target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-pc-linux-gnu"

; CHECK-DAG: $tern_tape_push = comdat any
; CHECK-NOT: target-cpu
; CHECK-NOT: @tern_tape_alloc
; CHECK-NOT: @tern_adjoint_copy
; CHECK-NOT: @tern_tape_defer
; CHECK: define double @user(
; CHECK-DAG: define linkonce_odr hidden ptr @tern_tape_push({{.*}} comdat
; CHECK-DAG: define linkonce_odr hidden ptr @tern_tape_pop({{.*}} comdat
; CHECK-DAG: define internal {{.*}} @tape_grow({{.*}} [[ONCE:#[0-9]+]]
; What stays out of line is not optimised a second time.
; CHECK: attributes [[ONCE]] = {{.*}} optnone

; The fast path is inlined, the slow one is not.
; INLINED-LABEL: define double @user(
; INLINED-NOT: call {{.*}} @tern_tape_push
; INLINED: call {{.*}} @tape_grow(
; INLINED: ret double
define double @user(ptr %tape, double %x) {
  %frame = call ptr @tern_tape_push(ptr %tape, i64 8)
  store double %x, ptr %frame
  %same = call ptr @tern_tape_pop(ptr %tape, i64 8)
  %y = load double, ptr %same
  ret double %y
}

declare ptr @tern_tape_push(ptr, i64)
declare ptr @tern_tape_pop(ptr, i64)
