; A module for another processor is refused; the message names both targets.
;
; RUN: %not %opt -load-pass-plugin=%plugin -passes=tern-link-runtime -disable-output %s 2>&1 \
; RUN:   | FileCheck %s
; CHECK: in function user {{.*}}the runtime in this plugin is for 'x86_64{{.*}}', the program is compiled for 'riscv64-unknown-linux-gnu' [tern-D05]

target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
target triple = "riscv64-unknown-linux-gnu"

define ptr @user(ptr %tape) {
  %frame = call ptr @tern_tape_push(ptr %tape, i64 8)
  ret ptr %frame
}

declare ptr @tern_tape_push(ptr, i64)
