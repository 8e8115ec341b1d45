// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "StringBytes.h"
#include "../analysis/ActivityFacts.h"
#include "../analysis/Calls.h"
#include "../analysis/Objects.h"
#include "../analysis/Retype.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace tern {

using ObjectSet = SmallPtrSet<const Value *, 8>;

static bool isStringCall(const Value *V) {
  const auto *Call = dyn_cast<CallBase>(V);
  const Function *Callee = Call ? Call->getCalledFunction() : nullptr;
  if (!Callee || !Call->arg_size() ||
      !Call->getArgOperand(0)->getType()->isPointerTy())
    return false;
  StringRef Name = Callee->getName();
  return (Name.consume_front("_ZNSt") || Name.consume_front("_ZNKSt")) &&
         Name.starts_with("7__cxx1112basic_string");
}

bool callsStrings(const Function &F) {
  return any_of(instructions(F),
                [](const Instruction &I) { return isStringCall(&I); });
}

static bool isIn(const ObjectSet &Set, const Value *Pointer) {
  return any_of(objectsOf(Pointer),
                [&](const Value *Object) { return Set.contains(Object); });
}

/// The characters of a string, in its own memory or behind its pointer.
static bool isInString(const Value *Address, const ObjectSet &Strings) {
  return any_of(objectsOf(Address), [&](const Value *Object) {
    const auto *Behind = dyn_cast<LoadInst>(Object);
    return isStringCall(Object) || Strings.contains(Object) ||
           (Behind && isIn(Strings, Behind->getPointerOperand()));
  });
}

/// Reads floats from a string. Open bytes that go from string to string are
/// text.
static bool readsFloat(const Instruction &I, const ObjectSet &Strings) {
  if (const auto *Copy = dyn_cast<MemTransferInst>(&I)) {
    StringRef Bits = bitsOf(I);
    return Bits != "integer" && Bits != "pointer" &&
           isInString(Copy->getRawSource(), Strings) &&
           !isInString(Copy->getRawDest(), Strings);
  }
  const auto *Load = dyn_cast<LoadInst>(&I);
  return Load && holdsFloat(Load->getType()) &&
         isInString(Load->getPointerOperand(), Strings);
}

/// Memory in which a float is that carries a derivative.
static ObjectSet objectsWithFloats(Function &F, const ActivityFacts &Facts) {
  ObjectSet Found;
  for (const Instruction &I : instructions(F)) {
    const auto *Access = getLoadStorePointerOperand(&I);
    if (!Access || !Facts.hasShadow(Access))
      continue;
    const auto *Store = dyn_cast<StoreInst>(&I);
    const Value *Moved = Store ? Store->getValueOperand() : &I;
    if (holdsFloat(Moved->getType()) && (!Store || Facts.isActive(Moved)))
      Found.insert_range(objectsOf(Access));
  }
  return Found;
}

static bool givesFloat(const CallBase &Call, const ObjectSet &Floats,
                       const ActivityFacts &Facts) {
  return any_of(drop_begin(Call.args()), [&](const Use &Arg) {
    return Arg->getType()->isPointerTy()
               ? Facts.hasShadow(Arg) && isIn(Floats, Arg)
               : Facts.carriesOpenBits(Arg);
  });
}

const Instruction *findFloatInString(Function &F, const ActivityFacts &Facts) {
  ObjectSet Strings;
  SmallVector<const CallBase *, 8> Calls;
  for (const Instruction &I : instructions(F))
    if (isStringCall(&I)) {
      Calls.push_back(cast<CallBase>(&I));
      Strings.insert_range(objectsOf(Calls.back()->getArgOperand(0)));
    }
  bool IsRead = !Calls.empty() && any_of(instructions(F), [&](Instruction &I) {
    return readsFloat(I, Strings);
  });
  if (!IsRead)
    return nullptr;
  ObjectSet Floats = objectsWithFloats(F, Facts);
  auto *Giving = find_if(Calls, [&](const CallBase *Call) {
    return givesFloat(*Call, Floats, Facts);
  });
  return Giving == Calls.end() ? nullptr : *Giving;
}

} // namespace tern
