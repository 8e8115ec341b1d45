// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Markers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/GlobalAlias.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Metadata.h"
#include "llvm/IR/Operator.h"

using namespace llvm;

namespace tern {

namespace {
struct HookRow {
  StringLiteral Word;
  Hook Kind;
};
const HookRow Hooks[] = {
#define HOOK(Name, Word) {Word, Hook::Name},
#include "Markers.def"
};
constexpr StringLiteral MarkerWords[] = {
    "",
#define MARKER(Name, Word) Word,
#include "Markers.def"
};
} // namespace

StringRef markerName(Marker M) { return MarkerWords[static_cast<unsigned>(M)]; }

static Marker markerNamed(StringRef Name) {
  if (!Name.consume_front("enzyme_") && !Name.consume_front("tern_"))
    return Marker::None;
  for (unsigned I = 1; I != std::size(MarkerWords); ++I)
    if (Name == MarkerWords[I])
      return static_cast<Marker>(I);
  return Marker::None;
}

/// The last identifier of a mangled name: _ZN2ns12enzyme_constE ->
/// enzyme_const.
static StringRef identifierIn(StringRef Symbol) {
  if (!Symbol.starts_with("_Z"))
    return Symbol;
  for (StringRef Prefix : {"enzyme_", "tern_"}) {
    size_t At = Symbol.find(Prefix);
    if (At == StringRef::npos)
      continue;
    StringRef Before = Symbol.take_front(At);
    StringRef Digits = Before.take_back(
        Before.size() - (Before.find_last_not_of("0123456789") + 1));
    size_t Length;
    if (!Digits.getAsInteger(10, Length))
      return Symbol.substr(At, Length);
  }
  return Symbol;
}

Marker markerOf(const Value &V) {
  const Value *Source = &V;
  if (auto *Phi = dyn_cast<PHINode>(Source))
    if (Phi->getNumIncomingValues() && all_equal(Phi->incoming_values()))
      Source = Phi->getIncomingValue(0);
  while (auto *Cast = dyn_cast<Operator>(Source)) {
    if (!isa<CastInst>(Cast) && Cast->getOpcode() != Instruction::PtrToInt &&
        Cast->getOpcode() != Instruction::AddrSpaceCast)
      break;
    Source = Cast->getOperand(0);
  }
  if (auto *Load = dyn_cast<LoadInst>(Source))
    Source = Load->getPointerOperand()->stripPointerCasts();
  if (auto *Global = dyn_cast<GlobalVariable>(Source))
    return markerNamed(identifierIn(Global->getName()));
  if (auto *Slot = dyn_cast<AllocaInst>(Source))
    return markerNamed(Slot->getName());
  if (auto *Wrapped = dyn_cast<MetadataAsValue>(Source))
    if (auto *Text = dyn_cast<MDString>(Wrapped->getMetadata()))
      return markerNamed(Text->getString());
  return Marker::None;
}

static const HookRow *rowOf(const Function &F) {
  if (!F.isDeclaration() || F.isIntrinsic())
    return nullptr;
  StringRef Name = F.getName();
  for (StringRef Prefix : {"__enzyme_", "__tern_"}) {
    size_t At = Name.find(Prefix);
    if (At == StringRef::npos)
      continue;
    StringRef Rest = Name.substr(At + Prefix.size());
    for (const HookRow &Row : Hooks)
      if (Rest.starts_with(Row.Word))
        return &Row;
  }
  return nullptr;
}

Hook hookOf(const Function &F) {
  const HookRow *Row = rowOf(F);
  return Row ? Row->Kind : Hook::None;
}

Hook hookOf(const CallBase &Call) {
  auto *Callee =
      dyn_cast<Function>(Call.getCalledOperand()->stripPointerCasts());
  return Callee ? hookOf(*Callee) : Hook::None;
}

StringRef hookWord(const Function &F) {
  const HookRow *Row = rowOf(F);
  return Row ? StringRef(Row->Word) : StringRef();
}

Function *functionOf(Value &V) {
  Value *Source = V.stripPointerCastsAndAliases();
  while (true) {
    if (auto *F = dyn_cast<Function>(Source))
      return F;
    if (auto *Cast = dyn_cast<Operator>(Source);
        Cast && (isa<CastInst>(Cast) || isa<ConstantExpr>(Cast)) &&
        Cast->getNumOperands() == 1) {
      Source = Cast->getOperand(0)->stripPointerCastsAndAliases();
      continue;
    }
    auto *Load = dyn_cast<LoadInst>(Source);
    if (!Load)
      return nullptr;
    auto *Global = dyn_cast<GlobalVariable>(
        Load->getPointerOperand()->stripPointerCasts());
    if (!Global || !Global->isConstant() ||
        !Global->hasDefinitiveInitializer() ||
        Global->getValueType() != Load->getType())
      return nullptr;
    Source = Global->getInitializer()->stripPointerCastsAndAliases();
  }
}

} // namespace tern
