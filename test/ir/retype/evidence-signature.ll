; A C++ name tells what its pointer parameters point to.
; RUN: %opt -load-pass-plugin=%plugin -passes=tern-retype -verify-each -S %s | FileCheck %s

; f(double*, float const*, double**, void*, long), a clone of it
; CHECK-LABEL: @_Z1fPdPKfPS_Pvl.canonical
; CHECK: load double, ptr %p
; CHECK: load <2 x float>, ptr %q
; CHECK: load ptr, ptr %r
; CHECK: load double, ptr %s
; CHECK: memcpy{{.*}}!tern.bits [[DOUBLE:![0-9]+]]
; CHECK-NOT: !tern.bits
; CHECK: ret
define void @_Z1fPdPKfPS_Pvl.canonical(ptr %p, ptr %q, ptr %r, ptr %z, i64 %n) {
  %a = load i64, ptr %p
  store i64 %a, ptr %z
  %b = load i64, ptr %q
  %z1 = getelementptr i8, ptr %z, i64 8
  store i64 %b, ptr %z1
  %c = load i64, ptr %r
  %z2 = getelementptr i8, ptr %z, i64 16
  store i64 %c, ptr %z2
  %s = load ptr, ptr %r
  %d = load i64, ptr %s
  store i64 %d, ptr %z
  %m = mul i64 %n, 8
  call void @llvm.memcpy.p0.p0.i64(ptr %p, ptr %s, i64 %m, i1 false)
  ret void
}

; S::g(std::complex<double>&) has `this` as well; h(double (*) [3]) is called.
; CHECK-LABEL: @_ZN1S1gERSt7complexIdE
; CHECK: load double, ptr %c
; CHECK: load double, ptr %m
define void @_ZN1S1gERSt7complexIdE(ptr %this, ptr %c) {
  %m = load ptr, ptr %this
  %v = load i64, ptr %c
  %y = getelementptr i8, ptr %this, i64 16
  store i64 %v, ptr %y
  call void @_Z1hPA3_d(ptr %m)
  %w = load i64, ptr %m
  %z = getelementptr i8, ptr %this, i64 8
  store i64 %w, ptr %z
  ret void
}
declare void @_Z1hPA3_d(ptr)
; CHECK: [[DOUBLE]] = !{!"double"}
