// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reading a function's instructions as evidence (Types.h). Three families:
// moves (the same bits appear elsewhere), accesses (bits meet memory) and
// arithmetic (the bits are integers). What is not known here says nothing.
#include "Types.h"
#include "ChosenPlaces.h"
#include "DeclaredIntegers.h"
#include "Retype.h"
#include "TypeConstraints.h"
#include "TypeHints.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/GetElementPtrTypeIterator.h"
#include "llvm/IR/InstVisitor.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/PatternMatch.h"
#include <numeric>

using namespace llvm;
using namespace llvm::PatternMatch;

namespace tern {

using OpenPhis = SmallPtrSet<const PHINode *, 4>;

// A phi that is being looked at divides as whatever else goes into it does: if
// it starts at 0 and 8 is added, all its values are multiples of 8.
static uint64_t divisorOf(const Value *V, unsigned Depth, OpenPhis &Open) {
  if (auto *C = dyn_cast<ConstantInt>(V))
    return C->getValue().getSignificantBits() > 62
               ? 1
               : std::abs(C->getSExtValue());
  const Value *A, *B;
  const APInt *N;
  auto *Phi = dyn_cast<PHINode>(V);
  if (Phi && Open.contains(Phi))
    return 0;
  if (!Depth || V->getType()->isVectorTy())
    return 1;
  --Depth;
  auto Of = [&](const Value *X) { return divisorOf(X, Depth, Open); };
  auto Product = [&](const Value *L, const Value *R) -> uint64_t {
    uint64_t X = Of(L), Y = Of(R);
    return X < (1u << 20) && Y < (1u << 20) ? X * Y : 1;
  };
  if (match(V, m_Mul(m_Value(A), m_Value(B))))
    return Product(A, B);
  if (match(V, m_Shl(m_Value(A), m_APInt(N))) && N->ult(20)) {
    uint64_t X = Of(A);
    return X < (1u << 20) ? X << N->getZExtValue() : 1;
  }
  if (match(V, m_Add(m_Value(A), m_Value(B))) ||
      match(V, m_Sub(m_Value(A), m_Value(B))) ||
      match(V, m_Select(m_Value(), m_Value(A), m_Value(B))))
    return std::gcd(Of(A), Of(B));
  if (match(V, m_ZExtOrSExt(m_Value(A))) || match(V, m_Freeze(m_Value(A))))
    return Of(A);
  if (auto *Checked = dyn_cast<ExtractValueInst>(V))
    if (auto *Mul = dyn_cast<WithOverflowInst>(Checked->getAggregateOperand());
        Mul && Mul->getBinaryOp() == Instruction::Mul)
      return Product(Mul->getLHS(), Mul->getRHS());
  if (match(V, m_And(m_Value(), m_APInt(N))) && !N->isZero())
    return uint64_t(1) << std::min(N->countr_zero(), 20u);
  if (!Phi)
    return 1;
  Open.insert(Phi);
  uint64_t D = 0;
  for (const Value *In : Phi->incoming_values())
    if (D != 1)
      D = std::gcd(D, Of(In));
  Open.erase(Phi);
  return D;
}

uint64_t divisorOf(const Value *V) {
  constexpr unsigned MaxDepth = 6;
  OpenPhis Open;
  uint64_t D = divisorOf(V, MaxDepth, Open);
  return D || isa<ConstantInt>(V) ? D : 1;
}

namespace {

class Reader : public InstVisitor<Reader> {
public:
  explicit Reader(TypeConstraints &C) : C(C) {}

  void visitInstruction(Instruction &) {}

  // Moves.
  void visitPHINode(PHINode &I) {
    for (Value *In : I.incoming_values())
      C.move(&I, In);
  }
  void visitSelectInst(SelectInst &I) {
    if (!chosenPlaces(I, C.layout()).empty())
      return;
    C.move(&I, I.getTrueValue());
    C.move(&I, I.getFalseValue());
  }
  void visitFreezeInst(FreezeInst &I) { C.move(&I, I.getOperand(0)); }
  void visitBitCastInst(BitCastInst &I) { C.move(&I, I.getOperand(0)); }
  void visitPtrToIntInst(PtrToIntInst &I) { C.move(&I, I.getOperand(0)); }
  void visitIntToPtrInst(IntToPtrInst &I) { C.move(&I, I.getOperand(0)); }
  void visitAddrSpaceCastInst(AddrSpaceCastInst &I) {
    C.derive(&I, I.getOperand(0), 0, 0);
  }
  void visitTruncInst(TruncInst &I) {
    Value *Whole = I.getOperand(0), *X;
    const APInt *Shift;
    if (match(Whole, m_LShr(m_Value(X), m_APInt(Shift))))
      Whole = X;
    C.part(Whole, &I);
  }
  void visitZExtInst(ZExtInst &I) {
    C.part(&I, I.getOperand(0), /*IsAll=*/true);
  }
  void visitLandingPadInst(LandingPadInst &I) {
    if (C.leavesOf(I.getType()).size() == 2)
      C.graph().addEvidence(C.slotOf(&I) + 1, Bits::Integer);
  }
  void visitSExtInst(SExtInst &I) { noteIntegers(I); }
  void visitExtractValueInst(ExtractValueInst &I) {
    Value *Whole = I.getAggregateOperand();
    C.moveLeaves(&I, 0, Whole, C.leafAt(Whole->getType(), I.getIndices()),
                 C.leavesOf(I.getType()).size());
  }
  void visitInsertValueInst(InsertValueInst &I) {
    Value *Whole = I.getAggregateOperand(), *Part = I.getInsertedValueOperand();
    unsigned At = C.leafAt(I.getType(), I.getIndices());
    unsigned Count = C.leavesOf(Part->getType()).size();
    unsigned All = C.leavesOf(I.getType()).size();
    C.moveLeaves(&I, At, Part, 0, Count);
    C.moveLeaves(&I, 0, Whole, 0, At);
    if (At + Count < All)
      C.moveLeaves(&I, At + Count, Whole, At + Count, All - At - Count);
  }
  void visitExtractElementInst(ExtractElementInst &I) {
    if (auto *Index = dyn_cast<ConstantInt>(I.getIndexOperand()))
      return C.moveLeaf(&I, 0, I.getVectorOperand(),
                        Index->getLimitedValue(99));
    C.moveAll(&I, I.getVectorOperand());
  }
  void visitInsertElementInst(InsertElementInst &I) {
    auto *Index = dyn_cast<ConstantInt>(I.getOperand(2));
    if (!Index) {
      C.move(&I, I.getOperand(0));
      return C.moveAll(&I, I.getOperand(1));
    }
    unsigned At = Index->getLimitedValue(99);
    unsigned All = C.leavesOf(I.getType()).size();
    C.moveLeaf(&I, At, I.getOperand(1), 0);
    for (unsigned L = 0; L < All; ++L)
      if (L != At)
        C.moveLeaf(&I, L, I.getOperand(0), L);
  }
  void visitShuffleVectorInst(ShuffleVectorInst &I) {
    auto *From = dyn_cast<FixedVectorType>(I.getOperand(0)->getType());
    if (!From || C.leavesOf(From).size() == 1) {
      C.moveAll(&I, I.getOperand(0));
      return C.moveAll(&I, I.getOperand(1));
    }
    int Lanes = From->getNumElements();
    for (auto [To, Lane] : enumerate(I.getShuffleMask()))
      if (Lane >= 0)
        C.moveLeaf(&I, To, I.getOperand(Lane >= Lanes), Lane % Lanes);
  }

  // Accesses.
  void visitLoadInst(LoadInst &I) { readAccess(I, *I.getPointerOperand(), &I); }
  void visitStoreInst(StoreInst &I) {
    readAccess(I, *I.getPointerOperand(), I.getValueOperand());
    // An i64 that goes straight from memory to memory may be a float and an
    // integer: the memory learns that, the value could not.
    auto *Load = dyn_cast<LoadInst>(I.getValueOperand());
    if (Load && Load->getType()->isIntOrIntVectorTy() &&
        !isDeclaredInteger(I) && !isDeclaredInteger(*Load))
      C.copy(I.getPointerOperand(), Load->getPointerOperand(),
             storeSize(Load->getType()));
  }
  void visitAtomicRMWInst(AtomicRMWInst &I) {
    C.access(I.getPointerOperand(), I.getType(), &I);
    C.move(&I, I.getValOperand());
    if (I.getOperation() != AtomicRMWInst::Xchg && I.getType()->isIntegerTy())
      C.note(&I, Bits::Integer);
  }
  void visitAtomicCmpXchgInst(AtomicCmpXchgInst &I) {
    Value *New = I.getNewValOperand();
    C.access(I.getPointerOperand(), New->getType(), New);
    C.moveLeaves(&I, 0, New, 0, 1);
    C.move(I.getCompareOperand(), New);
  }
  void visitAllocaInst(AllocaInst &I) {
    C.hint(
        [&C = C, &I] { hintFromType(C, C.placeOf(&I), I.getAllocatedType()); });
  }
  void visitGetElementPtrInst(GetElementPtrInst &I);

  // Arithmetic.
  void visitBinaryOperator(BinaryOperator &I);
  void visitICmpInst(ICmpInst &I) {
    bool Orders = !I.isEquality();
    for (Value *Op : I.operands())
      if (Op->getType()->isIntOrIntVectorTy())
        C.note(Op, Bits::Integer, Orders);
  }
  void visitSwitchInst(SwitchInst &I) {
    C.note(I.getCondition(), Bits::Integer);
  }
  void visitSIToFPInst(SIToFPInst &I) { noteIntegers(I); }
  void visitUIToFPInst(UIToFPInst &I) { noteIntegers(I); }
  void visitFPToSIInst(FPToSIInst &I) { C.note(&I, Bits::Integer); }
  void visitFPToUIInst(FPToUIInst &I) { C.note(&I, Bits::Integer); }

  // Calls.
  void visitCallBase(CallBase &I);
  void visitReturnInst(ReturnInst &) {}

private:
  uint64_t storeSize(Type *Ty) {
    TypeSize Size = C.layout().getTypeStoreSize(Ty);
    return Size.isScalable() ? 0 : Size.getFixedValue();
  }
  void noteIntegers(Instruction &I) {
    for (Value *Op : I.operands())
      if (Op->getType()->isIntOrIntVectorTy())
        C.note(Op, Bits::Integer);
    if (I.getType()->isIntOrIntVectorTy())
      C.note(&I, Bits::Integer);
  }
  void readAccess(Instruction &I, Value &Ptr, Value *V);
  void readOr(BinaryOperator &I);
  void noteSmallMask(BinaryOperator &I);
  bool readIntrinsic(IntrinsicInst &I);
  void readCopy(CallBase &I, Value *Length);

  TypeConstraints &C;
};

} // namespace

void Reader::readAccess(Instruction &I, Value &Ptr, Value *V) {
  // The struct that the tag names says what its other members are.
  C.hint([&C = C, &I, &Ptr] { hintFromAccessTag(C, I, Ptr); });
  if (isDeclaredInteger(I))
    return C.note(V, Bits::Integer);
  auto Chosen = chosenPlaces(Ptr, C.layout());
  for (const ChosenPlace &P : Chosen)
    C.access(P.Base, V->getType(), V, P.Offset);
  if (Chosen.empty())
    C.access(&Ptr, V->getType(), V);
  if (!V->getType()->isIntOrIntVectorTy())
    return;
  C.note(V, kindOfAccessTag(I.getMetadata(LLVMContext::MD_tbaa)));
  if (I.hasMetadata(LLVMContext::MD_range))
    C.note(V, Bits::Integer);
}

void Reader::visitGetElementPtrInst(GetElementPtrInst &I) {
  const DataLayout &DL = C.layout();
  int64_t Offset = 0;
  uint64_t Stride = 0;
  for (auto It = gep_type_begin(I), End = gep_type_end(I); It != End; ++It) {
    Value *Index = It.getOperand();
    C.note(Index, Bits::Integer);
    if (Stride == TypeConstraints::AnyStride)
      break;
    if (StructType *Struct = It.getStructTypeOrNull()) {
      Offset += DL.getStructLayout(Struct)->getElementOffset(
          cast<Constant>(Index)->getUniqueInteger().getZExtValue());
      continue;
    }
    TypeSize Size = It.getSequentialElementStride(DL);
    uint64_t Step = Size.isScalable() ? 1 : Size.getFixedValue();
    auto *Fixed = dyn_cast<ConstantInt>(Index);
    if (Fixed && Fixed->getValue().getSignificantBits() < 48)
      Offset += Fixed->getSExtValue() * Step;
    else if (uint64_t Divisor = divisorOf(Index); Step * Divisor > 1)
      Stride = std::gcd(Stride, Step * Divisor);
    else
      Stride = TypeConstraints::AnyStride;
  }
  Value *Base = I.getPointerOperand();
  if (!I.getType()->isPointerTy() || !chosenPlaces(I, DL).empty())
    return;
  C.derive(&I, Base, Offset, Stride);
  Type *Source = I.getSourceElementType();
  if (Source->isStructTy())
    C.hint([=, &C = C] { hintFromType(C, C.placeOf(Base), Source); });
  else if (bitsOfType(Source) != Bits::Unknown)
    C.hint([=, &C = C, &I] { hintFromType(C, C.placeOf(&I), Source); });
}

// or(shl(zext hi), 32), zext lo): two values packed in one register.
void Reader::readOr(BinaryOperator &I) {
  for (Value *Op : I.operands()) {
    Value *Piece;
    if (match(Op, m_ZExt(m_Value(Piece))) ||
        match(Op, m_Shl(m_ZExt(m_Value(Piece)), m_ConstantInt())))
      C.part(&I, Piece);
    else
      C.move(&I, Op);
  }
  noteSmallMask(I);
}

// Low bits are flags; the sign bit is that of a float.
void Reader::noteSmallMask(BinaryOperator &I) {
  const APInt *Mask;
  if (match(I.getOperand(1), m_APInt(Mask)) &&
      Mask->getSignificantBits() <= Mask->getBitWidth() / 2)
    C.note(&I, Bits::Integer, /*Strong=*/false);
}

// and, or, xor may be fabs, negation or a select by masks: the bits stay what
// they are. Everything else computes with integers, apart from the shifts that
// take packed values apart.
void Reader::visitBinaryOperator(BinaryOperator &I) {
  if (!I.getType()->isIntOrIntVectorTy())
    return;
  switch (I.getOpcode()) {
  case Instruction::Or:
    return readOr(I);
  case Instruction::And:
  case Instruction::Xor:
    C.move(&I, I.getOperand(0));
    C.move(&I, I.getOperand(1));
    noteSmallMask(I);
    return;
  case Instruction::LShr:
    if (I.hasOneUse() && isa<TruncInst>(I.user_back()))
      return;
    break;
  case Instruction::Shl:
    if (isa<ZExtInst>(I.getOperand(0)))
      return;
    break;
  default:
    break;
  }
  noteIntegers(I);
}

void Reader::readCopy(CallBase &I, Value *Length) {
  uint64_t Size = 0;
  C.note(Length, Bits::Integer);
  if (auto *N = dyn_cast<ConstantInt>(Length)) {
    Size = N->getLimitedValue(INT32_MAX);
    if (!Size)
      return;
  }
  Value *To = I.getArgOperand(0), *From = I.getArgOperand(1);
  C.copy(To, From, Size);
  for (Value *Ptr : {To, From}) {
    if (const MDNode *Fields = I.getMetadata(LLVMContext::MD_tbaa_struct))
      C.hint([=, &C = C] { hintFromCopyTags(C, *Fields, *Ptr); });
    Bits Kind = kindOfAccessTag(I.getMetadata(LLVMContext::MD_tbaa));
    if (Bits Marked = bitsNamed(bitsOf(I)); isFloatBits(Marked))
      Kind = Marked; // in a derivative, by the one who made it
    if (unsigned Unit = bitsSize(Kind); Unit && Size % Unit == 0)
      C.hint([=, &C = C] {
        auto P = C.graph().shifted(C.placeOf(Ptr), 0, Size == Unit ? 0 : Unit);
        C.graph().addEvidence(C.graph().field(P, Unit), Kind);
      });
  }
}

bool Reader::readIntrinsic(IntrinsicInst &I) {
  switch (I.getIntrinsicID()) {
  case Intrinsic::memcpy:
  case Intrinsic::memcpy_inline:
  case Intrinsic::memmove:
    readCopy(I, I.getArgOperand(2));
    return true;
  case Intrinsic::memset:
    C.note(I.getArgOperand(2), Bits::Integer);
    return true;
  case Intrinsic::masked_load:
    C.access(I.getArgOperand(0), I.getType(), &I);
    C.move(&I, I.getArgOperand(I.arg_size() - 1));
    return true;
  case Intrinsic::masked_store:
    C.access(I.getArgOperand(1), I.getArgOperand(0)->getType(),
             I.getArgOperand(0));
    return true;
  case Intrinsic::launder_invariant_group:
  case Intrinsic::strip_invariant_group:
  case Intrinsic::ptrmask:
  case Intrinsic::threadlocal_address:
    C.derive(&I, I.getArgOperand(0), 0, 0);
    return true;
  case Intrinsic::vector_insert:
    C.moveAll(&I, I.getArgOperand(1));
    [[fallthrough]];
  case Intrinsic::vector_extract:
  case Intrinsic::vector_reverse:
    C.moveAll(&I, I.getArgOperand(0));
    return true;
  case Intrinsic::smax:
  case Intrinsic::smin:
  case Intrinsic::umax:
  case Intrinsic::umin:
  case Intrinsic::abs:
  case Intrinsic::ctlz:
  case Intrinsic::cttz:
  case Intrinsic::ctpop:
  case Intrinsic::powi:
  case Intrinsic::ldexp:
  case Intrinsic::sadd_with_overflow:
  case Intrinsic::uadd_with_overflow:
  case Intrinsic::ssub_with_overflow:
  case Intrinsic::usub_with_overflow:
  case Intrinsic::smul_with_overflow:
  case Intrinsic::umul_with_overflow:
    noteIntegers(I);
    return true;
  default:
    return false;
  }
}

static bool isCopyName(StringRef Name) {
  return Name == "memcpy" || Name == "memmove" || Name == "__memcpy_chk" ||
         Name == "__memmove_chk";
}

/// Functions of which the arguments that are no pointers are counts.
static bool takesCounts(StringRef Name) {
  return Name == "malloc" || Name == "calloc" || Name == "realloc" ||
         Name == "aligned_alloc" || Name.starts_with("_Zn") ||
         Name.contains("__rust_alloc") || Name.contains("__rust_realloc");
}

static void hintFromMarker(TypeConstraints &C, CallBase &I, Bits Kind) {
  Value *Ptr = I.getArgOperand(0);
  uint64_t Unit = bitsSize(Kind), Size = Unit;
  if (I.arg_size() > 1)
    if (auto *N = dyn_cast<ConstantInt>(I.getArgOperand(1)))
      Size = std::min<uint64_t>(N->getZExtValue(), 4096);
  if (!Unit && Kind == Bits::Integer)
    Unit = Size ? Size : 1;
  for (uint64_t At = 0; Unit && At + Unit <= std::max(Size, Unit); At += Unit)
    C.graph().addEvidence(
        C.graph().field(C.graph().shifted(C.placeOf(Ptr), At), Unit), Kind);
}

void Reader::visitCallBase(CallBase &I) {
  if (auto *Intrinsic = dyn_cast<IntrinsicInst>(&I))
    if (readIntrinsic(*Intrinsic))
      return;
  if (Value *Same = I.getReturnedArgOperand();
      Same && Same->getType() == I.getType())
    C.move(&I, Same);
  Function *Callee = I.getCalledFunction();
  // What only reports a failure says nothing: it is shared by all kinds of
  // callers, and none of them meets its effects.
  if (!Callee || I.doesNotReturn())
    return;
  StringRef Name = Callee->getName();
  if (isCopyName(Name) && I.arg_size() >= 3) {
    readCopy(I, I.getArgOperand(2));
    return C.derive(&I, I.getArgOperand(0), 0, 0);
  }
  if (takesCounts(Name))
    for (Value *Arg : I.args())
      if (Arg->getType()->isIntegerTy())
        C.note(Arg, Bits::Integer);
  if ((Name == "realloc" || Name.contains("__rust_realloc")) && I.arg_size())
    C.derive(&I, I.getArgOperand(0), 0, 0);
  if (Name.starts_with("__enzyme_") && I.arg_size() &&
      I.getArgOperand(0)->getType()->isPointerTy())
    if (Bits Kind = bitsNamed(Name.drop_front(9)); Kind != Bits::Unknown)
      C.hint([=, &C = C, &I] { hintFromMarker(C, I, Kind); });
  for (unsigned A = 0; A < I.arg_size() && A < Callee->arg_size(); ++A) {
    AttributeSet Attributes = Callee->getAttributes().getParamAttrs(A);
    if (Attributes.hasAttributes())
      C.hint([=, &C = C, V = I.getArgOperand(A)] {
        hintFromAttributes(C, *V, Attributes);
      });
  }
  if (!C.readFunction(*Callee)) {
    SmallVector<Value *, 8> Arguments(I.args());
    return C.hint([=, &C = C] { hintFromSignature(C, *Callee, Arguments); });
  }
  for (auto [Arg, Formal] : zip(I.args(), Callee->args()))
    if (Arg->getType() == Formal.getType())
      C.move(&Formal, Arg);
  // Fresh memory has nothing in common with that of other calls.
  if (I.getType()->isVoidTy() || I.hasRetAttr(Attribute::NoAlias))
    return;
  for (BasicBlock &BB : *Callee)
    if (auto *Ret = dyn_cast<ReturnInst>(BB.getTerminator()))
      if (Value *V = Ret->getReturnValue(); V && V->getType() == I.getType())
        C.move(&I, V);
}

// Callees are read as well, each once, whatever it is called with: a helper
// that serves several types then says less, never something false.
bool TypeConstraints::readFunction(Function &F, bool Always) {
  if (FunctionsRead.contains(&F))
    return true;
  unsigned Cost = F.getInstructionCount();
  if (Always)
    Budget = Cost + 2000 + 4 * Cost; // what callees cost stays in proportion
  if (F.isDeclaration() || Cost > Budget)
    return false;
  Budget -= Cost;
  FunctionsRead.insert(&F);
  for (Argument &A : F.args()) {
    slotOf(&A);
    AttributeSet Attributes = F.getAttributes().getParamAttrs(A.getArgNo());
    if (Attributes.hasAttributes())
      hint([=, this, &A] { hintFromAttributes(*this, A, Attributes); });
  }
  SmallVector<Value *, 8> Formals;
  for (Argument &A : F.args())
    Formals.push_back(&A);
  hint([=, this, &F] { hintFromSignature(*this, F, Formals); });
  if (Always)
    hint([this, &F] { doubtErasedStorage(*this, F); });
  Reader(*this).visit(F);
  return true;
}

Types::Types(Function &F)
    : Constraints(std::make_unique<TypeConstraints>(Graph, F.getDataLayout())) {
  Constraints->readFunction(F, /*Always=*/true);
  Constraints->solve();
}

Types::~Types() = default;

Bits Types::ofValue(const Value &V) {
  TypeGraph::SlotId S = Constraints->knownSlot(&V);
  if (S == TypeGraph::None)
    return Bits::Unknown;
  Bits Kind = Graph.kind(S);
  for (unsigned L = 1; L < Constraints->leavesOf(V.getType()).size(); ++L)
    if (Graph.kind(S + L) != Kind)
      return Bits::Unknown;
  return Kind;
}

SmallVector<TypeGraph::Byte, 64>
Types::ofMemory(const Value &Ptr, uint64_t Size, uint64_t Period) {
  TypeGraph::SlotId S = Constraints->slotOf(const_cast<Value *>(&Ptr));
  if (S == TypeGraph::None || !Ptr.getType()->isPointerTy())
    return SmallVector<TypeGraph::Byte, 64>(Size);
  return Graph.paint(Graph.shifted(Graph.pointee(S), 0, Period), Size);
}

bool Types::isInsideFloat(const Value &Ptr, uint64_t Size) {
  TypeGraph::SlotId S = Constraints->slotOf(const_cast<Value *>(&Ptr));
  if (S == TypeGraph::None || !Ptr.getType()->isPointerTy())
    return false;
  TypeGraph::Place P = Graph.pointee(S);
  return any_of(Graph.fieldsAround(P), [&](const TypeGraph::Field &Field) {
    Bits Kind = Graph.kind(Field.Slot);
    // Where the elements of an array are meant, those of one that starts there.
    return isFloatBits(Kind) && (!Field.Key.Stride || P.Stride) &&
           Graph.hasStrongEvidence(Field.Slot) && bitsSize(Kind) > Size &&
           Field.Key.Offset <= P.Offset &&
           P.Offset < Field.Key.Offset + int64_t(Field.Key.Size);
  });
}

Bits Types::onlyKindBehind(const Value &Ptr) {
  TypeGraph::SlotId S = Constraints->slotOf(const_cast<Value *>(&Ptr));
  if (S == TypeGraph::None || !Ptr.getType()->isPointerTy())
    return Bits::Unknown;
  TypeGraph::Place P = Graph.pointee(S);
  Bits Only = Bits::Unknown;
  for (const TypeGraph::Field &Field : Graph.fieldsAround(P)) {
    Bits Kind = Graph.kind(Field.Slot);
    int64_t Unit = bitsSize(Kind);
    if (!Unit || (Only != Bits::Unknown && Kind != Only) ||
        (Field.Key.Offset - P.Offset) % Unit || Field.Key.Stride % Unit)
      return Bits::Unknown;
    Only = Kind;
  }
  return Only;
}

uint64_t Types::periodOf(const Value &Ptr) {
  TypeGraph::SlotId S = Constraints->slotOf(const_cast<Value *>(&Ptr));
  if (S == TypeGraph::None)
    return 0;
  return Graph.period(Graph.pointee(S));
}

} // namespace tern
