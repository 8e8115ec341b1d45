// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Library calls get their easier equal form.
//
// Problem. Some calls return through pointers (sincos), or do several things at
// once (realloc), or exist in two spellings (__memcpy_chk). Each would need a
// rule in every mode.
//
// Idea. Say them in terms of what the modes know anyway.
//
//   sincos(x, &s, &c)         s = llvm.sin(x), c = llvm.cos(x)
//   modf(x, &i), frexp(x, &e) llvm.modf, llvm.frexp and a store
//   lgamma_r(x, &s)           lgamma(x); the call stays for s, inactive
//   remquo(x, y, &q)          remainder(x, y); the call stays for q, inactive
//   _FortranAModReal8(x, y)   frem (the same for MODULO, with y's sign)
//   realloc(p, n)             q = malloc(n), memcpy(q, p, old), free(p)
//   posix_memalign(&p, a, n)  p = aligned_alloc(a, n)
//   std::_Rb_tree_increment   ternstd_tree_next, whose body Tern brings along
//   threadlocal.address(@x)   @x, which has a shadow like any other variable
//   __memcpy_chk, memcpy      llvm.memcpy (the same for memmove and memset)
//   constrained intrinsics    ordinary operations (ConstrainedMath.cpp)
//   vector intrinsics         generic operations (VectorIntrinsics.cpp)
//   integer tricks on signs   fneg, fabs, copysign (SignBits.cpp)
//   lanes moved as integers   lanes (CutLanes.cpp)
//
// On exit none of these calls is left, except the inactive ones.
#include "rules/ComplexCalls.h"
#include "rules/ConstrainedMath.h"
#include "rules/CutLanes.h"
#include "rules/Expr.h"
#include "rules/Rules.h"
#include "rules/SignBits.h"
#include "rules/VectorIntrinsics.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace tern {

using Rewrite = bool (*)(CallBase &Call, IRBuilder<> &B);

/// The call's uses get `Result` (null: it has none) and the call goes.
static bool replaceCall(CallBase &Call, Value *Result, IRBuilder<> &B) {
  if (Result && Result->getType() == Call.getType())
    Call.replaceAllUsesWith(Result);
  if (auto *Invoke = dyn_cast<InvokeInst>(&Call)) {
    Invoke->getUnwindDest()->removePredecessor(Invoke->getParent());
    B.CreateBr(Invoke->getNormalDest());
  }
  Call.eraseFromParent();
  return true;
}

/// A call of a C function with the types of its arguments, whatever the module
/// has said about it so far.
static CallInst *callC(StringRef Name, Type *Result, ArrayRef<Value *> Args,
                       IRBuilder<> &B) {
  SmallVector<Type *, 4> Params;
  for (Value *Arg : Args)
    Params.push_back(Arg->getType());
  Module &M = *B.GetInsertBlock()->getModule();
  return B.CreateCall(
      M.getOrInsertFunction(Name, FunctionType::get(Result, Params, false)),
      Args);
}

/// The call's flags for what replaces it.
static void takeFlags(CallBase &Call, IRBuilder<> &B) {
  if (isa<FPMathOperator>(Call))
    B.setFastMathFlags(Call.getFastMathFlags());
}

// ---- libm ----

static bool splitSincos(CallBase &Call, IRBuilder<> &B) {
  if (Call.arg_size() != 3)
    return false;
  Value *X = Call.getArgOperand(0);
  Value *Sin = B.CreateUnaryIntrinsic(Intrinsic::sin, X);
  Value *Cos = B.CreateUnaryIntrinsic(Intrinsic::cos, X);
  B.CreateStore(Sin, Call.getArgOperand(1));
  B.CreateStore(Cos, Call.getArgOperand(2));
  return replaceCall(Call, nullptr, B);
}

static bool returnModf(CallBase &Call, IRBuilder<> &B) {
  if (Call.arg_size() != 2 || !Call.getArgOperand(1)->getType()->isPointerTy())
    return false;
  takeFlags(Call, B);
  Value *X = Call.getArgOperand(0);
  Value *Both = B.CreateIntrinsic(Intrinsic::modf, {X->getType()}, {X});
  B.CreateStore(B.CreateExtractValue(Both, 1), Call.getArgOperand(1));
  return replaceCall(Call, B.CreateExtractValue(Both, 0), B);
}

static bool returnFrexp(CallBase &Call, IRBuilder<> &B) {
  if (Call.arg_size() != 2 || !Call.getArgOperand(1)->getType()->isPointerTy())
    return false;
  takeFlags(Call, B);
  Value *X = Call.getArgOperand(0);
  Value *Both =
      B.CreateIntrinsic(Intrinsic::frexp, {X->getType(), B.getInt32Ty()}, {X});
  B.CreateStore(B.CreateExtractValue(Both, 1), Call.getArgOperand(1));
  return replaceCall(Call, B.CreateExtractValue(Both, 0), B);
}

/// The result comes from a function with a rule; the call itself is only there
/// for the integer it stores.
static bool keepForInteger(CallBase &Call, StringRef Function,
                           unsigned Operands, IRBuilder<> &B) {
  if (Call.hasFnAttr("tern_inactive") || Call.arg_size() != Operands + 1)
    return false;
  takeFlags(Call, B);
  SmallVector<Value *, 2> Args;
  for (unsigned N = 0; N != Operands; ++N)
    Args.push_back(Call.getArgOperand(N));
  CallInst *Result = callC(Function, Call.getType(), Args, B);
  Result->setDoesNotThrow();
  Result->setDoesNotAccessMemory();
  Result->addFnAttr(Attribute::WillReturn);
  Call.replaceAllUsesWith(Result);
  Call.addFnAttr(Attribute::get(Call.getContext(), "tern_inactive"));
  return true;
}

static StringRef suffixOf(const CallBase &Call, StringRef Stem) {
  StringRef Name = Call.getCalledFunction()->getName();
  return Name.drop_front(Name.find(Stem) + Stem.size()).take_while([](char C) {
    return isAlpha(C);
  });
}

static bool splitLgamma(CallBase &Call, IRBuilder<> &B) {
  StringRef Name = Call.getCalledFunction()->getName();
  StringRef Suffix = Name.ends_with("f_r")   ? "f"
                     : Name.ends_with("l_r") ? "l"
                                             : "";
  return keepForInteger(Call, ("lgamma" + Suffix).str(), 1, B);
}

static bool splitRemquo(CallBase &Call, IRBuilder<> &B) {
  return keepForInteger(Call, ("remainder" + suffixOf(Call, "remquo")).str(), 2,
                        B);
}

/// Fortran's MOD; two more operands say where in the source it stands.
static bool divideWithRemainder(CallBase &Call, IRBuilder<> &B) {
  if (Call.arg_size() != 4)
    return false;
  takeFlags(Call, B);
  return replaceCall(
      Call, B.CreateFRem(Call.getArgOperand(0), Call.getArgOperand(1)), B);
}

/// Fortran's MODULO: a remainder that is not zero takes the divisor's sign.
static bool divideWithModulo(CallBase &Call, IRBuilder<> &B) {
  if (Call.arg_size() != 4)
    return false;
  takeFlags(Call, B);
  Value *Y = Call.getArgOperand(1);
  Value *Rest = B.CreateFRem(Call.getArgOperand(0), Y);
  Value *Zero = Constant::getNullValue(Y->getType());
  Value *Differs =
      B.CreateXor(B.CreateFCmpOLT(Rest, Zero), B.CreateFCmpOLT(Y, Zero));
  Value *Moves = B.CreateAnd(Differs, B.CreateFCmpONE(Rest, Zero));
  return replaceCall(Call, B.CreateSelect(Moves, B.CreateFAdd(Rest, Y), Rest),
                     B);
}

// ---- heap ----

static Value *smaller(Value *A, Value *C, IRBuilder<> &B) {
  return B.CreateBinaryIntrinsic(Intrinsic::umin, A, C);
}

/// malloc_usable_size and free take null, so no branch is needed for it.
static bool moveBlock(CallBase &Call, Value *Bytes, IRBuilder<> &B) {
  Value *Old = Call.getArgOperand(0);
  Value *New = callC("malloc", Call.getType(), {Bytes}, B);
  Value *Held = callC("malloc_usable_size", Bytes->getType(), {Old}, B);
  B.CreateMemCpy(New, Align(16), Old, MaybeAlign(1), smaller(Held, Bytes, B));
  callC("free", B.getVoidTy(), {Old}, B);
  return replaceCall(Call, New, B);
}

static bool splitRealloc(CallBase &Call, IRBuilder<> &B) {
  return Call.arg_size() == 2 && moveBlock(Call, Call.getArgOperand(1), B);
}

static bool splitReallocarray(CallBase &Call, IRBuilder<> &B) {
  if (Call.arg_size() != 3)
    return false;
  Value *Bytes = B.CreateMul(Call.getArgOperand(1), Call.getArgOperand(2));
  return moveBlock(Call, Bytes, B);
}

/// The shim's other functions have the same mangled name but for their own.
static std::string rustSibling(StringRef Realloc, StringRef Name) {
  StringRef Prefix = Realloc;
  Prefix.consume_back("__rust_realloc");
  if (!Prefix.consume_back("14_"))
    return (Prefix + Name).str();
  return (Prefix + Twine(Name.size()) + "_" + Name).str();
}

static bool splitRustRealloc(CallBase &Call, IRBuilder<> &B) {
  if (Call.arg_size() != 4)
    return false;
  StringRef Name = Call.getCalledFunction()->getName();
  Value *Old = Call.getArgOperand(0), *OldSize = Call.getArgOperand(1);
  Value *Alignment = Call.getArgOperand(2), *Size = Call.getArgOperand(3);
  Value *New = callC(rustSibling(Name, "__rust_alloc"), Call.getType(),
                     {Size, Alignment}, B);
  B.CreateMemCpy(New, MaybeAlign(1), Old, MaybeAlign(1),
                 smaller(OldSize, Size, B));
  callC(rustSibling(Name, "__rust_dealloc"), B.getVoidTy(),
        {Old, OldSize, Alignment}, B);
  return replaceCall(Call, New, B);
}

static bool splitPosixMemalign(CallBase &Call, IRBuilder<> &B) {
  if (Call.arg_size() != 3)
    return false;
  constexpr int OutOfMemory = 12; // ENOMEM
  Value *Block = callC("aligned_alloc", B.getPtrTy(),
                       {Call.getArgOperand(1), Call.getArgOperand(2)}, B);
  B.CreateStore(Block, Call.getArgOperand(0));
  Value *Result = B.CreateSelect(B.CreateIsNull(Block),
                                 ConstantInt::get(Call.getType(), OutOfMemory),
                                 ConstantInt::get(Call.getType(), 0));
  return replaceCall(Call, Result, B);
}

// ---- memory blocks ----

static bool copyBlock(CallBase &Call, IRBuilder<> &B) {
  Value *To = Call.getArgOperand(0), *From = Call.getArgOperand(1);
  if (Call.getCalledFunction()->getName().contains("move"))
    B.CreateMemMove(To, MaybeAlign(1), From, MaybeAlign(1),
                    Call.getArgOperand(2));
  else
    B.CreateMemCpy(To, MaybeAlign(1), From, MaybeAlign(1),
                   Call.getArgOperand(2));
  return replaceCall(Call, To, B);
}

static bool copyBlockToEnd(CallBase &Call, IRBuilder<> &B) {
  Value *To = Call.getArgOperand(0), *Bytes = Call.getArgOperand(2);
  B.CreateMemCpy(To, MaybeAlign(1), Call.getArgOperand(1), MaybeAlign(1),
                 Bytes);
  return replaceCall(Call, B.CreatePtrAdd(To, Bytes), B);
}

static bool fillBlock(CallBase &Call, IRBuilder<> &B) {
  Value *To = Call.getArgOperand(0);
  Value *Byte = B.CreateTrunc(Call.getArgOperand(1), B.getInt8Ty());
  B.CreateMemSet(To, Byte, Call.getArgOperand(2), MaybeAlign(1));
  return replaceCall(Call, To, B);
}

static bool clearBlock(CallBase &Call, IRBuilder<> &B) {
  B.CreateMemSet(Call.getArgOperand(0), B.getInt8(0), Call.getArgOperand(1),
                 MaybeAlign(1));
  return replaceCall(Call, nullptr, B);
}

// ---- containers ----

/// The function of the runtime that does the same with a body, or "".
static StringRef visibleTwin(StringRef Name) {
#define CONTAINER(Symbol, Twin) .Case(#Symbol, #Twin)
  return StringSwitch<StringRef>(Name)
#include "rules/Containers.def"
      .Default("");
#undef CONTAINER
}

static bool callVisibleTwin(CallBase &Call, IRBuilder<> &) {
  StringRef Twin = visibleTwin(Call.getCalledFunction()->getName());
  if (Twin.empty())
    return false;
  Call.setCalledFunction(
      Call.getModule()->getOrInsertFunction(Twin, Call.getFunctionType()));
  return true;
}

// ---- choice ----

static Rewrite findRewrite(StringRef Name) {
  if (Name.ends_with("__rust_realloc"))
    return splitRustRealloc;
  return StringSwitch<Rewrite>(Name)
      .Cases({"sincos", "sincosf", "sincosl", "__sincos", "__sincosf"},
             splitSincos)
      .Cases({"modf", "modff", "modfl"}, returnModf)
      .Cases({"frexp", "frexpf", "frexpl"}, returnFrexp)
      .Cases({"lgamma_r", "lgammaf_r", "lgammal_r"}, splitLgamma)
      .Cases({"remquo", "remquof", "remquol"}, splitRemquo)
      .Cases({"_FortranAModReal4", "_FortranAModReal8", "_FortranAModReal10"},
             divideWithRemainder)
      .Cases({"_FortranAModuloReal4", "_FortranAModuloReal8",
              "_FortranAModuloReal10"},
             divideWithModulo)
      .Case("realloc", splitRealloc)
      .Case("reallocarray", splitReallocarray)
      .Case("posix_memalign", splitPosixMemalign)
      .Cases({"memcpy", "__memcpy_chk", "memmove", "__memmove_chk"}, copyBlock)
      .Cases({"mempcpy", "__mempcpy", "__mempcpy_chk"}, copyBlockToEnd)
      .Cases({"memset", "__memset_chk"}, fillBlock)
      .Case("bzero", clearBlock)
      .Default(nullptr);
}

static void simplifyCall(CallBase &Call) {
  IRBuilder<> B(&Call);
  if (auto *Intrinsic = dyn_cast<IntrinsicInst>(&Call)) {
    if (Intrinsic->getIntrinsicID() == Intrinsic::threadlocal_address)
      replaceCall(Call, Call.getArgOperand(0), B);
    else if (Value *Result = writeOutVectorIntrinsic(*Intrinsic))
      replaceCall(Call, Result, B);
    return;
  }
  Function *Callee = Call.getCalledFunction();
  if (!Callee || !Callee->isDeclaration())
    return;
  if (Rewrite Apply = findRewrite(Callee->getName()))
    Apply(Call, B);
  else if (Value *Complex = writeOutComplexCall(Call, B))
    replaceCall(Call, Complex, B);
  else
    callVisibleTwin(Call, B);
}

void simplifyLibraryCalls(Function &F) {
  relaxConstrainedMath(F);
  for (Instruction &I : make_early_inc_range(instructions(F)))
    if (auto *Call = dyn_cast<CallBase>(&I))
      simplifyCall(*Call);
  rewriteSignBits(F);
  rewriteCutLanes(F);
}

} // namespace tern
