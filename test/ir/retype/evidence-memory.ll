; Types found at one place of memory reach others through copies, pointers in
; memory, linked lists, loops over pointers, realloc and declared types.
; RUN: %opt -load-pass-plugin=%plugin -passes=tern-retype -verify-each -S %s | FileCheck %s

%struct.node = type { double, ptr }
@table = internal global [2 x ptr] [ptr @a, ptr @b]
@a = internal global i64 0
@b = internal global i64 0
declare ptr @realloc(ptr, i64)

; CHECK-LABEL: @through_copy
; CHECK: [[V:%.*]] = load double, ptr %q
; CHECK-NEXT: store double [[V]], ptr %r
define double @through_copy(ptr %p, ptr %q, ptr %r, i64 %n) {
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 %n, i1 false)
  %v = load i64, ptr %q
  store i64 %v, ptr %r
  %d = load double, ptr %p
  ret double %d
}

; CHECK-LABEL: @list
; CHECK: load double, ptr %node
; CHECK-NEXT: store double
define void @list(ptr %head, ptr %q) {
entry:
  br label %loop
loop:
  %node = phi ptr [ %head, %entry ], [ %next, %loop ]
  %v = load i64, ptr %node
  store i64 %v, ptr %q
  %n = getelementptr i8, ptr %node, i64 8
  %next = load ptr, ptr %n
  %c = icmp eq ptr %next, null
  br i1 %c, label %done, label %loop
done:
  %d = load double, ptr %head
  %e = fadd double %d, 1.0
  store double %e, ptr %head
  ret void
}

; CHECK-LABEL: @running_pointer
; CHECK: load double
; CHECK: load float
; CHECK-NOT: tern.bits
define double @running_pointer(ptr %p, ptr %q, ptr %end) {
entry:
  br label %loop
loop:
  %it = phi ptr [ %p, %entry ], [ %next, %loop ]
  %v = load i64, ptr %it
  store i64 %v, ptr %q
  %f = getelementptr i8, ptr %it, i64 8
  %w = load i32, ptr %f
  store i32 %w, ptr %q
  %next = getelementptr i8, ptr %it, i64 16
  %c = icmp eq ptr %next, %end
  br i1 %c, label %done, label %loop
done:
  %s = getelementptr i8, ptr %p, i64 160
  %d = load double, ptr %s
  %t = getelementptr i8, ptr %p, i64 40
  %e = load float, ptr %t
  %x = fpext float %e to double
  %y = fmul double %d, %x
  ret double %y
}

; CHECK-LABEL: @reallocated
; CHECK: load double, ptr %r
define double @reallocated(ptr %p, ptr %q, i64 %n) {
  %d = load double, ptr %p
  %r = call ptr @realloc(ptr %p, i64 %n)
  %v = load i64, ptr %r
  store i64 %v, ptr %q
  ret double %d
}

; CHECK-LABEL: @pointers_in_memory
; CHECK: [[V:%.*]] = load ptr, ptr %t
; CHECK: store ptr [[V]], ptr %u
define double @pointers_in_memory(ptr %t, ptr %u) {
  %v = load i64, ptr %t
  store i64 %v, ptr %u
  %p = load ptr, ptr %u
  %d = load double, ptr %p
  ret double %d
}

; CHECK-LABEL: @declared
; CHECK: load double, ptr %p
; CHECK: load ptr
; CHECK-NOT: tern.bits
define void @declared(ptr %p) {
  %s = alloca %struct.node
  %v = load i64, ptr %p
  store i64 %v, ptr %s
  %g = getelementptr %struct.node, ptr %s, i64 0, i32 1
  %h = getelementptr %struct.node, ptr %p, i64 0, i32 1
  %w = load i64, ptr %h
  store i64 %w, ptr %g
  ret void
}

; CHECK-LABEL: @table_of_pointers
; CHECK: load double, ptr @b
define double @table_of_pointers(i64 %i, ptr %q) {
  %g = getelementptr ptr, ptr @table, i64 %i
  %p = load ptr, ptr %g
  %d = load double, ptr %p
  %v = load i64, ptr @b
  store i64 %v, ptr %q
  ret double %d
}

; Fresh memory holds nothing but what the function put there.
; CHECK-LABEL: @grown
; CHECK: memcpy{{.*}}!tern.bits [[DOUBLE:![0-9]+]]
declare noalias ptr @malloc(i64)
define ptr @grown(double %x, i64 %n) {
  %p = call noalias ptr @malloc(i64 16)
  store double %x, ptr %p
  %q = call noalias ptr @malloc(i64 64)
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 %n, i1 false)
  ret ptr %q
}
; What came from elsewhere may be anything behind the double.
; CHECK-LABEL: @not_fresh
; CHECK: call void @llvm.memcpy{{.*}}ptr %p, i64 %n{{.*}}!tern.bits [[UNKNOWN:![0-9]+]]
define double @not_fresh(ptr %from, i64 %n) {
  %p = call noalias ptr @malloc(i64 16)
  call void @llvm.memcpy.p0.p0.i64(ptr %p, ptr %from, i64 16, i1 false)
  %d = load double, ptr %p
  %q = call noalias ptr @malloc(i64 64)
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 %n, i1 false)
  ret double %d
}
; CHECK-DAG: [[DOUBLE]] = !{!"double"}
; CHECK-DAG: [[UNKNOWN]] = !{!"unknown"}
