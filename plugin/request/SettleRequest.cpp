// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the words of a request leave open: activities that nobody said, the form
// of the result, seeds, the tape, and where results are stored. The defaults
// are those of docs/enzyme-convention.md.
//
// On exit the request is complete, or was reported with D05.
#include "../Diagnostics.h"
#include "Reader.h"
#include "Reshape.h"
#include "include/tern/marker.h"
#include "runtime/tape.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace tern {

static_assert(sizeof(tern_tape) == TERN_TAPE_BYTES);

/// One in every floating-point number of the type.
static Constant *onesOf(Type *Ty) {
  if (Ty->isFPOrFPVectorTy())
    return ConstantFP::get(Ty, 1.0);
  if (auto *Struct = dyn_cast<StructType>(Ty)) {
    SmallVector<Constant *, 4> Ones;
    for (Type *Field : Struct->elements())
      Ones.push_back(onesOf(Field));
    return ConstantStruct::get(Struct, Ones);
  }
  if (auto *Array = dyn_cast<ArrayType>(Ty))
    return ConstantArray::get(
        Array, SmallVector<Constant *, 4>(Array->getNumElements(),
                                          onesOf(Array->getElementType())));
  return Constant::getNullValue(Ty);
}

/// A function that returns a struct through memory takes its address first. The
/// struct and its tangents go where the marker call's own result goes.
bool Reader::settleStructResult() {
  R.Key.Args[0] = Activity::Dual;
  Type *Ty = Primal->getParamStructRetType(0);
  uint64_t Bytes = Call.getDataLayout().getTypeAllocSize(Ty);
  unsigned Structs = ReturnsPrimal + (DropsReturn ? 0 : R.Key.Width);
  bool Returns = isReturnInMemory();
  if (Returns && Call.getDataLayout().getTypeAllocSize(
                     Call.getParamStructRetType(0)) != Structs * Bytes)
    return refuse("the call is declared to return " +
                      textOf(Call.getParamStructRetType(0)) +
                      ", but the derivative of '" +
                      readableName(Primal->getName()) + "' gives " +
                      std::to_string(Structs) + " times " + textOf(Ty),
                  "declare the call with that type");
  if (!Returns && !Call.use_empty())
    return refuse("the call is declared to return " + textOf(Call.getType()) +
                      ", but '" + readableName(Primal->getName()) +
                      "' returns " + textOf(Ty),
                  "declare the call with that type");
  unsigned Next = 0;
  auto Place = [&](bool IsReturned) -> Value * {
    if (!Returns || !IsReturned)
      return entryAlloca(Ty, B);
    return B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Call.getArgOperand(0),
                                        Bytes * Next++);
  };
  Primals[0] = Place(ReturnsPrimal);
  for (unsigned Lane = 0; Lane != R.Key.Width; ++Lane)
    Shadows[0].push_back(Place(!DropsReturn));
  return true;
}

/// Reverse mode: the same struct, with ones as its adjoint.
bool Reader::seedStructResult() {
  if (ReturnsPrimal)
    return refuse("'" + readableName(Primal->getName()) +
                      "' returns a struct through memory, which cannot be "
                      "returned beside derivatives",
                  "wrap it in a function that takes a pointer to the result "
                  "and pass that with a shadow");
  Type *Ty = Primal->getParamStructRetType(0);
  bool IsConst = ReturnWord == Marker::ConstReturn;
  R.Key.Args[0] = IsConst ? Activity::Const : Activity::Duplicated;
  Primals[0] = entryAlloca(Ty, B);
  for (unsigned Lane = 0; !IsConst && Lane != R.Key.Width; ++Lane) {
    AllocaInst *Adjoint = entryAlloca(Ty, B);
    B.CreateStore(onesOf(Ty), Adjoint);
    Shadows[0].push_back(Adjoint);
  }
  return true;
}

bool Reader::settleResult() {
  if (Primal->hasStructRetAttr() &&
      !(isForward() ? settleStructResult() : seedStructResult()))
    return false;
  Type *Ty = Primal->getReturnType();
  Activity &Act = R.Key.Result;
  bool IsVoid = Ty->isVoidTy();
  bool CanBeActive = !IsVoid && containsFloat(Ty) && !containsPointer(Ty);
  if (ReturnWord == Marker::ActiveReturn && !CanBeActive)
    return refuse("the result of '" + readableName(Primal->getName()) +
                      "' is marked active but is no floating-point number",
                  "leave enzyme_active_return out");
  if (ReturnWord == Marker::DupReturn && IsVoid)
    return refuse("'" + readableName(Primal->getName()) + "' returns nothing",
                  "leave enzyme_dup_return out");
  if (isForward()) {
    bool Carries = CanBeActive || ReturnWord == Marker::DupReturn ||
                   (!IsVoid && containsPointer(Ty));
    bool Wanted = ReturnWord != Marker::ConstReturn && !DropsReturn;
    Act = Carries && Wanted ? Activity::Dual : Activity::Const;
  } else if (ReturnWord == Marker::ConstReturn) {
    Act = Activity::Const;
  } else if (!IsVoid && containsPointer(Ty)) {
    bool HasShadow =
        R.Key.TheMode == Mode::Record || ReturnWord == Marker::DupReturn;
    Act = HasShadow ? Activity::Duplicated : Activity::Const;
  } else {
    Act = CanBeActive ? Activity::Active : Activity::Const;
  }
  // A record sweep returns the result, unless Tern's header places it itself.
  bool Hands = !Call.getType()->isVoidTy() || isReturnInMemory();
  bool Returns = ReturnsPrimal || (R.Key.TheMode == Mode::Record && Hands);
  R.Key.NeedsPrimal =
      !IsVoid && Returns && !DropsReturn && R.Key.TheMode != Mode::Reverse;
  return true;
}

/// What follows the last argument: the seed, then the tape.
bool Reader::readTrailing() {
  bool TakesSeed = !isForward() && R.Key.TheMode != Mode::Record &&
                   R.Key.Result == Activity::Active;
  size_t Allowed = (TakesSeed ? R.Key.Width * seedPieces() : 0) +
                   (R.Key.TheMode == Mode::Reverse && !Tape ? 1 : 0);
  if (Trailing.size() > Allowed)
    return refuse("the call gives " +
                      std::to_string(Trailing.size() - Allowed) +
                      " more arguments than '" +
                      readableName(Primal->getName()) + "' takes",
                  "one argument marked dup is followed by one shadow; in "
                  "reverse mode a floating-point argument has none");
  if (R.Key.TheMode != Mode::Reverse || Tape)
    return true;
  if (Trailing.empty() || !Trailing.back()->getType()->isPointerTy())
    return refuse(
        "the reverse sweep is given no tape",
        "pass what __enzyme_augmentfwd returned as the last argument");
  Tape = Trailing.pop_back_val();
  return true;
}

/// The adjoint of a small struct may arrive as its fields, one by one.
unsigned Reader::seedPieces() const {
  auto *Ty = dyn_cast<StructType>(Primal->getReturnType());
  if (!Ty || Trailing.empty() || Trailing.front()->getType() == Ty)
    return 1;
  return Ty->getNumElements();
}

/// The next adjoint of the result, off the front of `Trailing`. Null, after
/// reporting it, if it has another type.
Value *Reader::takeSeed(Type *Ty, unsigned Pieces) {
  Value *Seed = PoisonValue::get(Ty);
  for (unsigned Piece = 0; Piece != Pieces; ++Piece) {
    Type *Wanted = Pieces == 1 ? Ty : Ty->getStructElementType(Piece);
    Value *Operand = Trailing.front();
    Trailing.erase(Trailing.begin());
    Value *V = unpromote(Operand, Wanted, B);
    if (!V) {
      refuse("the adjoint of the result arrives as " +
                 textOf(Operand->getType()) + ", but should be " +
                 textOf(Wanted),
             "give it the type of the result");
      return nullptr;
    }
    Seed = Pieces == 1 ? V : B.CreateInsertValue(Seed, V, Piece);
  }
  return Seed;
}

bool Reader::settleSeeds() {
  for (auto [Param, Primal] : enumerate(Primals)) {
    R.Operands.push_back(Primal);
    append_range(R.Operands, Shadows[Param]);
  }
  if (isForward() || R.Key.TheMode == Mode::Record ||
      R.Key.Result != Activity::Active)
    return true;
  Type *Ty = Primal->getReturnType();
  if (Seeds) {
    for (unsigned Lane = 0; Lane != R.Key.Width; ++Lane)
      R.Operands.push_back(
          B.CreateLoad(Ty, B.CreateConstGEP1_64(Ty, Seeds, Lane)));
    return true;
  }
  if (Trailing.empty() && R.Key.TheMode == Mode::Reverse)
    return refuse("the reverse sweep is given no adjoint of the result",
                  "pass it before the tape");
  if (Trailing.empty()) {
    R.Operands.append(R.Key.Width, onesOf(Ty));
    return true;
  }
  unsigned Pieces = seedPieces();
  if (Trailing.size() != R.Key.Width * Pieces)
    return refuse("the call gives " + std::to_string(Trailing.size()) +
                      " adjoints of the result instead of " +
                      std::to_string(R.Key.Width * Pieces),
                  Pieces == 1 ? "pass one for each unit of enzyme_width"
                              : "pass a struct of the result's type for each "
                                "unit of enzyme_width");
  for (unsigned Lane = 0; Lane != R.Key.Width; ++Lane) {
    Value *Seed = takeSeed(Ty, Pieces);
    if (!Seed)
      return false;
    R.Operands.push_back(Seed);
  }
  return true;
}

Value *Reader::callRuntime(StringRef Name, Type *Result,
                           ArrayRef<Value *> Args) {
  SmallVector<Type *, 2> Types;
  for (Value *V : Args)
    Types.push_back(V->getType());
  auto *Ty = FunctionType::get(Result, Types, false);
  return B.CreateCall(Call.getModule()->getOrInsertFunction(Name, Ty), Args);
}

/// A tape is a pointer to a tern_tape: the caller's, if he gives memory enough
/// for one, else from the heap and released by the reverse sweep.
bool Reader::settleTape() {
  if (!isSplit())
    return Tape || TapeBytes ? refuse("a tape is passed to a call that does "
                                      "both sweeps",
                                      "leave it out")
                             : true;
  Constant *Bytes = B.getInt64(sizeof(tern_tape));
  bool IsCallers = TapeBytes >= sizeof(tern_tape);
  if (TapeBytes && !IsCallers)
    return refuse("the tape is given " + std::to_string(TapeBytes) +
                      " bytes and takes " + std::to_string(sizeof(tern_tape)),
                  "allocate what __enzyme_augmentsize says");
  if (R.Key.TheMode == Mode::Record) {
    if (!Tape) {
      Tape = callRuntime("calloc", B.getPtrTy(), {B.getInt64(1), Bytes});
      R.TapeToReturn = Tape;
    } else if (!KeepsTape) {
      B.CreateMemSet(Tape, B.getInt8(0), sizeof(tern_tape), Align(1));
    }
  } else if (KeepsTape) {
    // Reading pops; a tape that is kept is read through a copy.
    AllocaInst *Copy =
        entryAlloca(ArrayType::get(B.getInt64Ty(), sizeof(tern_tape) / 8), B);
    B.CreateMemCpy(Copy, Align(8), Tape, Align(1), sizeof(tern_tape));
    Tape = Copy;
  } else {
    R.TapeToFree = Tape;
    R.FreesTapeStruct = !IsCallers;
  }
  R.Operands.push_back(Tape);
  return true;
}

void Reader::storeLanes(unsigned FirstField, Value *Place) {
  Type *Ty = cast<StructType>(derivativeType(R.Key)->getReturnType())
                 ->getElementType(FirstField);
  for (unsigned Lane = 0; Lane != R.Key.Width; ++Lane)
    R.Stores.push_back(
        {FirstField + Lane, B.CreateConstGEP1_64(Ty, Place, Lane)});
}

/// Results that Tern's header wants in memory; the order of the fields is that
/// of derivativeType.
void Reader::settleStores() {
  unsigned Field = 0;
  if (R.Key.NeedsPrimal) {
    if (PrimalPlace)
      R.Stores.push_back({Field, PrimalPlace});
    ++Field;
  }
  if (R.Key.Result == Activity::Dual || R.Key.Result == Activity::Duplicated) {
    if (TangentPlace)
      storeLanes(Field, TangentPlace);
    Field += R.Key.Width;
  }
  for (auto [Param, Place] : enumerate(AdjointPlaces)) {
    if (R.Key.Args[Param] != Activity::Active || R.Key.TheMode == Mode::Record)
      continue;
    if (Place)
      storeLanes(Field, Place);
    Field += R.Key.Width;
  }
}

/// The declared return type must hold exactly what the derivative returns.
bool Reader::settleReturn() {
  SmallVector<Type *, 8> Fields;
  if (R.TapeToReturn)
    Fields.push_back(R.TapeToReturn->getType());
  if (auto *Result =
          dyn_cast<StructType>(derivativeType(R.Key)->getReturnType()))
    for (auto [Index, Field] : enumerate(Result->elements())) {
      R.ResultFields.push_back(Index);
      Fields.push_back(Field);
    }
  settleStores();
  bool InMemory = isReturnInMemory();
  bool IsPlaced = isForward() && Primal->hasStructRetAttr();
  if ((!InMemory && Call.use_empty()) || IsPlaced)
    return true;
  Type *Declared = InMemory ? Call.getParamStructRetType(0) : Call.getType();
  if (canCarry(Declared, Fields, Call.getDataLayout()))
    return true;
  std::string Found = "nothing";
  if (!Fields.empty())
    Found =
        Fields.size() == 1 ? textOf(Fields[0]) : textOf(naturalStruct(Fields));
  return refuse("the call is declared to return " + textOf(Declared) +
                    ", but the derivative of '" +
                    readableName(Primal->getName()) + "' gives " + Found,
                "declare the call with that type; without enzyme_const, every "
                "floating-point argument adds its derivative");
}

} // namespace tern
