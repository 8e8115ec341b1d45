// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "TypeConstraints.h"
#include "TypeHints.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/Operator.h"
#include <numeric>

using namespace llvm;

namespace tern {

// Limits that keep the analysis near-linear on generated code; beyond them less
// is known, never something false.
static constexpr unsigned MaxLeaves = 64;
static constexpr unsigned MaxLanes = 16;
static constexpr unsigned MaxRounds = 12;
static constexpr int64_t MaxCopiedOffset = 4096;
static constexpr unsigned MaxFields = 4096;
static constexpr uint64_t MaxElement = 128;
static constexpr uint64_t MaxPiece = 512;

bool TypeConstraints::appendLeaves(Type *Ty, uint64_t Offset,
                                   std::vector<Leaf> &Out) {
  if (Out.size() >= MaxLeaves)
    return false;
  if (auto *Struct = dyn_cast<StructType>(Ty)) {
    const StructLayout *Layout = DL.getStructLayout(Struct);
    for (unsigned I = 0; I < Struct->getNumElements(); ++I)
      if (!appendLeaves(Struct->getElementType(I),
                        Offset + Layout->getElementOffset(I), Out))
        return false;
    return true;
  }
  if (auto *Array = dyn_cast<ArrayType>(Ty)) {
    uint64_t Step = DL.getTypeAllocSize(Array->getElementType());
    for (uint64_t I = 0; I < Array->getNumElements(); ++I)
      if (!appendLeaves(Array->getElementType(), Offset + I * Step, Out))
        return false;
    return true;
  }
  if (auto *Vector = dyn_cast<VectorType>(Ty)) {
    Type *Lane = Vector->getElementType();
    uint64_t LaneBits = DL.getTypeSizeInBits(Lane);
    auto *Fixed = dyn_cast<FixedVectorType>(Vector);
    if (!Fixed || Fixed->getNumElements() > MaxLanes || LaneBits % 8) {
      uint64_t LaneSize = std::max<uint64_t>(1, LaneBits / 8);
      Out.push_back({Offset, LaneSize, LaneSize, Lane});
      return true;
    }
    for (unsigned I = 0; I < Fixed->getNumElements(); ++I)
      Out.push_back({Offset + I * (LaneBits / 8), LaneBits / 8, 0, Lane});
    return Out.size() <= MaxLeaves;
  }
  Out.push_back({Offset, DL.getTypeStoreSize(Ty), 0, Ty});
  return true;
}

ArrayRef<Leaf> TypeConstraints::leavesOf(Type *Ty) {
  auto It = Leaves.find(Ty);
  if (It != Leaves.end())
    return It->second;
  std::vector<Leaf> Out;
  bool HasSize = Ty->isSized() && !Ty->isX86_AMXTy() && !Ty->isTokenTy();
  bool IsScalable =
      HasSize && DL.getTypeAllocSize(Ty).isScalable() && !isa<VectorType>(Ty);
  if (!HasSize || IsScalable || !appendLeaves(Ty, 0, Out)) {
    Out.clear();
    Out.push_back({0, 0, 0, nullptr}); // one slot for all of it
  }
  return Leaves[Ty] = std::move(Out);
}

unsigned TypeConstraints::leafAt(Type *Ty, ArrayRef<unsigned> Path) {
  if (leavesOf(Ty).size() <= 1)
    return 0;
  unsigned Index = 0;
  for (unsigned Step : Path) {
    if (auto *Struct = dyn_cast<StructType>(Ty)) {
      for (unsigned I = 0; I < Step; ++I)
        if (Type *Field = Struct->getElementType(I); !Field->isEmptyTy())
          Index += leavesOf(Field).size();
      Ty = Struct->getElementType(Step);
      continue;
    }
    Ty = isa<ArrayType>(Ty) ? Ty->getArrayElementType()
                            : cast<VectorType>(Ty)->getElementType();
    if (!Ty->isEmptyTy())
      Index += Step * leavesOf(Ty).size();
  }
  return Index;
}

TypeConstraints::SlotId TypeConstraints::makeSlots(Type *Ty) {
  SlotId First = TypeGraph::None;
  for (const Leaf &L : leavesOf(Ty)) {
    SlotId S = Graph.addSlot();
    First = std::min(First, S);
    if (!L.Ty)
      continue;
    Graph.addEvidence(S, bitsOfType(L.Ty));
    if (auto *Int = dyn_cast<IntegerType>(L.Ty))
      if (Int->getBitWidth() % 16 && Int->getBitWidth() != 8)
        Graph.addEvidence(S, Bits::Integer);
  }
  return First;
}

void TypeConstraints::readConstantExpression(User *E) {
  if (auto *Gep = dyn_cast<GEPOperator>(E)) {
    APInt Offset(DL.getIndexTypeSizeInBits(Gep->getType()), 0);
    if (Gep->getType()->isPointerTy() &&
        Gep->accumulateConstantOffset(DL, Offset))
      derive(Gep, Gep->getPointerOperand(), Offset.getSExtValue(), 0);
    return;
  }
  if (Operator::getOpcode(E) == Instruction::PtrToInt ||
      Operator::getOpcode(E) == Instruction::IntToPtr)
    move(E, E->getOperand(0));
}

// Integer constants get a slot per use: two places that both hold 1 have
// nothing to do with each other.
TypeConstraints::SlotId TypeConstraints::slotOfConstant(Constant *C) {
  if (isa<UndefValue>(C) ||
      (C->isNullValue() && C->getType()->isIntOrIntVectorTy()))
    return TypeGraph::None;
  bool IsShared = isa<GlobalValue>(C) || isa<ConstantExpr>(C);
  if (IsShared)
    if (auto It = Slots.find(C); It != Slots.end())
      return It->second;
  SlotId S = makeSlots(C->getType());
  if (IsShared)
    Slots[C] = S;
  if (auto *Global = dyn_cast<GlobalVariable>(C)) {
    Graph.pointee(S);
    hint([this, Global] { hintFromGlobal(*this, *Global); });
  } else if (isa<ConstantExpr>(C)) {
    readConstantExpression(C);
  } else if (auto *Int = dyn_cast<ConstantInt>(C)) {
    // As a double this would be denormal: surely a count or an index.
    if (Int->getValue().getSignificantBits() <= Int->getBitWidth() / 2)
      Graph.addEvidence(S, Bits::Integer, /*Strong=*/false);
  } else if (auto *Parts = dyn_cast<ConstantAggregate>(C)) {
    if (leavesOf(C->getType()).size() > 1)
      for (unsigned I = 0; I < Parts->getNumOperands(); ++I)
        if (SlotId P = slotOf(Parts->getOperand(I)); P != TypeGraph::None)
          for (unsigned L = 0, At = leafAt(C->getType(), I);
               L < leavesOf(Parts->getOperand(I)->getType()).size(); ++L)
            Graph.unify(S + At + L, P + L);
  }
  return S;
}

TypeConstraints::SlotId TypeConstraints::slotOf(Value *V) {
  if (V->getType()->isEmptyTy())
    return TypeGraph::None;
  if (auto *C = dyn_cast<Constant>(V))
    return slotOfConstant(C);
  auto It = Slots.find(V);
  if (It != Slots.end())
    return It->second;
  SlotId S = makeSlots(V->getType());
  Slots[V] = S;
  return S;
}

TypeConstraints::SlotId TypeConstraints::knownSlot(const Value *V) const {
  auto It = Slots.find(V);
  return It == Slots.end() ? TypeGraph::None : It->second;
}

void TypeConstraints::moveLeaf(Value *To, unsigned ToLeaf, Value *From,
                               unsigned FromLeaf) {
  moveLeaves(To, ToLeaf, From, FromLeaf, 1);
}

void TypeConstraints::moveLeaves(Value *To, unsigned ToLeaf, Value *From,
                                 unsigned FromLeaf, unsigned Count) {
  SlotId A = slotOf(To), B = slotOf(From);
  if (A == TypeGraph::None || B == TypeGraph::None)
    return;
  unsigned LastTo = leavesOf(To->getType()).size() - 1;
  unsigned LastFrom = leavesOf(From->getType()).size() - 1;
  for (unsigned I = 0; I < Count; ++I)
    Graph.unify(A + std::min(ToLeaf + I, LastTo),
                B + std::min(FromLeaf + I, LastFrom));
}

void TypeConstraints::move(Value *To, Value *From) {
  if (leavesOf(To->getType()).size() == leavesOf(From->getType()).size())
    moveLeaves(To, 0, From, 0, leavesOf(To->getType()).size());
  else
    part(To, From);
}

void TypeConstraints::moveAll(Value *To, Value *From) {
  unsigned Count = std::max(leavesOf(To->getType()).size(),
                            leavesOf(From->getType()).size());
  for (unsigned I = 0; I < Count; ++I) {
    moveLeaf(To, 0, From, I);
    moveLeaf(To, I, From, 0);
  }
}

void TypeConstraints::access(Value *Ptr, Type *Ty, Value *V, int64_t Offset) {
  SlotId P = slotOf(Ptr), S = slotOf(V);
  if (P == TypeGraph::None || S == TypeGraph::None ||
      !Ptr->getType()->isPointerTy())
    return;
  unsigned I = 0;
  for (const Leaf &L : leavesOf(Ty))
    if (L.Size)
      Accesses.push_back({P, S + I++, L, Offset});
}

void TypeConstraints::derive(Value *Result, Value *Base, int64_t Offset,
                             uint64_t Stride) {
  SlotId R = slotOf(Result), B = slotOf(Base);
  if (R != TypeGraph::None && B != TypeGraph::None)
    Derives.push_back({R, B, Offset, Stride});
}

void TypeConstraints::copy(Value *To, Value *From, uint64_t Size) {
  SlotId A = slotOf(To), B = slotOf(From);
  if (A != TypeGraph::None && B != TypeGraph::None)
    for (auto [To, From] : {std::pair(A, B), std::pair(B, A)})
      Copies.push_back({To, From, Size, {}, {}});
}

void TypeConstraints::part(Value *Whole, Value *Piece, bool IsAll) {
  SlotId W = slotOf(Whole), P = slotOf(Piece);
  if (W == TypeGraph::None || P == TypeGraph::None)
    return;
  ArrayRef<Leaf> Ws = leavesOf(Whole->getType());
  ArrayRef<Leaf> Ps = leavesOf(Piece->getType());
  if (Ws.size() < Ps.size()) {
    std::swap(Ws, Ps);
    std::swap(W, P);
  }
  // <4 x float> and <2 x i64>: leaf 0 meets 0 and 1, leaf 1 meets 2 and 3.
  for (unsigned I = 0; I < Ws.size(); ++I) {
    unsigned J = I * Ps.size() / Ws.size();
    if (Ws[I].Size >= Ps[J].Size)
      Parts.push_back({W + I, P + J, static_cast<unsigned>(Ps[J].Size), IsAll});
    else
      Parts.push_back({P + J, W + I, static_cast<unsigned>(Ws[I].Size), IsAll});
  }
}

void TypeConstraints::note(Value *V, Bits Kind, bool Strong) {
  if (isa<Constant>(V))
    return;
  SlotId S = slotOf(V);
  if (S == TypeGraph::None)
    return;
  for (unsigned I = 0; I < leavesOf(V->getType()).size(); ++I)
    Graph.addEvidence(S + I, Kind, Strong);
}

TypeGraph::Place TypeConstraints::placeOf(Value *Ptr) {
  SlotId S = slotOf(Ptr);
  // An undefined pointer points to memory of its own.
  return Graph.pointee(S == TypeGraph::None ? makeSlots(Ptr->getType()) : S);
}

void TypeConstraints::solveDerive(const Derive &D) {
  TypeGraph::Place Base = Graph.pointee(D.Base);
  uint64_t Stride = D.Stride;
  if (Stride == AnyStride)
    Stride = std::max<uint64_t>(1, Graph.period(Base));
  Graph.unifyPointee(D.Result, Graph.shifted(Base, D.Offset, Stride));
}

void TypeConstraints::solvePlaces(bool AnyStrides) {
  for (unsigned Round = 0; Round < MaxRounds; ++Round) {
    unsigned Before = Graph.version();
    for (const Derive &D : Derives)
      if (AnyStrides || D.Stride != AnyStride)
        solveDerive(D);
    if (Graph.version() == Before)
      return;
  }
}

void TypeConstraints::solveAccesses() {
  for (const Access &A : Accesses) {
    TypeGraph::Place P = Graph.shifted(
        Graph.pointee(A.Ptr), static_cast<int64_t>(A.Where.Offset) + A.Offset,
        A.Where.Stride);
    Graph.unify(Graph.field(P, A.Where.Size), A.Value);
  }
}

void TypeConstraints::copyFields(TypeGraph::Place To, TypeGraph::Place From,
                                 uint64_t Size) {
  uint64_t Overlap = 0; // copying an object onto itself, shifted
  if (To.Cell == From.Cell) {
    if (To.Offset == From.Offset && To.Stride == From.Stride)
      return;
    uint64_t Distance = std::abs(To.Offset - From.Offset);
    if (!Size || Distance < Size)
      Overlap = Distance;
  }
  int64_t Limit = Size ? static_cast<int64_t>(Size) : MaxCopiedOffset;
  if (Graph.numFields(From) > MaxFields)
    return;
  // Elements moved up or down within an array, by a length that is not known:
  // what lies at a fixed place may be a member behind it that stays.
  Pieces Known;
  bool WithinArray = Overlap && !Size && Graph.hasArrays(From);
  for (const TypeGraph::Field &F : Graph.fieldsFrom(From, Limit)) {
    // An array may begin before the copied stretch, or the stretch be any
    // element of one.
    uint64_t Step = F.Key.Stride;
    int64_t At = F.Key.Offset - From.Offset;
    if (!Step && (From.Stride || WithinArray))
      continue; // one of many elements: see copyElement
    if (Step && At < 0)
      At = At % static_cast<int64_t>(Step) + Step;
    if (At < 0 || At + static_cast<int64_t>(F.Key.Size) > Limit)
      continue;
    // A piece of an array is some elements, not an array without end.
    bool IsPiece = Size && Step && Size <= MaxPiece && !Overlap;
    uint64_t Stride = IsPiece ? 0 : std::gcd(Step, Overlap);
    for (; At + static_cast<int64_t>(F.Key.Size) <= Limit; At += Step) {
      TypeGraph::Place P = Graph.shifted(To, At, Stride);
      bool Fits = !P.Stride || P.Stride >= F.Key.Size;
      // Where an array ends is only known from what comes after it.
      bool IsElement = !IsPiece || (Graph.kind(F.Slot) != Bits::Unknown &&
                                    pieceKind(Known, From, At, F.Key.Size) ==
                                        Graph.kind(F.Slot));
      if (Fits && IsElement)
        Graph.unify(Graph.field(P, F.Key.Size), F.Slot);
      if (!IsPiece)
        break;
    }
  }
}

/// The kind of all bytes of the piece, or Unknown.
Bits TypeConstraints::pieceKind(Pieces &Known, TypeGraph::Place From,
                                int64_t At, uint64_t Size) {
  From = Graph.shifted(From, 0);
  if (!(From == Known.From) || Graph.changed(From) > Known.Version) {
    Known.From = From;
    Known.Version = Graph.version();
    Known.Kinds.clear();
  }
  auto [It, IsNew] = Known.Kinds.try_emplace({At, Size}, Bits::Unknown);
  if (!IsNew)
    return It->second;
  auto Bytes = Graph.paint(Graph.shifted(From, At), Size);
  bool Same = all_of(
      Bytes, [&](const TypeGraph::Byte &B) { return B.Kind == Bytes[0].Kind; });
  return It->second = Same ? Bytes[0].Kind : Bits::Unknown;
}

// Any element of an array: what holds for all of them holds for the copy.
void TypeConstraints::copyElement(TypeGraph::Place To, TypeGraph::Place From,
                                  uint64_t Size) {
  if (!From.Stride || !Size || Size > MaxElement)
    return;
  auto Bytes = Graph.paint(From, Size);
  for (uint64_t At = 0; At < Size; ++At)
    if (unsigned Unit = bitsSize(Bytes[At].Kind);
        Bytes[At].Starts && Unit && At + Unit <= Size)
      Graph.addEvidence(Graph.field(Graph.shifted(To, At), Unit),
                        Bytes[At].Kind, /*Strong=*/false);
}

// What was copied stays copied: the same places are looked at again only after
// a change of what is read.
void TypeConstraints::solveCopy(Copy &C) {
  TypeGraph::Place To = Graph.pointee(C.To), From = Graph.pointee(C.From);
  if (C.ToPlace == To && C.FromPlace == From &&
      Graph.changed(From) <= C.Version)
    return;
  C.ToPlace = To;
  C.FromPlace = From;
  C.Version = Graph.version();
  copyFields(To, From, C.Size);
  copyElement(To, From, C.Size);
}

void TypeConstraints::solveCopies() {
  for (Copy &C : Copies)
    solveCopy(C);
}

// An i64 with a float in its lower half, and nothing known to be otherwise in
// the upper one, is two floats.
void TypeConstraints::solveParts() {
  DenseMap<SlotId, Bits> Joined;
  for (const Part &P : Parts) {
    Bits &Kind =
        Joined.try_emplace(Graph.find(P.Whole), Bits::Unknown).first->second;
    Bits Piece = Graph.kind(P.Piece);
    bool Differs =
        Kind != Bits::Unknown && Piece != Bits::Unknown && Kind != Piece;
    Kind = Differs ? Bits::Conflict : joinBits(Kind, Piece);
  }
  for (const Part &P : Parts) {
    Bits Whole = Graph.kind(P.Whole);
    if (isFloatBits(Whole) && bitsSize(Whole) <= P.PieceSize)
      Graph.addEvidence(P.Piece, Whole);
    else if (Bits Kind = Joined.lookup(Graph.find(P.Whole)); isFloatBits(Kind))
      Graph.addEvidence(P.Whole, Kind);
    else if (Whole == Bits::Integer)
      Graph.addEvidence(P.Piece, Whole, /*Strong=*/false);
    else if (P.IsAll && Graph.kind(P.Piece) == Bits::Integer)
      Graph.addEvidence(P.Whole, Bits::Integer, /*Strong=*/false);
  }
}

// Pointers at unknown byte offsets come after the first look at the accesses,
// which show the strides.
void TypeConstraints::solve() {
  solvePlaces(/*AnyStrides=*/false);
  for (unsigned Round = 0; Round < MaxRounds; ++Round) {
    unsigned Before = Graph.version();
    solveAccesses();
    if (Round < 2)
      for (unsigned I = 0; I < Hints.size(); ++I)
        Hints[I]();
    solveCopies();
    solveParts();
    solvePlaces(/*AnyStrides=*/true);
    Graph.linkFields();
    if (Graph.version() == Before)
      return;
  }
}

} // namespace tern
