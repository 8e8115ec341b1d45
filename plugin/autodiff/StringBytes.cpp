// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "StringBytes.h"
#include "../analysis/ActivityFacts.h"
#include "../analysis/Calls.h"
#include "../analysis/Objects.h"
#include "../analysis/Retype.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/DataLayout.h"
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

namespace {

constexpr int64_t StringBytes = 32, OwnCharacters = 16;

struct Place {
  const Value *Base;
  int64_t Offset;
};

Place placeOf(const Value *Pointer, const DataLayout &DL) {
  APInt Offset(DL.getIndexTypeSizeInBits(Pointer->getType()), 0);
  const Value *Base =
      Pointer->stripAndAccumulateConstantOffsets(DL, Offset, true);
  return {Base, Offset.getSExtValue()};
}

/// The strings of a function: variables that are nothing else, and places
/// within something larger, as the key in a node of a map.
class Strings {
public:
  explicit Strings(const DataLayout &DL) : DL(DL) {}
  void add(const Value *String) {
    for (const Value *Object : objectsOf(String)) {
      const auto *Local = dyn_cast<AllocaInst>(Object);
      if (Local && DL.getTypeAllocSize(Local->getAllocatedType()) ==
                       uint64_t(StringBytes))
        Variables.insert(Local);
    }
    Parts.push_back(placeOf(String, DL));
  }
  /// The characters of a string, in its own memory or behind its pointer.
  bool hold(const Value *Address) const {
    return isPart(Address, OwnCharacters, StringBytes) ||
           any_of(objectsOf(Address), [&](const Value *Object) {
             const auto *Behind = dyn_cast<LoadInst>(Object);
             return isStringCall(Object) || Variables.contains(Object) ||
                    (Behind && (isPart(Behind->getPointerOperand(), 0, 1) ||
                                isIn(Variables, Behind->getPointerOperand())));
           });
  }

private:
  bool isPart(const Value *Address, int64_t From, int64_t To) const {
    Place At = placeOf(Address, DL);
    return any_of(Parts, [&](const Place &String) {
      int64_t Offset = At.Offset - String.Offset;
      return At.Base == String.Base && Offset >= From && Offset < To;
    });
  }

  const DataLayout &DL;
  ObjectSet Variables;
  SmallVector<Place, 8> Parts;
};

} // namespace

/// Reads floats from a string. Open bytes that go from string to string are
/// text.
static bool readsFloat(const Instruction &I, const Strings &All) {
  if (const auto *Copy = dyn_cast<MemTransferInst>(&I)) {
    StringRef Bits = bitsOf(I);
    return Bits != "integer" && Bits != "pointer" &&
           All.hold(Copy->getRawSource()) && !All.hold(Copy->getRawDest());
  }
  const auto *Load = dyn_cast<LoadInst>(&I);
  return Load && holdsFloat(Load->getType()) &&
         All.hold(Load->getPointerOperand());
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
  Strings All(F.getDataLayout());
  SmallVector<const CallBase *, 8> Calls;
  for (const Instruction &I : instructions(F))
    if (isStringCall(&I)) {
      Calls.push_back(cast<CallBase>(&I));
      All.add(Calls.back()->getArgOperand(0));
    }
  bool IsRead = !Calls.empty() && any_of(instructions(F), [&](Instruction &I) {
    return readsFloat(I, All);
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
