// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Layouts of the Itanium ABI on machines with 64 bits, and of libstdc++.
#include "NamedTypes.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/ADT/Twine.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;

namespace tern {

static constexpr uint64_t LargestLayout = 4096;
static constexpr unsigned MaxNesting = 8;

SmallVector<StringRef, 8> splitAtCommas(StringRef List) {
  SmallVector<StringRef, 8> Out;
  unsigned Depth = 0;
  size_t Start = 0;
  for (size_t At = 0; At < List.size(); ++At) {
    Depth += StringRef("(<[{").contains(List[At]);
    Depth -= Depth && StringRef(")>]}").contains(List[At]);
    if (List[At] == ',' && !Depth) {
      Out.push_back(List.slice(Start, At).trim());
      Start = At + 1;
    }
  }
  if (!List.empty())
    Out.push_back(List.drop_front(Start).trim());
  return Out;
}

StringRef withoutQualifiers(StringRef Type) {
  for (bool Changed = true; Changed;) {
    Changed = false;
    Type = Type.trim();
    for (StringRef Word : {" const", " volatile", " restrict", " __restrict"})
      Changed |= Type.consume_back(Word);
  }
  return Type;
}

static NamedLayout scalar(Bits Kind, uint64_t Size) {
  NamedLayout L;
  L.Fields.push_back({0, Size, Kind});
  L.Size = L.Alignment = Size;
  return L;
}

static std::optional<NamedLayout> layoutOfScalar(StringRef Name) {
  if (Name.ends_with("*") || Name.ends_with("&"))
    return scalar(Bits::Pointer, 8);
  Bits Float = StringSwitch<Bits>(Name)
                   .Case("double", Bits::Double)
                   .Case("float", Bits::Float)
                   .Default(Bits::Unknown);
  if (Float != Bits::Unknown)
    return scalar(Float, bitsSize(Float));
  uint64_t Size =
      StringSwitch<uint64_t>(Name)
          .Cases({"bool", "char", "signed char", "unsigned char"}, 1)
          .Cases({"short", "unsigned short"}, 2)
          .Cases({"int", "unsigned int"}, 4)
          .Cases({"long", "unsigned long", "long long", "unsigned long long"},
                 8)
          .Default(0);
  if (!Size)
    return {};
  return scalar(Bits::Integer, Size);
}

static void pad(NamedLayout &L, uint64_t To) {
  for (; L.Size < To; ++L.Size)
    L.Fields.push_back({L.Size, 1, Bits::Integer});
}

/// A member behind the others.
static void append(NamedLayout &L, const NamedLayout &Member) {
  pad(L, alignTo(L.Size, Member.Alignment));
  for (NamedLayout::Field F : Member.Fields) {
    F.Offset += L.Size;
    L.Fields.push_back(F);
  }
  L.Size += Member.Size;
  L.Alignment = std::max(L.Alignment, Member.Alignment);
}

static NamedLayout record(ArrayRef<NamedLayout> Members) {
  NamedLayout L;
  for (const NamedLayout &Member : Members)
    append(L, Member);
  pad(L, alignTo(L.Size, L.Alignment));
  return L;
}

static std::optional<NamedLayout> layoutOfArray(const NamedLayout &Element,
                                                StringRef Count) {
  uint64_t N = 0;
  if (Count.consumeInteger(10, N) || !N || N * Element.Size > LargestLayout)
    return {};
  return record(SmallVector<NamedLayout>(N, Element));
}

/// The links of a tree's node: colour, parent, left, right.
static NamedLayout treeLinks() {
  NamedLayout Pointer = scalar(Bits::Pointer, 8);
  return record({scalar(Bits::Integer, 4), Pointer, Pointer, Pointer});
}

/// Text and size; the characters of a short one lie in the string, where a long
/// one keeps its capacity: nothing is said about them.
static NamedLayout stringLayout() {
  NamedLayout L = record({scalar(Bits::Pointer, 8), scalar(Bits::Integer, 8)});
  L.Size += 16;
  return L;
}

namespace {
/// Reads names; what the IR declares is found through it.
class Namer {
public:
  Namer(LLVMContext &Ctx, const DataLayout &DL) : Ctx(Ctx), DL(DL) {}
  std::optional<NamedLayout> read(StringRef Name, unsigned Depth);

private:
  std::optional<NamedLayout>
  readTemplate(StringRef Template, ArrayRef<StringRef> Args, unsigned Depth);
  std::optional<NamedLayout> readStruct(StringRef Name);
  bool addDeclared(NamedLayout &L, uint64_t Offset, Type *Ty);

  LLVMContext &Ctx;
  const DataLayout &DL;
};
} // namespace

/// Templates of which the arguments' layouts decide.
std::optional<NamedLayout> Namer::readTemplate(StringRef Template,
                                               ArrayRef<StringRef> Args,
                                               unsigned Depth) {
  NamedLayout Pointer = scalar(Bits::Pointer, 8);
  if (Template == "std::__cxx11::basic_string" && Args[0] == "char")
    return stringLayout();
  if (Template == "std::vector" && Args[0] != "bool")
    return record({Pointer, Pointer, Pointer});
  if (Template == "std::map" || Template == "std::set")
    return record(
        {scalar(Bits::Integer, 8), treeLinks(), scalar(Bits::Integer, 8)});
  auto First = read(Args[0], Depth);
  if (!First)
    return {};
  if (Template == "std::complex")
    return record({*First, *First});
  if (Template == "std::_Rb_tree_node")
    return record({treeLinks(), *First});
  if (Args.size() != 2)
    return {};
  if (Template == "std::array")
    return layoutOfArray(*First, Args[1]);
  auto Second = read(Args[1], Depth);
  if (Template == "std::pair" && Second)
    return record({*First, *Second});
  return {};
}

/// False where the declaration leaves open what the bytes hold: unions, and
/// characters in which something else may be kept.
bool Namer::addDeclared(NamedLayout &L, uint64_t Offset, Type *Ty) {
  if (auto *Struct = dyn_cast<StructType>(Ty)) {
    if (Struct->hasName() && Struct->getName().starts_with("union."))
      return false;
    const StructLayout &Members = *DL.getStructLayout(Struct);
    for (unsigned I = 0; I != Struct->getNumElements(); ++I) {
      pad(L, Offset + Members.getElementOffset(I).getFixedValue());
      if (!addDeclared(L, L.Size, Struct->getElementType(I)))
        return false;
    }
    pad(L, Offset + Members.getSizeInBytes().getFixedValue());
    return true;
  }
  if (auto *Array = dyn_cast<ArrayType>(Ty)) {
    Type *Element = Array->getElementType();
    if (Element->isIntegerTy(8) && Array->getNumElements() >= 8)
      return false;
    for (uint64_t I = 0; I != Array->getNumElements(); ++I)
      if (L.Size > LargestLayout || !addDeclared(L, L.Size, Element))
        return false;
    return true;
  }
  Bits Kind = Ty->isIntegerTy() ? Bits::Integer : bitsOfType(Ty);
  if (Kind == Bits::Unknown || Kind == Bits::Conflict)
    return false;
  uint64_t Size = DL.getTypeStoreSize(Ty).getFixedValue();
  L.Fields.push_back({Offset, Size, Kind});
  L.Size = Offset + Size;
  pad(L, Offset + DL.getTypeAllocSize(Ty).getFixedValue());
  return true;
}

/// A struct of the program, as the front end has declared it.
std::optional<NamedLayout> Namer::readStruct(StringRef Name) {
  for (StringRef Prefix : {"struct.", "class."})
    if (auto *Struct =
            StructType::getTypeByName(Ctx, (Twine(Prefix) + Name).str());
        Struct && !Struct->isOpaque()) {
      NamedLayout L;
      L.Alignment = DL.getABITypeAlign(Struct).value();
      return addDeclared(L, 0, Struct) ? std::optional(L) : std::nullopt;
    }
  return {};
}

std::optional<NamedLayout> Namer::read(StringRef Name, unsigned Depth) {
  Name = withoutQualifiers(Name);
  if (auto Scalar = layoutOfScalar(Name))
    return Scalar;
  size_t Open = Name.find('<');
  if (Open == StringRef::npos)
    return readStruct(Name);
  if (!Depth || !Name.ends_with(">"))
    return {};
  auto Args = splitAtCommas(Name.slice(Open + 1, Name.size() - 1));
  if (Args.empty())
    return {};
  auto L = readTemplate(Name.take_front(Open), Args, Depth - 1);
  return L && L->Size <= LargestLayout ? L : std::nullopt;
}

std::optional<NamedLayout> layoutOfNamed(StringRef Name, LLVMContext &Ctx,
                                         const DataLayout &DL) {
  if (DL.getPointerSize() != 8)
    return {};
  return Namer(Ctx, DL).read(Name, MaxNesting);
}

} // namespace tern
