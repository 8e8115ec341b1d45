; Rare shapes: atomics, vectors, aggregates, scalable vectors, other address
; spaces, results of invoke, volatile. Retyped where that is allowed, otherwise
; marked; the verifier is content.
; RUN: %opt -load-pass-plugin=%plugin -passes=tern-retype -verify-each -S %s | FileCheck %s

declare i64 @makes()
declare i32 @__gxx_personality_v0(...)

; CHECK-LABEL: @atomic
; CHECK: load atomic double, ptr %p acquire, align 8
; CHECK: store atomic double {{.*}}, ptr %q release, align 8
define double @atomic(ptr %p, ptr %q) {
  %v = load atomic i64, ptr %p acquire, align 8
  store atomic i64 %v, ptr %q release, align 8
  %d = load double, ptr %q
  ret double %d
}

; CHECK-LABEL: @vectors
; CHECK: [[V:%.*]] = load <2 x double>, ptr %p
; CHECK: [[X:%.*]] = extractelement <2 x double> [[V]], i64 1
; CHECK: store double [[X]], ptr %q
; CHECK: load <4 x float>
define void @vectors(ptr %p, ptr %q, ptr %r) {
  %v = load <2 x i64>, ptr %p
  %x = extractelement <2 x i64> %v, i64 1
  store i64 %x, ptr %q
  %d = load <2 x double>, ptr %p
  %e = load double, ptr %q
  %w = load <2 x i64>, ptr %r
  store <2 x i64> %w, ptr %q, align 4
  %f = load <4 x float>, ptr %r
  ret void
}

; CHECK-LABEL: @invoked
; CHECK: phi i64 [ %v, %entry ], [ 0, %other ]
define double @invoked(i1 %c) personality ptr @__gxx_personality_v0 {
start:
  br i1 %c, label %entry, label %other
other:
  br label %next
entry:
  %v = invoke i64 @makes() to label %next unwind label %bad
next:
  %w = phi i64 [ %v, %entry ], [ 0, %other ]
  %d = bitcast i64 %w to double
  ret double %d
bad:
  %l = landingpad { ptr, i32 } cleanup
  resume { ptr, i32 } %l
}

; CHECK-LABEL: @wide
; CHECK: load <2 x double>, ptr %p
; CHECK: store <2 x double>
define double @wide(ptr %p, ptr %q) {
  %v = load i128, ptr %p
  store i128 %v, ptr %q
  %d = load double, ptr %q
  %g = getelementptr double, ptr %q, i64 1
  %e = load double, ptr %g
  %s = fadd double %d, %e
  ret double %s
}

; CHECK-LABEL: @mixed_in_one_register
; CHECK: load float, ptr %p
; CHECK: load i32
; CHECK: store float
; CHECK: store i32
define float @mixed_in_one_register(ptr %p, ptr %q) {
  %v = load i64, ptr %p
  store i64 %v, ptr %q
  %f = load float, ptr %q
  %g = getelementptr i8, ptr %q, i64 4
  %i = load i32, ptr %g
  %j = sitofp i32 %i to float
  %s = fadd float %f, %j
  ret float %s
}

; CHECK-LABEL: @others
; CHECK: load volatile double
; CHECK: load double, ptr addrspace(3) %a
; CHECK: cmpxchg ptr %p
define void @others(ptr %p, ptr addrspace(3) %a, <vscale x 2 x i64> %s, {i64, [2 x double]} %g, ptr %q) {
  %v = load volatile i64, ptr %p
  %d = bitcast i64 %v to double
  %w = load i64, ptr addrspace(3) %a
  store i64 %w, ptr %q
  %c = cmpxchg ptr %p, i64 0, i64 1 seq_cst seq_cst
  store <vscale x 2 x i64> %s, ptr %q
  %x = extractvalue {i64, [2 x double]} %g, 1, 0
  %h = insertvalue {i64, [2 x double]} %g, double %x, 1, 1
  store {i64, [2 x double]} %h, ptr %q
  %t = load <32 x i64>, ptr %q
  store <32 x i64> %t, ptr %q
  %z = getelementptr <vscale x 2 x i64>, ptr %p, i64 1
  %u = load i64, ptr %z
  call void @llvm.memset.p0.i64(ptr %q, i8 0, i64 0, i1 false)
  ret void
}
