// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Takes copies, and fills with zero, apart into typed loads and stores.
//
//   memcpy(%a, %b, 24)   ->   load double, load double, load ptr from %b;
//                             store double, store double, store ptr to %a
//
// All loads come before all stores, so that a memmove may overlap. A copy of
// one kind too large for that stays and is marked with its kind. An array of
// structs becomes a loop that moves one struct per iteration, from the end if
// the ranges could overlap the wrong way:
//
//   memcpy(%a, %b, %n)   ->   for (o = 0; o + 24 <= n; o += 24)
//                               typed moves at a + o, b + o
//                             the members of a last, incomplete struct
#include "RetypePlan.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace tern {

namespace {
/// One end of a copy: base pointer, what is known of its alignment, and the
/// aliasing facts of the access that is taken apart.
struct End {
  Value *Ptr;
  Align Alignment;
  AAMDNodes Aliasing;
};
} // namespace

static Type *typeOf(const Piece &P, LLVMContext &Ctx) {
  if (Type *Ty = bitsType(P.Kind, Ctx))
    return Ty;
  return Type::getIntNTy(Ctx, 8 * P.Size);
}

static void finish(Instruction &I, const Piece &P, const End &E, Type *Ty) {
  AAMDNodes Tags = E.Aliasing;
  I.setAAMetadata(Tags.adjustForAccess(P.Offset, Ty, I.getDataLayout()));
  if (P.Kind == Bits::Unknown)
    markBits(I, "unknown");
}

static Value *pieceAt(const End &E, const Piece &P, IRBuilderBase &B) {
  if (!P.Offset)
    return E.Ptr;
  return B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), E.Ptr, P.Offset);
}

static SmallVector<Value *, 16> loadPieces(ArrayRef<Piece> Pieces,
                                           const End &From, IRBuilderBase &B) {
  SmallVector<Value *, 16> Out;
  for (const Piece &P : Pieces) {
    Type *Ty = typeOf(P, B.getContext());
    LoadInst *L = B.CreateAlignedLoad(
        Ty, pieceAt(From, P, B), commonAlignment(From.Alignment, P.Offset));
    finish(*L, P, From, Ty);
    Out.push_back(L);
  }
  return Out;
}

static void storePieces(ArrayRef<Piece> Pieces, ArrayRef<Value *> Values,
                        const End &To, IRBuilderBase &B) {
  for (auto [P, V] : zip(Pieces, Values)) {
    StoreInst *S = B.CreateAlignedStore(
        V, pieceAt(To, P, B), commonAlignment(To.Alignment, P.Offset));
    finish(*S, P, To, V->getType());
  }
}

/// What a memset to zero stores.
static SmallVector<Value *, 16> zeroPieces(ArrayRef<Piece> Pieces,
                                           LLVMContext &Ctx) {
  SmallVector<Value *, 16> Out;
  for (const Piece &P : Pieces)
    Out.push_back(Constant::getNullValue(typeOf(P, Ctx)));
  return Out;
}

static End destOf(MemIntrinsic &I, AAMDNodes Aliasing) {
  return {I.getRawDest(), I.getDestAlign().valueOrOne(), Aliasing};
}

/// The null pointer for a memset: its pieces are zeros.
static End sourceOf(MemIntrinsic &I, AAMDNodes Aliasing) {
  auto *Transfer = dyn_cast<MemTransferInst>(&I);
  if (!Transfer)
    return {nullptr, Align(1), AAMDNodes()};
  return {Transfer->getRawSource(), Transfer->getSourceAlign().valueOrOne(),
          Aliasing};
}

static void movePieces(ArrayRef<Piece> Pieces, const End &From, const End &To,
                       IRBuilderBase &B) {
  storePieces(Pieces,
              From.Ptr ? loadPieces(Pieces, From, B)
                       : zeroPieces(Pieces, B.getContext()),
              To, B);
}

static void expandCopy(const RetypePlan::Copy &C) {
  MemIntrinsic &I = *C.At;
  IRBuilder<> B(&I);
  AAMDNodes Aliasing = I.getAAMetadata();
  movePieces(C.Pieces, sourceOf(I, Aliasing), destOf(I, Aliasing), B);
  I.eraseFromParent();
}

static unsigned runLength(ArrayRef<Piece> Pieces) {
  unsigned N = 1;
  while (N < Pieces.size() && Pieces[N].Kind == Pieces[0].Kind &&
         Pieces[N].Offset == Pieces[N - 1].Offset + Pieces[N - 1].Size)
    ++N;
  return N;
}

static void copyRuns(const RetypePlan::Copy &C) {
  MemIntrinsic &I = *C.At;
  IRBuilder<> B(&I);
  AAMDNodes Aliasing = I.getAAMetadata();
  Aliasing.TBAAStruct = nullptr;
  End From = sourceOf(I, Aliasing), To = destOf(I, Aliasing);
  for (ArrayRef<Piece> Rest = C.Pieces; !Rest.empty();) {
    ArrayRef<Piece> Run = Rest.take_front(runLength(Rest));
    Rest = Rest.drop_front(Run.size());
    if (Run.size() <= 4) {
      movePieces(Run, From, To, B);
      continue;
    }
    uint64_t At = Run[0].Offset;
    uint64_t Size = Run.back().Offset + Run.back().Size - At;
    Value *Dest = pieceAt(To, Run[0], B);
    Align DestAlign = commonAlignment(To.Alignment, At);
    CallInst *Part =
        From.Ptr ? B.CreateMemCpy(Dest, DestAlign, pieceAt(From, Run[0], B),
                                  commonAlignment(From.Alignment, At), Size)
                 : B.CreateMemSet(Dest, B.getInt8(0), Size, DestAlign);
    markBits(*Part, bitsName(Run[0].Kind));
  }
  I.eraseFromParent();
}

namespace {
/// A copy as a loop over elements. Blocks: the code before, loops, the code
/// after; `Next` is where the next block's predecessor branches from.
class ElementLoop {
public:
  explicit ElementLoop(const RetypePlan::Copy &C);
  void emit();

private:
  void emitForwards(BasicBlock *Entry, BasicBlock *Exit);
  void emitBackwards(BasicBlock *Entry, BasicBlock *Exit);
  void emitRest(BasicBlock *Entry, BasicBlock *Exit, bool Backwards);
  void moveElement(IRBuilderBase &B, Value *Offset, ArrayRef<Piece> Pieces);
  BasicBlock *block(const Twine &Name) {
    return BasicBlock::Create(I.getContext(), Name, I.getFunction(), After);
  }
  Value *number(uint64_t N) { return ConstantInt::get(Length->getType(), N); }

  const RetypePlan::Copy &C;
  MemIntrinsic &I;
  Value *Length, *Whole = nullptr; ///< bytes; of those, in whole elements
  End From, To;
  BasicBlock *Before, *After;
};
} // namespace

ElementLoop::ElementLoop(const RetypePlan::Copy &C)
    : C(C), I(*C.At), Length(I.getLength()) {
  AAMDNodes Aliasing = I.getAAMetadata();
  Aliasing.TBAA = Aliasing.TBAAStruct = nullptr;
  From = sourceOf(I, Aliasing);
  To = destOf(I, Aliasing);
  Before = I.getParent();
  After = Before->splitBasicBlock(&I, "copy.done");
  Before->getTerminator()->eraseFromParent();
}

void ElementLoop::moveElement(IRBuilderBase &B, Value *Offset,
                              ArrayRef<Piece> Pieces) {
  End Source = From, Dest = To;
  if (From.Ptr)
    Source.Ptr = B.CreateInBoundsGEP(B.getInt8Ty(), From.Ptr, Offset);
  Dest.Ptr = B.CreateInBoundsGEP(B.getInt8Ty(), To.Ptr, Offset);
  Source.Alignment = commonAlignment(From.Alignment, C.Period);
  Dest.Alignment = commonAlignment(To.Alignment, C.Period);
  movePieces(Pieces, Source, Dest, B);
}

void ElementLoop::emitForwards(BasicBlock *Entry, BasicBlock *Exit) {
  BasicBlock *Body = block("copy.element");
  IRBuilder<> B(Entry);
  B.SetCurrentDebugLocation(I.getDebugLoc());
  B.CreateCondBr(B.CreateICmpNE(Whole, number(0)), Body, Exit);
  B.SetInsertPoint(Body);
  PHINode *Offset = B.CreatePHI(Length->getType(), 2, "copy.offset");
  moveElement(B, Offset, C.Pieces);
  Value *Next = B.CreateNUWAdd(Offset, number(C.Period));
  Offset->addIncoming(number(0), Entry);
  Offset->addIncoming(Next, Body);
  B.CreateCondBr(B.CreateICmpULT(Next, Whole), Body, Exit);
}

void ElementLoop::emitBackwards(BasicBlock *Entry, BasicBlock *Exit) {
  BasicBlock *Body = block("copy.element.down");
  IRBuilder<> B(Entry);
  B.SetCurrentDebugLocation(I.getDebugLoc());
  B.CreateCondBr(B.CreateICmpNE(Whole, number(0)), Body, Exit);
  B.SetInsertPoint(Body);
  PHINode *EndOffset = B.CreatePHI(Length->getType(), 2, "copy.end");
  Value *Offset = B.CreateNUWSub(EndOffset, number(C.Period));
  moveElement(B, Offset, C.Pieces);
  EndOffset->addIncoming(Whole, Entry);
  EndOffset->addIncoming(Offset, Body);
  B.CreateCondBr(B.CreateICmpNE(Offset, number(0)), Body, Exit);
}

// The members that still fit behind the last whole element.
void ElementLoop::emitRest(BasicBlock *Entry, BasicBlock *Exit,
                           bool Backwards) {
  IRBuilder<> B(Entry);
  B.SetCurrentDebugLocation(I.getDebugLoc());
  Value *Rest = B.CreateSub(Length, Whole);
  SmallVector<Piece, 16> Pieces(C.Pieces);
  if (Backwards)
    std::reverse(Pieces.begin(), Pieces.end());
  for (const Piece &P : Pieces) {
    BasicBlock *Move = block("copy.member"), *Next = block("copy.next");
    B.CreateCondBr(B.CreateICmpUGE(Rest, number(P.Offset + P.Size)), Move,
                   Next);
    B.SetInsertPoint(Move);
    moveElement(B, Whole, P);
    B.CreateBr(Next);
    B.SetInsertPoint(Next);
  }
  B.CreateBr(Exit);
}

void ElementLoop::emit() {
  IRBuilder<> B(Before);
  B.SetCurrentDebugLocation(I.getDebugLoc());
  Whole = C.IsWhole
              ? Length
              : B.CreateSub(Length, B.CreateURem(Length, number(C.Period)),
                            "copy.whole");
  BasicBlock *Up = Before;
  if (isa<MemMoveInst>(I)) {
    Up = block("copy.up");
    BasicBlock *Down = block("copy.down");
    B.CreateCondBr(B.CreateICmpULE(To.Ptr, From.Ptr), Up, Down);
    BasicBlock *Elements = Down;
    if (!C.IsWhole)
      emitRest(Down, Elements = block("copy.down.elements"), true);
    emitBackwards(Elements, After);
  }
  BasicBlock *Rest = C.IsWhole ? After : block("copy.rest");
  emitForwards(Up, Rest);
  if (!C.IsWhole)
    emitRest(Rest, After, false);
  I.eraseFromParent();
}

void splitMoves(ArrayRef<RetypePlan::Split> Splits) {
  for (const RetypePlan::Split &S : Splits) {
    SmallVector<Value *, 16> Values;
    if (S.Load) {
      IRBuilder<> B(S.Load);
      Values = loadPieces(S.Pieces,
                          {S.Load->getPointerOperand(), S.Load->getAlign(),
                           S.Load->getAAMetadata()},
                          B);
    } else {
      for (const Piece &P : S.Pieces)
        Values.push_back(
            Constant::getNullValue(typeOf(P, S.Stores.front()->getContext())));
    }
    for (StoreInst *Store : S.Stores) {
      IRBuilder<> B(Store);
      storePieces(S.Pieces, Values,
                  {Store->getPointerOperand(), Store->getAlign(),
                   Store->getAAMetadata()},
                  B);
      Store->eraseFromParent();
    }
    if (S.Load)
      S.Load->eraseFromParent();
  }
}

static void lowerCopy(const RetypePlan::Copy &C) {
  switch (C.How) {
  case RetypePlan::Treatment::Mark:
    return markBits(*C.At, C.Mark);
  case RetypePlan::Treatment::Expand:
    return expandCopy(C);
  case RetypePlan::Treatment::Runs:
    return copyRuns(C);
  case RetypePlan::Treatment::Loop:
    return ElementLoop(C).emit();
  }
}

void lowerCopies(ArrayRef<RetypePlan::Copy> Copies) {
  for (const RetypePlan::Copy &C : Copies)
    lowerCopy(C);
}

} // namespace tern
