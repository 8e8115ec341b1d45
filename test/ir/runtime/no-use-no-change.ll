; A module that declares nothing of the runtime is left alone.
;
; RUN: %opt -load-pass-plugin=%plugin -passes=tern-link-runtime -S %s | FileCheck %s
; CHECK-NOT: comdat
; CHECK-NOT: tern_

define double @user(double %x) {
  ret double %x
}
