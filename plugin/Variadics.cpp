// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Variadics.h"
#include "rules/Rules.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/TargetParser/Triple.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;

namespace tern {

/// A va_list: { gp_offset, fp_offset, overflow_arg_area, reg_save_area }. At
/// these offsets the registers are used up.
static constexpr unsigned EndOfIntegers = 48, EndOfFloats = 176;

static bool hasKnownLists(const Module &M) {
  const Triple &T = M.getTargetTriple();
  return T.getArch() == Triple::x86_64 && !T.isOSWindows();
}

static bool canBeFixed(const CallBase &Call) {
  const Function *Callee = Call.getCalledFunction();
  if (!Callee || !Callee->isVarArg() || Callee->isDeclaration() ||
      Callee->isInterposable() || isInactiveCall(Call) ||
      Callee->getFunctionType() != Call.getFunctionType() ||
      isa<CallBrInst>(Call) || Call.isMustTailCall())
    return false;
  for (unsigned I = Callee->arg_size(); I != Call.arg_size(); ++I)
    if (Call.isByValArgument(I) ||
        !Call.getArgOperand(I)->getType()->isSingleValueType())
      return false;
  return true;
}

/// The callee's copy with parameters for all that the call passes, its body
/// still reading a va_list.
static Function *copyFor(CallBase &Call) {
  Function &Callee = *Call.getCalledFunction();
  SmallVector<Type *, 8> Types;
  for (const Use &Arg : Call.args())
    Types.push_back(Arg->getType());
  auto *Copy =
      Function::Create(FunctionType::get(Callee.getReturnType(), Types, false),
                       GlobalValue::InternalLinkage,
                       Callee.getName() + ".fixed", Callee.getParent());
  ValueToValueMapTy VMap;
  for (Argument &Arg : Callee.args())
    VMap[&Arg] = Copy->getArg(Arg.getArgNo());
  SmallVector<ReturnInst *, 2> Returns;
  CloneFunctionInto(Copy, &Callee, VMap,
                    CloneFunctionChangeType::LocalChangesOnly, Returns);
  Copy->setComdat(nullptr);
  Copy->removeFnAttr(Attribute::NoInline);
  Copy->removeFnAttr(Attribute::OptimizeNone);
  Copy->addFnAttr("tern_scaffold");
  return Copy;
}

/// The array of the arguments behind the first `Named`: eight bytes each, more
/// where the type wants more.
static Value *spreadOut(Function &F, unsigned Named) {
  const DataLayout &DL = F.getDataLayout();
  IRBuilder<> B(&F.getEntryBlock(), F.getEntryBlock().begin());
  SmallVector<uint64_t, 8> Offsets;
  uint64_t End = 0;
  for (unsigned I = Named; I != F.arg_size(); ++I) {
    Type *T = F.getArg(I)->getType();
    Offsets.push_back(alignTo(End, std::max(DL.getABITypeAlign(T), Align(8))));
    End = Offsets.back() + alignTo(DL.getTypeAllocSize(T), 8);
  }
  AllocaInst *Array =
      B.CreateAlloca(ArrayType::get(B.getInt8Ty(), std::max<uint64_t>(End, 8)),
                     nullptr, "variadic");
  Array->setAlignment(Align(16));
  for (auto [I, Offset] : enumerate(Offsets))
    B.CreateStore(F.getArg(Named + I),
                  B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Array, Offset));
  return Array;
}

static StructType *listType(LLVMContext &C) {
  auto *Int = Type::getInt32Ty(C);
  auto *Ptr = PointerType::getUnqual(C);
  return StructType::get(Int, Int, Ptr, Ptr);
}

static void startList(VAStartInst &I, Value *Array) {
  IRBuilder<> B(&I);
  StructType *T = listType(I.getContext());
  Value *Fields[] = {B.getInt32(EndOfIntegers), B.getInt32(EndOfFloats), Array,
                     Constant::getNullValue(B.getPtrTy())};
  for (auto [N, Field] : enumerate(Fields))
    B.CreateStore(Field, B.CreateStructGEP(T, I.getArgList(), N));
  I.eraseFromParent();
}

static void copyList(VACopyInst &I) {
  IRBuilder<> B(&I);
  StructType *T = listType(I.getContext());
  for (unsigned N = 0; N != T->getNumElements(); ++N)
    B.CreateStore(
        B.CreateLoad(T->getElementType(N), B.CreateStructGEP(T, I.getSrc(), N)),
        B.CreateStructGEP(T, I.getDest(), N));
  I.eraseFromParent();
}

static void readFromArray(Function &F, unsigned Named) {
  Value *Array = spreadOut(F, Named);
  for (Instruction &I : make_early_inc_range(instructions(F))) {
    if (auto *Start = dyn_cast<VAStartInst>(&I))
      startList(*Start, Array);
    else if (auto *Copy = dyn_cast<VACopyInst>(&I))
      copyList(*Copy);
    else if (isa<VAEndInst>(I))
      I.eraseFromParent();
  }
}

static void fix(CallBase &Call) {
  unsigned Named = Call.getCalledFunction()->arg_size();
  Function *Copy = copyFor(Call);
  readFromArray(*Copy, Named);
  // The type first: setting the function asks for equal ones.
  Call.setCalledFunction(Copy->getFunctionType(), Copy);
}

void fixVariadicCalls(Function &F) {
  if (!hasKnownLists(*F.getParent()))
    return;
  SmallVector<CallBase *, 4> Calls;
  for (Instruction &I : instructions(F))
    if (auto *Call = dyn_cast<CallBase>(&I); Call && canBeFixed(*Call))
      Calls.push_back(Call);
  for (CallBase *Call : Calls)
    fix(*Call);
}

} // namespace tern
