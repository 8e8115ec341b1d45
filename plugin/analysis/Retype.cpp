// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Plan, then execute (see Retype.h for what and RetypePlan.h for why).
//
// What the plan decides per move: a float or pointer gets its type; what mixes
// kinds is divided; what is an integer stays; what is open is marked, so that a
// later stage can refuse it where it matters.
#include "Retype.h"
#include "DeclaredIntegers.h"
#include "RetypePlan.h"
#include "TypeHints.h"
#include "Types.h"
#include "WrittenInView.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Metadata.h"
#include "llvm/IR/Module.h"
#include <numeric>

using namespace llvm;

namespace tern {

using Byte = TypeGraph::Byte;
using Bytes = SmallVector<Byte, 64>;

// Above this, a copy of one kind stays a copy, and of several becomes copies of
// runs.
static constexpr uint64_t SmallCopy = 128;
static constexpr uint64_t LargestPainted = 4096;

void markBits(Instruction &I, StringRef Name) {
  LLVMContext &Ctx = I.getContext();
  I.setMetadata("tern.bits", MDNode::get(Ctx, MDString::get(Ctx, Name)));
}

static bool isTyped(Bits Kind) {
  return isFloatBits(Kind) || Kind == Bits::Pointer;
}

/// True if a whole value of `Kind` starts at `At` and fits.
static bool startsWhole(ArrayRef<Byte> All, uint64_t At, Bits Kind) {
  unsigned Unit = bitsSize(Kind);
  if (!All[At].Starts || At + Unit > All.size())
    return false;
  for (unsigned I = 1; I < Unit; ++I)
    if (All[At + I].Kind != Kind || All[At + I].Starts)
      return false;
  return true;
}

SmallVector<Piece, 16> piecesOf(ArrayRef<Byte> All) {
  SmallVector<Piece, 16> Out;
  for (uint64_t At = 0; At < All.size();) {
    Bits Kind = All[At].Kind;
    if (isTyped(Kind) && startsWhole(All, At, Kind)) {
      Out.push_back({At, bitsSize(Kind), Kind});
      At += bitsSize(Kind);
      continue;
    }
    // A run of integers, or of bytes nobody knows.
    bool Known = Kind == Bits::Integer;
    uint64_t End = At + 1;
    while (End < All.size() && (All[End].Kind == Bits::Integer) == Known &&
           !(isTyped(All[End].Kind) && startsWhole(All, End, All[End].Kind)))
      ++End;
    while (At < End) {
      uint64_t Size = 8;
      while (At % Size || At + Size > End)
        Size /= 2;
      // No floating-point number has one byte.
      bool IsPart = Size == 1 && All[At].Kind != Bits::Unknown;
      bool IsInteger = Known || (Size == 1 && !IsPart);
      Out.push_back({At, Size, IsInteger ? Bits::Integer : Bits::Unknown});
      At += Size;
    }
  }
  return Out;
}

static void joinBytes(Bytes &Into, ArrayRef<Byte> Other) {
  for (auto [A, B] : zip(Into, Other)) {
    if (B.Kind == Bits::Unknown)
      continue;
    if (A.Kind == B.Kind && A.Starts != B.Starts)
      A.Kind = Bits::Conflict;
    Bits Kind = joinBits(A.Kind, B.Kind);
    if (Kind != A.Kind)
      A.Starts = Kind == B.Kind && B.Starts;
    A.Kind = Kind;
  }
}

/// The kind of all pieces if there is only one.
static Bits onlyKind(ArrayRef<Piece> Pieces) {
  Bits Kind = Pieces.empty() ? Bits::Unknown : Pieces[0].Kind;
  for (const Piece &P : Pieces)
    if (P.Kind != Kind)
      return Bits::Conflict;
  return Kind;
}

static bool anyTyped(ArrayRef<Piece> Pieces) {
  return any_of(Pieces, [](const Piece &P) { return isTyped(P.Kind); });
}

static bool allKnown(ArrayRef<Piece> Pieces) {
  return none_of(Pieces,
                 [](const Piece &P) { return P.Kind == Bits::Unknown; });
}

namespace {
class Planner {
public:
  explicit Planner(Function &F) : F(F), The(F), DL(F.getDataLayout()) {}
  RetypePlan plan();

private:
  void planLoad(LoadInst &I);
  void planStore(StoreInst &I);
  void planFlow(Instruction &I);
  void planCopy(MemIntrinsic &I);
  bool planSplit(LoadInst &I);
  Bits kindOfAccess(Value &V, Value &Ptr, ArrayRef<Piece> Pieces);
  SmallVector<Piece, 16> memoryPieces(Value &Ptr, Type *Ty);
  bool isPartOfFloat(Value &Ptr, Type *Ty);
  bool isPlainByte(Value &Ptr, Type *Ty);
  Bytes copiedBytes(MemIntrinsic &I, uint64_t Size, uint64_t Period = 0);
  uint64_t periodOf(MemIntrinsic &I);
  Bits kindOfLocal(MemIntrinsic &I);
  void planArrayCopy(RetypePlan::Copy &C);

  Function &F;
  Types The;
  const DataLayout &DL;
  RetypePlan Plan;
  SmallPtrSet<Instruction *, 16> InSplit;
};
} // namespace

static bool isOpaqueBits(Type *Ty) { return Ty->isIntOrIntVectorTy(); }

SmallVector<Piece, 16> Planner::memoryPieces(Value &Ptr, Type *Ty) {
  TypeSize Size = DL.getTypeStoreSize(Ty);
  if (Size.isScalable() || Size > SmallCopy)
    return {};
  return piecesOf(The.ofMemory(Ptr, Size));
}

/// A byte that is no part of a number or pointer: a bool, a character.
bool Planner::isPlainByte(Value &Ptr, Type *Ty) {
  if (DL.getTypeStoreSize(Ty) != TypeSize::getFixed(1))
    return false;
  Bits Kind = The.ofMemory(Ptr, 1)[0].Kind;
  return Kind == Bits::Unknown || Kind == Bits::Integer;
}

/// True if the access is to some bytes of a float that has more.
bool Planner::isPartOfFloat(Value &Ptr, Type *Ty) {
  TypeSize Size = DL.getTypeStoreSize(Ty);
  return !Size.isScalable() && The.isInsideFloat(Ptr, Size);
}

/// What an integer-typed access moves; Conflict if several kinds.
Bits Planner::kindOfAccess(Value &V, Value &Ptr, ArrayRef<Piece> Pieces) {
  Bits Kind = The.ofValue(V);
  if (isTyped(Kind))
    return Kind;
  Bits InMemory = onlyKind(Pieces);
  if (isTyped(InMemory) || Kind == Bits::Unknown)
    return InMemory;
  bool IsMixed = anyTyped(Pieces) || isPartOfFloat(Ptr, V.getType());
  return IsMixed ? Bits::Conflict : Kind;
}

/// True if integer arithmetic on V ends in a floating-point number: bits that
/// looked like an integer here were none.
static bool becomesFloat(Value &V, unsigned Depth = 6) {
  for (User *U : V.users()) {
    if (isa<BitCastInst>(U) && U->getType()->isFPOrFPVectorTy())
      return true;
    bool Continues = isa<BinaryOperator>(U) || isa<SelectInst>(U) ||
                     isa<PHINode>(U) || isa<BitCastInst>(U);
    if (Depth && Continues && U->getType()->isIntOrIntVectorTy() &&
        becomesFloat(*U, Depth - 1))
      return true;
  }
  return false;
}

// A load whose value goes nowhere but to memory can be divided.
bool Planner::planSplit(LoadInst &I) {
  if (!I.isSimple() || I.use_empty())
    return false;
  TypeSize Size = DL.getTypeStoreSize(I.getType());
  if (Size.isScalable() || Size > SmallCopy ||
      DL.getTypeSizeInBits(I.getType()) != 8 * Size)
    return false;
  RetypePlan::Split Split{&I, {}, {}};
  Bytes All = The.ofMemory(*I.getPointerOperand(), Size);
  for (Use &U : I.uses()) {
    auto *Store = dyn_cast<StoreInst>(U.getUser());
    if (!Store || !Store->isSimple() || Store->getValueOperand() != &I)
      return false;
    joinBytes(All, The.ofMemory(*Store->getPointerOperand(), Size));
    Split.Stores.push_back(Store);
  }
  Split.Pieces = piecesOf(All);
  if (!anyTyped(Split.Pieces))
    return false;
  InSplit.insert_range(Split.Stores);
  Plan.Splits.push_back(std::move(Split));
  return true;
}

void Planner::planLoad(LoadInst &I) {
  if (isDeclaredInteger(I))
    return markBits(I, "integer");
  auto Pieces = memoryPieces(*I.getPointerOperand(), I.getType());
  Bits Kind = kindOfAccess(I, *I.getPointerOperand(), Pieces);
  if (isTyped(Kind))
    return Plan.Moves.push_back({&I, Kind});
  if (Kind == Bits::Integer && !becomesFloat(I))
    return;
  if (isPlainByte(*I.getPointerOperand(), I.getType()))
    return;
  if (!planSplit(I))
    Plan.Unknown.push_back(&I);
}

void Planner::planStore(StoreInst &I) {
  if (InSplit.contains(&I))
    return;
  if (isDeclaredInteger(I))
    return markBits(I, "integer");
  Value &V = *I.getValueOperand();
  auto Pieces = memoryPieces(*I.getPointerOperand(), V.getType());
  Bits Kind = kindOfAccess(V, *I.getPointerOperand(), Pieces);
  if (isTyped(Kind))
    return Plan.Moves.push_back({&I, Kind});
  if (Kind == Bits::Integer)
    return;
  bool IsZero = isa<Constant>(V) && cast<Constant>(V).isNullValue();
  if (IsZero && I.isSimple() && anyTyped(Pieces) && allKnown(Pieces)) {
    Plan.Splits.push_back({nullptr, {&I}, std::move(Pieces)});
    return;
  }
  if (!isPlainByte(*I.getPointerOperand(), V.getType()))
    Plan.Unknown.push_back(&I);
}

void Planner::planFlow(Instruction &I) {
  Bits Kind = The.ofValue(I);
  if (isTyped(Kind))
    Plan.Moves.push_back({&I, Kind});
}

static bool isOpen(const Byte &B) {
  return B.Kind == Bits::Unknown || B.Kind == Bits::Conflict;
}

// Memory that holds now a number, now a pointer, as what std::function keeps:
// the tags of the copy say what this one moves.
static void takeFromTags(const MemIntrinsic &I, Bytes &All) {
  const MDNode *Tags = I.getMetadata(LLVMContext::MD_tbaa_struct);
  if (!Tags)
    return;
  forEachTaggedField(*Tags, [&](uint64_t At, uint64_t Size, Bits Kind) {
    if (!isTyped(Kind) || At + Size > All.size())
      return;
    MutableArrayRef<Byte> Value(All.data() + At, Size);
    if (!all_of(Value, isOpen))
      return;
    for (Byte &B : Value) {
      B.Kind = Kind;
      B.Starts = &B == Value.begin();
    }
  });
}

Bytes Planner::copiedBytes(MemIntrinsic &I, uint64_t Size, uint64_t Period) {
  Bytes All = The.ofMemory(*I.getRawDest(), Size, Period);
  if (auto *Transfer = dyn_cast<MemTransferInst>(&I))
    joinBytes(All, The.ofMemory(*Transfer->getRawSource(), Size, Period));
  takeFromTags(I, All);
  return All;
}

static const char *markOf(ArrayRef<Piece> Pieces, bool IsSet) {
  Bits Kind = onlyKind(Pieces);
  if (Kind != Bits::Conflict)
    return bitsName(Kind).data();
  return IsSet && allKnown(Pieces) ? "mixed" : "unknown";
}

/// The distance after which the layout of both ends repeats.
uint64_t Planner::periodOf(MemIntrinsic &I) {
  uint64_t Period = The.periodOf(*I.getRawDest());
  if (auto *Transfer = dyn_cast<MemTransferInst>(&I)) {
    uint64_t Other = The.periodOf(*Transfer->getRawSource());
    Period = Period && Other ? std::lcm(Period, Other) : Period + Other;
  }
  return Period;
}

static bool canTakeApart(MemIntrinsic &I) {
  auto *Set = dyn_cast<MemSetInst>(&I);
  auto *Byte = Set ? dyn_cast<ConstantInt>(Set->getValue()) : nullptr;
  return !I.isVolatile() && (!Set || (Byte && Byte->isZero()));
}

// Memory that comes from an allocation here, as when it is reallocated: what
// nothing in the function touches was never written.
Bits Planner::kindOfLocal(MemIntrinsic &I) {
  auto *Transfer = dyn_cast<MemTransferInst>(&I);
  Value *Origin = Transfer ? Transfer->getRawSource() : I.getRawDest();
  return isWrittenInView(*Origin) ? The.onlyKindBehind(*Origin) : Bits::Unknown;
}

// A variable length is that of an array: its layout repeats at the stride at
// which it is accessed, or at the number that divides the length. Nothing is
// concluded from one element that is accessed at a fixed place: it may be the
// first member of something larger.
void Planner::planArrayCopy(RetypePlan::Copy &C) {
  MemIntrinsic &I = *C.At;
  Bits Marked = bitsNamed(bitsOf(I)); // when it was made, in a derivative
  if (Bits Kind = isFloatBits(Marked) ? Marked : kindOfLocal(I);
      isTyped(Kind)) {
    C.Mark = bitsName(Kind).data();
    return;
  }
  uint64_t Divisor = divisorOf(I.getLength());
  uint64_t Period = periodOf(I);
  if (!Period)
    Period = Divisor;
  if (Period < 2 || Period > SmallCopy)
    return;
  C.Pieces = piecesOf(copiedBytes(I, Period, Period));
  C.Mark = markOf(C.Pieces, isa<MemSetInst>(I));
  if (onlyKind(C.Pieces) != Bits::Conflict || !canTakeApart(I) ||
      !anyTyped(C.Pieces))
    return;
  C.How = RetypePlan::Treatment::Loop;
  C.Period = Period;
  C.IsWhole = Divisor % Period == 0;
}

// A struct with arrays inside: one copy per run of one kind.
static bool hasFewRuns(ArrayRef<Piece> Pieces) {
  unsigned Runs = 0;
  for (size_t I = 0; I < Pieces.size(); ++I)
    Runs += !I || Pieces[I].Kind != Pieces[I - 1].Kind;
  return Runs <= 32;
}

void Planner::planCopy(MemIntrinsic &I) {
  RetypePlan::Copy C{&I, RetypePlan::Treatment::Mark, "unknown", {}, 0, true};
  auto *Length = dyn_cast<ConstantInt>(I.getLength());
  if (Length && Length->getValue().ule(LargestPainted)) {
    uint64_t Size = Length->getZExtValue();
    C.Pieces = piecesOf(copiedBytes(I, Size));
    C.Mark = markOf(C.Pieces, isa<MemSetInst>(I));
    bool CanExpand = canTakeApart(I) && anyTyped(C.Pieces);
    bool IsMixed = onlyKind(C.Pieces) == Bits::Conflict;
    if (CanExpand && Size <= SmallCopy && (IsMixed || !isa<MemSetInst>(I)))
      C.How = RetypePlan::Treatment::Expand;
    else if (CanExpand && IsMixed && !isa<MemMoveInst>(I) &&
             hasFewRuns(C.Pieces))
      C.How = RetypePlan::Treatment::Runs;
    else if (IsMixed)
      planArrayCopy(C);
  } else {
    planArrayCopy(C);
  }
  Plan.Copies.push_back(std::move(C));
}

RetypePlan Planner::plan() {
  for (Instruction &I : instructions(F)) {
    if (auto *Load = dyn_cast<LoadInst>(&I); Load && isOpaqueBits(I.getType()))
      planLoad(*Load);
    if (isOpaqueBits(I.getType()) &&
        isa<PHINode, SelectInst, FreezeInst, InsertElementInst,
            ExtractElementInst, ShuffleVectorInst>(I))
      planFlow(I);
    if (auto *Copy = dyn_cast<MemIntrinsic>(&I))
      planCopy(*Copy);
  }
  // After the loads: those that are divided take their stores along.
  for (Instruction &I : instructions(F))
    if (auto *Store = dyn_cast<StoreInst>(&I))
      if (isOpaqueBits(Store->getValueOperand()->getType()))
        planStore(*Store);
  return std::move(Plan);
}

RetypePlan planRetyping(Function &F) { return Planner(F).plan(); }

bool retype(Function &F) {
  if (F.isDeclaration())
    return false;
  RetypePlan Plan = planRetyping(F);
  for (Instruction *I : Plan.Unknown)
    markBits(*I, "unknown");
  splitMoves(Plan.Splits);
  retypeMoves(Plan.Moves);
  lowerCopies(Plan.Copies);
  return !Plan.Moves.empty() || !Plan.Splits.empty() || !Plan.Copies.empty() ||
         !Plan.Unknown.empty();
}

void markCopyOf(const Type *Float, Instruction &Copy) {
  if (Bits Kind = bitsOfType(Float); isFloatBits(Kind))
    markBits(Copy, bitsName(Kind));
}

StringRef bitsOf(const Instruction &I) {
  if (const MDNode *Node = I.getMetadata("tern.bits"))
    return cast<MDString>(Node->getOperand(0))->getString();
  return "";
}

} // namespace tern
