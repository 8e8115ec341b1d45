// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which calls carry no derivative: the names of Inactive.def, and what the user
// marked. Looked up by name, since most of them are declarations.
#include "rules/Rules.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Intrinsics.h"

using namespace llvm;

namespace tern {

namespace {
#define NAME(Symbol)
#define PREFIX(Symbol)
#define CONTAINS(Symbol)
#define INTRINSIC(Symbol)

#undef NAME
#define NAME(Symbol) #Symbol,
constexpr StringLiteral Names[] = {
#include "rules/Inactive.def"
};
#undef NAME
#define NAME(Symbol)

#undef PREFIX
#define PREFIX(Symbol) #Symbol,
constexpr StringLiteral Prefixes[] = {
#include "rules/Inactive.def"
};
#undef PREFIX
#define PREFIX(Symbol)

#undef CONTAINS
#define CONTAINS(Symbol) #Symbol,
constexpr StringLiteral Parts[] = {
#include "rules/Inactive.def"
};
#undef CONTAINS
#define CONTAINS(Symbol)

#undef INTRINSIC
#define INTRINSIC(Symbol) #Symbol,
constexpr StringLiteral Intrinsics[] = {
#include "rules/Inactive.def"
};
} // namespace

static bool isInactiveIntrinsic(Intrinsic::ID ID) {
  StringRef Name = Intrinsic::getBaseName(ID);
  Name.consume_front("llvm.");
  return any_of(Intrinsics,
                [&](StringRef Prefix) { return Name.starts_with(Prefix); });
}

/// Generic Rust functions have the names of their type arguments in their own,
/// so what could carry a derivative back is not taken for a panic or a print.
static bool givesNumberOrPointer(Type *Ty) {
  return Ty->isFPOrFPVectorTy() || Ty->isPtrOrPtrVectorTy() ||
         any_of(Ty->subtypes(), givesNumberOrPointer);
}

static bool isInactiveFunction(const Function &F) {
  static const StringSet<> Exact(from_range, Names);
  StringRef Symbol = F.getName();
  if (F.isDeclaration() && Exact.contains(Symbol))
    return true;
  if (any_of(Prefixes, [&](StringRef P) { return Symbol.starts_with(P); }))
    return true;
  return !givesNumberOrPointer(F.getReturnType()) &&
         any_of(Parts, [&](StringRef P) { return Symbol.contains(P); });
}

/// A panic, abort or throw that the differentiated code itself does not catch:
/// nothing is differentiated after it, and its arguments are only printed.
static bool neverComesBack(const CallBase &Call) {
  if (!Call.doesNotReturn())
    return false;
  const auto *Invoke = dyn_cast<InvokeInst>(&Call);
  if (!Invoke)
    return true;
  const LandingPadInst *Pad = Invoke->getLandingPadInst();
  return Pad && Pad->isCleanup() && Pad->getNumClauses() == 0;
}

bool isInactiveCall(const CallBase &Call) {
  if (neverComesBack(Call))
    return true;
  if (Call.hasFnAttr("tern_inactive") || Call.hasFnAttr("enzyme_inactive"))
    return true;
  const Function *F = Call.getCalledFunction();
  if (!F)
    return false;
  if (F->isIntrinsic())
    return isInactiveIntrinsic(F->getIntrinsicID());
  return isInactiveFunction(*F);
}

} // namespace tern
