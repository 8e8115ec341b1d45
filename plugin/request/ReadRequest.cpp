// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../Diagnostics.h"
#include "Reader.h"
#include "Reshape.h"
#include "include/tern/marker.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace tern {

/// True if the value is or contains a pointer / a floating-point number.
static bool holds(Type *Ty, bool (*Is)(Type *)) {
  if (Is(Ty->getScalarType()))
    return true;
  return any_of(Ty->subtypes(), [&](Type *T) { return holds(T, Is); });
}
bool containsPointer(Type *Ty) {
  return holds(Ty, [](Type *T) { return T->isPointerTy(); });
}
bool containsFloat(Type *Ty) {
  return holds(Ty, [](Type *T) { return T->isFloatingPointTy(); });
}

std::string textOf(Type *Ty) {
  std::string Out;
  raw_string_ostream(Out) << *Ty;
  return Out;
}

bool Reader::refuse(std::string What, std::string Remedy) {
  report(Diag::BadRequest, Call, {What, Remedy});
  return false;
}

std::string Reader::nameOf(unsigned Param) const {
  unsigned Number = Param + 1 - Primal->hasStructRetAttr();
  return "argument " + std::to_string(Number) + " of '" +
         readableName(Primal->getName()) + "'";
}

/// The next operand that is no word, or null at the end.
Value *Reader::next() {
  if (At >= Call.arg_size() ||
      markerOf(*Call.getArgOperand(At)) != Marker::None)
    return nullptr;
  return Call.getArgOperand(At++);
}

std::optional<Request> Reader::read() {
  if (!readFunction() || !readItems())
    return std::nullopt;
  bool Settled = settleResult() && readTrailing() && settleSeeds() &&
                 settleTape() && settleReturn();
  return Settled ? std::optional(std::move(R)) : std::nullopt;
}

bool Reader::readFunction() {
  At = isReturnInMemory();
  Value *Operand = next();
  Primal = Operand ? functionOf(*Operand) : nullptr;
  if (!Primal)
    return refuse("the function to differentiate is not known at compile time",
                  "name the function itself in the call; a pointer variable "
                  "must be const and initialized in this file");
  if (Primal->isVarArg())
    return refuse("'" + readableName(Primal->getName()) +
                      "' takes a variable number of arguments",
                  "wrap it in a function with a fixed list");
  ShadowsComeLast = any_of(Call.args(), [](Use &Operand) {
    Marker M = markerOf(*Operand);
    return M == Marker::Interleave || M == Marker::ShadowOfEach;
  });
  R.Key.Primal = Primal;
  R.Key.Args.assign(Primal->arg_size(), Activity::Const);
  Shadows.resize(Primal->arg_size());
  if (!Primal->hasStructRetAttr())
    return true;
  if (isSplit())
    return refuse("'" + readableName(Primal->getName()) +
                      "' returns a struct through memory",
                  "wrap it in a function that takes a pointer to the result "
                  "and pass that with a shadow");
  // Its place is known when the words about the result are.
  Primals.push_back(nullptr);
  return true;
}

bool Reader::readItems() {
  while (At < Call.arg_size())
    if (!readItem())
      return false;
  unsigned Hidden = Primal->hasStructRetAttr();
  if (Primals.size() < Primal->arg_size())
    return refuse("'" + readableName(Primal->getName()) + "' takes " +
                      std::to_string(Primal->arg_size() - Hidden) +
                      " arguments, but the call gives " +
                      std::to_string(Primals.size() - Hidden),
                  "pass every argument; one marked dup is followed by its "
                  "shadow");
  if (!Words.empty())
    return refuse("enzyme_" + markerName(Words.front().Kind).str() +
                      " is not followed by an argument",
                  "put each word right before the argument it is about");
  if (!ShadowsOwed.empty())
    return refuse(nameOf(ShadowsOwed.front().Param) + " has no shadow",
                  "pass the shadows after enzyme_interleave");
  return settleSameShadows();
}

/// A shadow that is the argument itself says that there is no derivative. The
/// halves of a split derivative may not both see that, and have to agree.
bool Reader::settleSameShadows() {
  const DataLayout &Layout = Call.getDataLayout();
  for (unsigned Param = 0; Param != Primals.size(); ++Param) {
    Value *Mine = Primals[Param];
    if (!Mine || !Mine->getType()->isPointerTy() ||
        isa<ConstantPointerNull, UndefValue, Function>(Mine))
      continue;
    unsigned Same = count_if(Shadows[Param], [&](Value *Shadow) {
      return Shadow->getPointerOffsetFrom(Mine, Layout) == 0;
    });
    if (Same && isSplit())
      return refuse("the shadow of " + nameOf(Param) +
                        " is the argument itself",
                    "mark it enzyme_const");
    if (Same == R.Key.Width) {
      R.Key.Args[Param] = Activity::Const;
      Shadows[Param].clear();
    } else if (Same) {
      R.Key.HasMixedPointers = true;
    }
  }
  return true;
}

bool Reader::readItem() {
  Marker M = markerOf(*Call.getArgOperand(At));
  if (M != Marker::None) {
    ++At;
    return readWord(M);
  }
  if (!ShadowsOwed.empty() && Interleaves)
    return readOwedShadows();
  if (Primals.size() < Primal->arg_size())
    return readArgument();
  Trailing.push_back(next());
  return true;
}

bool Reader::readWord(Marker M) {
  switch (M) {
  case Marker::DupV:
  case Marker::DupNoNeedV: {
    Value *Stride = next();
    if (!Stride || !Stride->getType()->isIntegerTy())
      return refuse("enzyme_dupv is not followed by a stride in bytes",
                    "write enzyme_dupv, stride, primal, shadow");
    Words.push_back({M, Stride});
    return true;
  }
  case Marker::Const:
  case Marker::Dup:
  case Marker::DupNoNeed:
  case Marker::Out:
    Words.push_back({M, nullptr});
    return true;
  case Marker::PointeeUnknown:
  case Marker::PointeeFloat:
  case Marker::PointeeDouble:
    Pointees.push_back(M);
    return true;
  case Marker::Width:
    return readWidth();
  case Marker::ByRef:
  case Marker::Allocated: {
    auto *Bytes = dyn_cast_or_null<ConstantInt>(next());
    if (!Bytes)
      return refuse("enzyme_" + markerName(M).str() +
                        " is not followed by a constant size",
                    "write the number of bytes as a constant");
    (M == Marker::ByRef ? ByRefBytes : TapeBytes) = Bytes->getZExtValue();
    return true;
  }
  case Marker::Interleave:
    Interleaves = true;
    return true;
  case Marker::ShadowOfEach:
    return readShadowOfEach();
  case Marker::Tape:
    Tape = next();
    return Tape || refuse("enzyme_tape is not followed by a pointer",
                          "pass the pointer to the tape after it");
  case Marker::NoFree:
    KeepsTape = true;
    return true;
  case Marker::Lanes:
    HasLanes = true;
    return true;
  case Marker::Seed:
  case Marker::PrimalInto:
  case Marker::TangentInto:
  case Marker::Skip:
  case Marker::OnTape:
    return readPlace(M);
  case Marker::RuntimeActivity:
    R.Key.HasMixedPointers = true;
    return true;
  case Marker::DistinctShadows:
  case Marker::NotOverwritten:
  case Marker::StrongZero:
    return true; // promises and modes that hold here anyway
  default:
    return readReturnWord(M);
  }
}

/// Words of Tern's header that a pointer follows.
bool Reader::readPlace(Marker M) {
  Value *Place = next();
  if (!Place || !Place->getType()->isPointerTy())
    return refuse("tern_" + markerName(M).str() +
                      " is not followed by a pointer",
                  "pass the address after it");
  switch (M) {
  case Marker::Seed:
    Seeds = Place;
    break;
  case Marker::PrimalInto:
    PrimalPlace = Place;
    ReturnsPrimal = true;
    break;
  case Marker::TangentInto:
    TangentPlace = Place;
    break;
  case Marker::OnTape:
    Tape = Place;
    TapeBytes = TERN_TAPE_BYTES;
    KeepsTape = true;
    break;
  default:
    break;
  }
  return true;
}

bool Reader::readReturnWord(Marker M) {
  if (M == Marker::NoRet)
    DropsReturn = true;
  else if (M == Marker::PrimalReturn)
    ReturnsPrimal = true;
  else
    ReturnWord = M;
  return true;
}

bool Reader::readWidth() {
  auto *Width = dyn_cast_or_null<ConstantInt>(next());
  if (!Width || Width->getValue().ult(1) || Width->getValue().ugt(1024))
    return refuse("enzyme_width is not followed by a constant from 1 to 1024",
                  "write the width as a literal");
  if (Primals.size() > Primal->hasStructRetAttr())
    return refuse("enzyme_width stands after an argument",
                  "put it before the first one");
  R.Key.Width = Width->getZExtValue();
  return true;
}

/// The value that the primal takes for an operand of the marker call.
Value *Reader::primalOf(unsigned Param, Value *Operand) {
  Type *Wanted = paramType(Param);
  if (uint64_t Bytes = std::exchange(ByRefBytes, 0)) {
    bool Fits = Bytes == Call.getDataLayout().getTypeAllocSize(Wanted);
    if (Operand->getType()->isPointerTy() && Fits && !Wanted->isPointerTy())
      return B.CreateLoad(Wanted, Operand);
    if (Operand->getType()->isPointerTy() &&
        Primal->getArg(Param)->hasByValAttr())
      return copyOfByVal(Param, Operand);
    return nullptr;
  }
  if (Primal->getArg(Param)->hasByValAttr())
    return Operand->getType()->isPointerTy() ? copyOfByVal(Param, Operand)
                                             : nullptr;
  return unpromote(Operand, Wanted, B);
}

/// The callee owns a byval argument and may write to it.
Value *Reader::copyOfByVal(unsigned Param, Value *Operand) {
  Type *Ty = Primal->getParamByValType(Param);
  AllocaInst *Copy = entryAlloca(Ty, B);
  Align Place = Primal->getParamAlign(Param).valueOrOne();
  Copy->setAlignment(std::max(Place, Copy->getAlign()));
  B.CreateMemCpy(Copy, Copy->getAlign(), Operand, Align(1),
                 Call.getDataLayout().getTypeAllocSize(Ty));
  return Copy;
}

/// The local variable that clang stores a parameter to on entry.
static const Value *homeOf(const Argument &Param) {
  if (!Param.hasOneUse())
    return nullptr;
  auto *Store = dyn_cast<StoreInst>(Param.user_back());
  if (!Store || Store->getValueOperand() != &Param)
    return nullptr;
  const Value *Home =
      Store->getPointerOperand()->stripInBoundsConstantOffsets();
  return isa<AllocaInst>(Home) ? Home : nullptr;
}

/// How many parameters from this one on are parts of one struct that is passed
/// by value.
static unsigned structParts(const Function &F, unsigned Param) {
  const Value *Home = homeOf(*F.getArg(Param));
  unsigned Parts = 1;
  while (Home && Param + Parts != F.arg_size() &&
         homeOf(*F.getArg(Param + Parts)) == Home)
    ++Parts;
  return Parts;
}

bool Reader::readPrimal() {
  unsigned Param = Primals.size();
  Value *Operand = next();
  if (!Operand)
    return refuse(nameOf(Param) + " is not given", "pass every argument");
  Value *Value = primalOf(Param, Operand);
  if (!Value)
    return refuse(nameOf(Param) + " arrives as " + textOf(Operand->getType()) +
                      ", but the function takes " + textOf(paramType(Param)),
                  "cast it to the parameter's type in the call");
  Primals.push_back(Value);
  return true;
}

bool Reader::readArgument() {
  unsigned Param = Primals.size();
  Word Said;
  if (!Words.empty()) {
    Said = Words.front();
    Words.pop_front();
  }
  if (unsigned Parts = structParts(*Primal, Param);
      Parts > 1 && !ShadowsComeLast && !ByRefBytes)
    return readStruct(Param, Parts, Said);
  if (!readPrimal())
    return false;
  if (!Pointees.empty()) {
    StringRef Pointee = markerName(Pointees.front());
    Pointees.pop_front();
    if (Pointee.consume_front("pointee_") && Pointee != "unknown")
      Primal->addParamAttr(
          Param, Attribute::get(Call.getContext(), "tern_pointee", Pointee));
  }
  if (!checkStructHalves(Param, Said) || !settleActivity(Param, Said))
    return false;
  Activity Act = R.Key.Args[Param];
  if (Act != Activity::Duplicated && Act != Activity::Dual)
    return true;
  ShadowsOwed.push_back({Param, Said});
  return ShadowsComeLast || readOwedShadows();
}

/// A struct of two doubles passed by value reaches us as two doubles, and so
/// the second one would be taken for the shadow of the first. The function
/// itself tells as long as it is as clang made it (structParts); otherwise a
/// word on one floating-point argument and none on the next is the sign.
bool Reader::checkStructHalves(unsigned Param, const Word &Said) {
  bool IsFloat = paramType(Param)->isFPOrFPVectorTy();
  bool Suspect = WasDup && IsFloat && Said.Kind == Marker::None && isForward();
  WasDup =
      IsFloat && (Said.Kind == Marker::Dup || Said.Kind == Marker::DupNoNeed);
  return !Suspect ||
         refuse(nameOf(Param) + " has no word while the one before it has",
                "mark every floating-point argument, and pass structs by "
                "pointer");
}

/// The operand is the address of Width shadows.
bool Reader::takeLanes(unsigned Param, Value *First) {
  if (!First->getType()->isPointerTy())
    return refuse("the shadow of " + nameOf(Param) + " is no pointer",
                  "pass the address of the lanes");
  Type *Ty = paramType(Param);
  for (unsigned Lane = 0; Lane != R.Key.Width; ++Lane)
    Shadows[Param].push_back(
        B.CreateLoad(Ty, B.CreateConstGEP1_64(Ty, First, Lane)));
  return true;
}

bool Reader::settleActivity(unsigned Param, const Word &Said) {
  Type *Ty = paramType(Param);
  Activity Dup = isForward() ? Activity::Dual : Activity::Duplicated;
  Activity &Act = R.Key.Args[Param];
  bool IsPointer = containsPointer(Ty);
  if (Ty->isIntegerTy() && Said.Kind != Marker::Const)
    R.UnmarkedIntegers.push_back(Param);
  switch (Said.Kind) {
  case Marker::None:
    Act = IsPointer            ? Dup
          : !containsFloat(Ty) ? Activity::Const
          : isForward()        ? Activity::Dual
                               : Activity::Active;
    break;
  case Marker::Const:
    Act = Activity::Const;
    break;
  case Marker::Out:
    Act = Activity::Active;
    if (isForward())
      return refuse(nameOf(Param) + " is marked enzyme_out in forward mode",
                    "mark it enzyme_dup and pass its tangent");
    if (IsPointer || !containsFloat(Ty))
      return refuse(nameOf(Param) + " is marked enzyme_out but is passed as " +
                        textOf(Ty),
                    "mark memory enzyme_dup and pass its shadow; integers are "
                    "enzyme_const");
    break;
  default:
    Act = Dup;
    if (!isForward() && !IsPointer && containsFloat(Ty))
      return refuse(nameOf(Param) + " is marked enzyme_" +
                        markerName(Said.Kind).str() +
                        " in reverse mode but is passed by value",
                    "mark it enzyme_out: its derivative is returned");
  }
  bool IsByVal = Primal->getArg(Param)->hasByValAttr();
  return Act == Activity::Const || isForward() || !IsByVal ||
         refuse(nameOf(Param) + " is a struct passed by value, whose "
                                "derivative would be lost",
                "pass the struct by pointer, with a shadow");
}

/// All parts, then all parts of each shadow; the word is about all of them.
bool Reader::readStruct(unsigned First, unsigned Parts, const Word &Said) {
  WasDup = false;
  bool HasShadow = false, IsReturned = false;
  for (unsigned Param = First; Param != First + Parts; ++Param) {
    Word Mine = Said;
    if (Said.Kind != Marker::Const && !containsFloat(paramType(Param)) &&
        !containsPointer(paramType(Param))) {
      Mine.Kind = Marker::Const;
      R.UnmarkedIntegers.push_back(Param);
    }
    if (!readPrimal() || !settleActivity(Param, Mine))
      return false;
    Activity Act = R.Key.Args[Param];
    HasShadow |= Act == Activity::Duplicated || Act == Activity::Dual;
    IsReturned |= Act == Activity::Active;
  }
  if (HasShadow && (IsReturned || Said.Stride || HasLanes))
    return refuse(nameOf(First) + " is part of a struct passed by value",
                  "write a function that takes a pointer to the struct");
  for (unsigned Lane = 0; HasShadow && Lane != R.Key.Width; ++Lane)
    for (unsigned Param = First; Param != First + Parts; ++Param)
      if (!takeStructPart(Param))
        return false;
  return true;
}

/// Part of one shadow; that of a number without derivative goes by.
bool Reader::takeStructPart(unsigned Param) {
  Value *Operand = next();
  bool IsConst = R.Key.Args[Param] == Activity::Const;
  Value *Shadow = !Operand  ? nullptr
                  : IsConst ? Operand
                            : unpromote(Operand, paramType(Param), B);
  if (!Shadow)
    return refuse(nameOf(Param) + " is part of a struct whose shadow is not "
                                  "given",
                  "pass a struct of the same type after it");
  if (!IsConst)
    Shadows[Param].push_back(Shadow);
  return true;
}

bool Reader::readOwedShadows() {
  Owed First = ShadowsOwed.front();
  ShadowsOwed.pop_front();
  return takeShadows(First.Param, First.Said);
}

bool Reader::takeShadows(unsigned Param, const Word &Said) {
  unsigned Count = Said.Stride || HasLanes ? 1 : R.Key.Width;
  for (unsigned Lane = 0; Lane != Count; ++Lane) {
    Value *Operand = next();
    if (!Operand)
      return refuse(nameOf(Param) + " has " + std::to_string(Lane) +
                        " shadows instead of " + std::to_string(Count),
                    "pass the shadow right after the argument, one for each "
                    "unit of enzyme_width");
    if (Said.Stride)
      return takeStrided(Param, Operand, Said.Stride);
    if (HasLanes)
      return takeLanes(Param, Operand);
    Value *Shadow = unpromote(Operand, paramType(Param), B);
    if (!Shadow)
      return refuse("the shadow of " + nameOf(Param) + " arrives as " +
                        textOf(Operand->getType()) + ", but should be " +
                        textOf(paramType(Param)),
                    "give the shadow the type of the argument");
    Shadows[Param].push_back(Shadow);
  }
  return true;
}

/// Lane v of a pointer is First + v * Stride; lane v of a number lies there.
bool Reader::takeStrided(unsigned Param, Value *First, Value *Stride) {
  if (!First->getType()->isPointerTy())
    return refuse("the shadow of " + nameOf(Param) + " is no pointer",
                  "pass the address of the first lane after enzyme_dupv");
  Type *Ty = paramType(Param);
  Value *Step = B.CreateSExtOrTrunc(Stride, B.getInt64Ty());
  for (unsigned Lane = 0; Lane != R.Key.Width; ++Lane) {
    Value *Offset = B.CreateMul(Step, B.getInt64(Lane));
    Value *Place = B.CreateGEP(B.getInt8Ty(), First, Offset);
    Shadows[Param].push_back(
        Ty->isPointerTy() ? Place : B.CreateAlignedLoad(Ty, Place, Align(1)));
  }
  return true;
}

/// Tern's own order: one operand per argument, which only those with a shadow
/// use.
bool Reader::readShadowOfEach() {
  AdjointPlaces.resize(Primals.size());
  for (unsigned Param = 0; Param != Primals.size(); ++Param) {
    if (!ShadowsOwed.empty() && ShadowsOwed.front().Param == Param) {
      if (!readOwedShadows())
        return false;
      continue;
    }
    Value *Operand = next();
    if (!Operand)
      return refuse("no operand in place of the shadow of " + nameOf(Param),
                    "tern_shadow_of_each wants one per argument");
    if (R.Key.Args[Param] == Activity::Active &&
        Operand->getType()->isPointerTy())
      AdjointPlaces[Param] = Operand;
  }
  return true;
}

std::optional<Request> readRequest(CallBase &Call, Hook Kind) {
  return Reader(Call, Kind).read();
}

} // namespace tern
