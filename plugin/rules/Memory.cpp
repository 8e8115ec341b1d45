// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which calls allocate and release memory: the rows of Memory.def, looked up by
// name, with the operands that say how much.
#include "rules/Rules.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/InstrTypes.h"

using namespace llvm;

namespace tern {

namespace {
struct Allocator {
  StringLiteral Symbol;
  int Size, Count;
  bool IsZeroed, IsRust;
};
struct Releaser {
  StringLiteral Symbol;
  bool IsRust;
};
#define ALLOCATE(Symbol, Size, Count, IsZeroed)
#define RUST_ALLOCATE(Symbol, Size, Count, IsZeroed)
#define RELEASE(Symbol) {#Symbol, false},
#define RUST_RELEASE(Symbol) {#Symbol, true},
constexpr Releaser Releasers[] = {
#include "rules/Memory.def"
};
#undef ALLOCATE
#undef RUST_ALLOCATE
#undef RELEASE
#undef RUST_RELEASE
#define ALLOCATE(Symbol, Size, Count, IsZeroed)                                \
  {#Symbol, Size, Count, IsZeroed, false},
#define RUST_ALLOCATE(Symbol, Size, Count, IsZeroed)                           \
  {#Symbol, Size, Count, IsZeroed, true},
#define RELEASE(Symbol)
#define RUST_RELEASE(Symbol)
constexpr Allocator Allocators[] = {
#include "rules/Memory.def"
};
} // namespace

/// Rust's own symbols differ by crate hash around the name. What contains the
/// name but is another function of the shim ends differently.
static bool names(StringRef Symbol, StringRef Row, bool IsRust) {
  return IsRust ? Symbol.ends_with(Row) : Symbol == Row;
}

/// What the program registered as an allocator (Request.h).
static std::optional<Allocator> findRegistered(const CallBase &Call) {
  Attribute Size = Call.getFnAttr("tern_allocation_like");
  Allocator Found{"", 0, -1, false, false};
  if (!Size.isValid() || Size.getValueAsString().getAsInteger(10, Found.Size) ||
      unsigned(Found.Size) >= Call.arg_size() ||
      !Call.getArgOperand(Found.Size)->getType()->isIntegerTy())
    return std::nullopt;
  return Found;
}

static std::optional<Allocator> findAllocator(const CallBase &Call) {
  const Function *F = Call.getCalledFunction();
  if (!F || !Call.getType()->isPointerTy())
    return std::nullopt;
  if (std::optional<Allocator> Registered = findRegistered(Call))
    return Registered;
  const auto *Found = find_if(Allocators, [&](const Allocator &A) {
    return names(F->getName(), A.Symbol, A.IsRust);
  });
  return Found == std::end(Allocators) ? std::nullopt : std::optional(*Found);
}

bool isAllocation(const CallBase &Call) {
  return findAllocator(Call).has_value();
}

bool isZeroedAllocation(const CallBase &Call) {
  std::optional<Allocator> A = findAllocator(Call);
  return A && A->IsZeroed;
}

Value *emitAllocationSize(CallBase &Call, IRBuilderBase &B) {
  std::optional<Allocator> A = findAllocator(Call);
  Value *Size =
      B.CreateZExtOrTrunc(Call.getArgOperand(A->Size), B.getInt64Ty());
  if (A->Count < 0)
    return Size;
  Value *Count =
      B.CreateZExtOrTrunc(Call.getArgOperand(A->Count), B.getInt64Ty());
  return B.CreateMul(Size, Count);
}

bool isDeallocation(const CallBase &Call) {
  const Function *F = Call.getCalledFunction();
  if (Call.hasFnAttr("tern_deallocation_like"))
    return true;
  return F && any_of(Releasers, [&](const Releaser &R) {
           return names(F->getName(), R.Symbol, R.IsRust);
         });
}

} // namespace tern
