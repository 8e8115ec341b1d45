// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "WrittenInView.h"
#include "../rules/Rules.h"
#include "Objects.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace tern {

namespace {
/// Pointers whose uses are looked at, blocks first; what is on the list twice
/// is looked at once, so that blocks copied in a circle prove each other.
class Viewer {
public:
  bool add(const Value &Ptr);
  bool seesAll();

private:
  bool isHarmless(const Use &U);
  bool isHarmlessCall(const CallBase &Call, const Use &U);
  void follow(const Value &Ptr) {
    if (Seen.insert(&Ptr).second)
      Work.push_back(&Ptr);
  }

  static constexpr unsigned MaxSeen = 4096;
  SmallPtrSet<const Value *, 32> Seen;
  SmallVector<const Value *, 32> Work;
};
} // namespace

/// False if `Ptr` may point to anything but fresh memory.
bool Viewer::add(const Value &Ptr) {
  for (const Value *Object : objectsOf(&Ptr)) {
    if (!isOwnObject(Object))
      return false;
    follow(*Object);
  }
  return true;
}

static bool isReleaseOrQuery(const CallBase &Call) {
  const Function *F = Call.getCalledFunction();
  return isDeallocation(Call) || (F && F->getName() == "malloc_usable_size");
}

bool Viewer::isHarmlessCall(const CallBase &Call, const Use &U) {
  if (const auto *Copy = dyn_cast<MemTransferInst>(&Call))
    return U.getOperandNo() == 1 || add(*Copy->getRawSource());
  if (isa<MemSetInst>(Call) || Call.isLifetimeStartOrEnd())
    return true;
  if (!Call.isArgOperand(&U))
    return false;
  unsigned Arg = Call.getArgOperandNo(&U);
  return (Call.onlyReadsMemory(Arg) && Call.doesNotCapture(Arg)) ||
         isReleaseOrQuery(Call);
}

bool Viewer::isHarmless(const Use &U) {
  const auto *I = cast<Instruction>(U.getUser());
  if (isa<GetElementPtrInst, PHINode, SelectInst, FreezeInst>(I)) {
    follow(*I);
    return true;
  }
  if (isa<StoreInst>(I))
    return U.getOperandNo() == StoreInst::getPointerOperandIndex();
  if (isa<LoadInst, ICmpInst, ReturnInst>(I))
    return true;
  const auto *Call = dyn_cast<CallBase>(I);
  return Call && isHarmlessCall(*Call, U);
}

bool Viewer::seesAll() {
  while (!Work.empty()) {
    if (Seen.size() > MaxSeen)
      return false;
    const Value *Ptr = Work.pop_back_val();
    if (!all_of(Ptr->uses(), [&](const Use &U) { return isHarmless(U); }))
      return false;
  }
  return true;
}

bool isWrittenInView(const Value &Ptr) {
  Viewer V;
  return V.add(Ptr) && V.seesAll();
}

} // namespace tern
