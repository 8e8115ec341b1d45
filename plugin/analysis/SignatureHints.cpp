// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a C++ function's mangled name says about its pointer parameters.
//
// Problem. Optimised IR forgets that a parameter was a `double *`; a function
// that only moves words behind it leaves them open.
//
// Idea. The name still says it: _Z4swapPdS_ is swap(double*, double*). Weak
// evidence, as programs do cast.
#include "NamedTypes.h"
#include "TypeConstraints.h"
#include "TypeHints.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/Function.h"

using namespace llvm;

namespace tern {

/// The text between the last parentheses: the parameters.
static StringRef parameterList(StringRef Name) {
  size_t End = Name.rfind(')');
  if (End == StringRef::npos)
    return "";
  unsigned Depth = 0;
  for (size_t At = End + 1; At-- > 0;) {
    Depth += Name[At] == ')';
    Depth -= Name[At] == '(';
    if (!Depth)
      return Name.slice(At + 1, End);
  }
  return "";
}

static Bits scalarKind(StringRef Type) {
  Type = withoutQualifiers(Type);
  for (StringRef Wrapper : {"std::complex<", "std::array<"})
    if (Type.consume_front(Wrapper))
      return scalarKind(Type.take_until(
          [](char Ch) { return Ch == ',' || Ch == '>' || Ch == '<'; }));
  return StringSwitch<Bits>(Type)
      .Case("double", Bits::Double)
      .Case("float", Bits::Float)
      .Cases({"_Float16", "half"}, Bits::Half)
      .Case("std::bfloat16_t", Bits::BFloat)
      .Default(Bits::Unknown);
}

/// Takes one `*` or `&` off.
static bool dereference(StringRef &Type) {
  Type = withoutQualifiers(Type);
  return Type.consume_back("*") || Type.consume_back("&&") ||
         Type.consume_back("&");
}

/// One object with the layout that its type's name tells.
static void hintFromLayout(TypeConstraints &C, Value &V, StringRef Type) {
  TypeGraph &G = C.graph();
  if (auto Layout = layoutOfNamed(Type, V.getContext(), C.layout()))
    for (const NamedLayout::Field &F : Layout->Fields)
      G.addEvidence(G.field(G.shifted(C.placeOf(&V), F.Offset), F.Size), F.Kind,
                    /*Strong=*/false);
}

static void hintFromParameterType(TypeConstraints &C, Value &V,
                                  StringRef Type) {
  TypeGraph &G = C.graph();
  // double (*) [3] is a pointer to rows.
  if (auto [Row, Rest] = Type.split(" (");
      Rest.starts_with("*) [") || Rest.starts_with("&) ["))
    Type = Row;
  else if (!dereference(Type))
    return;
  StringRef Inner = Type;
  bool IsTable = dereference(Inner);
  Bits Kind = scalarKind(IsTable ? Inner : Type);
  if (Kind == Bits::Unknown)
    return hintFromLayout(C, V, IsTable ? "" : Type);
  TypeGraph::Place P = C.placeOf(&V);
  if (IsTable) {
    auto Row = G.field(G.shifted(P, 0, 8), 8);
    G.addEvidence(Row, Bits::Pointer, /*Strong=*/false);
    P = G.pointee(Row);
  }
  unsigned Unit = bitsSize(Kind);
  G.addEvidence(G.field(G.shifted(P, 0, Unit), Unit), Kind, /*Strong=*/false);
}

/// The types of the parameters as the demangler writes them; "" where there is
/// no C++ name.
static std::string demangledParameters(const Function &F) {
  // Clones append a suffix behind a dot.
  StringRef Symbol = F.getName().split('.').first;
  return Symbol.starts_with("_Z") ? parameterList(demangle(Symbol)).str() : "";
}

// std::function keeps a closure's captures where other cases of the same
// function store pointers: what one case shows says nothing about another.
void doubtErasedStorage(TypeConstraints &C, Function &F) {
  constexpr uint64_t StorageSize = 16;
  std::string List = demangledParameters(F);
  auto Types = splitAtCommas(List);
  if (Types.size() != F.arg_size())
    return;
  TypeGraph &G = C.graph();
  for (auto [Arg, Type] : zip(F.args(), Types))
    if (Arg.getType()->isPointerTy() && dereference(Type) &&
        withoutQualifiers(Type) == "std::_Any_data")
      G.addEvidence(G.field(C.placeOf(&Arg), StorageSize), Bits::Conflict);
}

void hintFromSignature(TypeConstraints &C, const Function &F,
                       ArrayRef<Value *> Arguments) {
  std::string List = demangledParameters(F);
  auto Types = splitAtCommas(List);
  // Unused parameters of local functions are gone once the code is optimised;
  // what all pointers are, each is.
  SmallVector<StringRef, 8> Pointers;
  for (StringRef Type : Types)
    if (Type.ends_with("*") || Type.ends_with("&"))
      Pointers.push_back(Type);
  if (Types.size() > Arguments.size() && !Pointers.empty() &&
      all_equal(Pointers))
    Types.assign(Arguments.size(), Pointers[0]);
  // One more: `this`, or the place for a result.
  if (Types.size() > Arguments.size() || Types.size() + 1 < Arguments.size())
    return;
  Arguments = Arguments.drop_front(Arguments.size() - Types.size());
  for (auto [V, Type] : zip(Arguments, Types))
    if (V->getType()->isPointerTy() && C.slotOf(V) != TypeGraph::None)
      hintFromParameterType(C, *V, Type);
}

} // namespace tern
