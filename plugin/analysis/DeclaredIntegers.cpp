// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "DeclaredIntegers.h"
#include "Calls.h"
#include "Retype.h"
#include "TypeGraph.h"
#include "TypeHints.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Metadata.h"
#include "llvm/IR/Operator.h"

using namespace llvm;

namespace tern {

static bool isUnion(const StructType &Struct) {
  return Struct.getName().starts_with("union.");
}

/// A struct that a programmer wrote, with a pointer in it.
static bool isStructWithPointers(Type *Ty) {
  auto *Struct = dyn_cast<StructType>(Ty);
  return Struct && Struct->hasName() && !isUnion(*Struct) &&
         holdsPointer(Struct);
}

/// getelementptr %"struct.header", ptr %h, i32 0, i32 1 : i64
static bool isNamedMember(const Value &Address, const Type &Accessed) {
  const auto *Gep = dyn_cast<GEPOperator>(&Address);
  if (!Gep || Gep->getNumIndices() < 2 ||
      Gep->getResultElementType() != &Accessed)
    return false;
  Type *Struct = Gep->getSourceElementType();
  for (unsigned I = 2; I < Gep->getNumIndices(); ++I) {
    auto *Index = dyn_cast<ConstantInt>(Gep->getOperand(I));
    Struct = Index ? GetElementPtrInst::getTypeAtIndex(Struct, Index) : nullptr;
    if (!Struct)
      return false;
  }
  return isStructWithPointers(Struct);
}

static bool hasPointerTag(const MDNode &Struct, unsigned Depth) {
  for (unsigned I = 1; I + 1 < Struct.getNumOperands(); I += 2) {
    auto *Member = dyn_cast_or_null<MDNode>(Struct.getOperand(I));
    if (!Member)
      return false;
    if (kindOfTag(*Member) == Bits::Pointer ||
        (Depth && Member->getNumOperands() > 3 &&
         hasPointerTag(*Member, Depth - 1)))
      return true;
  }
  return false;
}

/// !{!"header", !"long", i64 16}
static bool isTaggedMember(const MDNode *Tag) {
  constexpr unsigned MaxDepth = 6;
  if (!Tag || Tag->getNumOperands() < 3 ||
      Tag->getOperand(0) == Tag->getOperand(1))
    return false;
  auto *Base = dyn_cast_or_null<MDNode>(Tag->getOperand(0));
  return Base && Base->getNumOperands() > 3 &&
         kindOfAccessTag(Tag) == Bits::Integer &&
         hasPointerTag(*Base, MaxDepth);
}

static bool isMarked(const Instruction &I) { return bitsOf(I) == "integer"; }

/// An address that the program keeps as a number.
static bool isAddress(const Instruction &Access) {
  constexpr unsigned MaxSeen = 16;
  SmallVector<const Value *, 8> Work = {&Access};
  if (const auto *Store = dyn_cast<StoreInst>(&Access))
    return isa<PtrToIntInst>(Store->getValueOperand());
  for (unsigned Seen = 0; Seen != MaxSeen && !Work.empty(); ++Seen)
    for (const User *U : Work.pop_back_val()->users()) {
      if (isa<IntToPtrInst>(U))
        return true;
      if (isa<BinaryOperator, PHINode, SelectInst>(U))
        Work.push_back(U);
    }
  return false;
}

bool isDeclaredInteger(const Instruction &Access) {
  const Type *Ty = getLoadStoreType(&Access);
  return Ty->isIntegerTy() && !isAddress(Access) &&
         (isMarked(Access) ||
          isNamedMember(*getLoadStorePointerOperand(&Access), *Ty) ||
          isTaggedMember(Access.getMetadata(LLVMContext::MD_tbaa)));
}

} // namespace tern
