// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Takes copies apart into typed loads and stores.
//
//   memcpy(%a, %b, 24)   ->   load double, load double, load ptr from %b;
//                             store double, store double, store ptr to %a
//
// All loads come before all stores, so that a memmove may overlap. A copy of
// one kind too large for that stays and is marked with its kind.
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

static void expandCopy(const RetypePlan::Copy &C) {
  auto &I = cast<MemTransferInst>(*C.At);
  IRBuilder<> B(&I);
  AAMDNodes Aliasing = I.getAAMetadata();
  End From{I.getRawSource(), I.getSourceAlign().valueOrOne(), Aliasing};
  End To{I.getRawDest(), I.getDestAlign().valueOrOne(), Aliasing};
  auto Values = loadPieces(C.Pieces, From, B);
  storePieces(C.Pieces, Values, To, B);
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

void lowerCopies(ArrayRef<RetypePlan::Copy> Copies) {
  for (const RetypePlan::Copy &C : Copies) {
    if (C.How == RetypePlan::Treatment::Expand)
      expandCopy(C);
    else
      markBits(*C.At, C.Mark);
  }
}

} // namespace tern
