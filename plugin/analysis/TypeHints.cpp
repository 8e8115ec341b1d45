// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "TypeHints.h"
#include "TypeConstraints.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/IR/Attributes.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Metadata.h"

using namespace llvm;

namespace tern {

using Place = TypeGraph::Place;

static constexpr unsigned MaxDeclaredElements = 16;
static constexpr unsigned MaxTagDepth = 6;

static void sayField(TypeConstraints &C, Place P, Bits Kind, uint64_t Size,
                     bool Strong) {
  TypeGraph &G = C.graph();
  G.addEvidence(G.field(P, Size), Kind, Strong);
}

/// A union declares one of its members, which need not be the one in use.
static bool isUnion(const StructType &Struct) {
  return Struct.hasName() && Struct.getName().starts_with("union.");
}

static void declare(TypeConstraints &C, Place P, Type *Ty, bool Integers);

/// Clang writes padding as a few trailing bytes where it lays out classes.
static bool isPadding(Type *Ty) {
  return Ty->isArrayTy() && Ty->getArrayElementType()->isIntegerTy(8) &&
         Ty->getArrayNumElements() < 8;
}

static void declareStruct(TypeConstraints &C, Place P, StructType &Struct) {
  if (isUnion(Struct))
    return;
  const StructLayout &Layout = *C.layout().getStructLayout(&Struct);
  // Integers mean something only where a programmer wrote the struct: compilers
  // use {i64, i64} for moving anything.
  bool Integers = Struct.hasName();
  uint64_t End = 0;
  auto DeclareGap = [&](uint64_t To) {
    for (; Integers && End < To; ++End)
      sayField(C, C.graph().shifted(P, End), Bits::Integer, 1, false);
  };
  for (unsigned I = 0; I < Struct.getNumElements(); ++I) {
    Type *Member = Struct.getElementType(I);
    uint64_t Offset = Layout.getElementOffset(I);
    DeclareGap(Offset);
    bool Trails = I && I + 1 == Struct.getNumElements();
    if (!(Trails && isPadding(Member)))
      End = Offset + C.layout().getTypeAllocSize(Member);
    declare(C, C.graph().shifted(P, Offset), Member, Integers);
  }
  DeclareGap(Layout.getSizeInBytes());
}

static void declare(TypeConstraints &C, Place P, Type *Ty, bool Integers) {
  const DataLayout &DL = C.layout();
  if (!Ty->isSized() || DL.getTypeAllocSize(Ty).isScalable())
    return;
  if (auto *Struct = dyn_cast<StructType>(Ty))
    return declareStruct(C, P, *Struct);
  if (Ty->isArrayTy() || Ty->isVectorTy()) {
    Type *Element = Ty->isArrayTy() ? Ty->getArrayElementType()
                                    : cast<VectorType>(Ty)->getElementType();
    uint64_t Count = Ty->isArrayTy()
                         ? Ty->getArrayNumElements()
                         : cast<FixedVectorType>(Ty)->getNumElements();
    uint64_t Step = DL.getTypeAllocSize(Element);
    if (!Step)
      return;
    if (Count > MaxDeclaredElements)
      return declare(C, C.graph().shifted(P, 0, Step), Element, Integers);
    for (uint64_t I = 0; I < Count; ++I)
      declare(C, C.graph().shifted(P, I * Step), Element, Integers);
    return;
  }
  Bits Kind = bitsOfType(Ty);
  if (Ty->isIntegerTy() && Integers && Ty->getIntegerBitWidth() > 8)
    Kind = Bits::Integer;
  if (Kind != Bits::Unknown)
    sayField(C, P, Kind, DL.getTypeStoreSize(Ty), /*Strong=*/false);
}

void hintFromType(TypeConstraints &C, Place P, Type *Ty) {
  declare(C, P, Ty, /*Integers=*/false);
}

static void initialise(TypeConstraints &C, Place P, Constant *Init,
                       unsigned &Budget) {
  auto *Parts = dyn_cast<ConstantAggregate>(Init);
  if (!Parts || isa<VectorType>(Init->getType())) {
    if (Init->getType()->isPointerTy() && !Init->isNullValue())
      if (auto S = C.slotOf(Init); S != TypeGraph::None) {
        TypeGraph &G = C.graph();
        G.unify(G.field(P, C.layout().getTypeStoreSize(Init->getType())), S);
      }
    return;
  }
  const DataLayout &DL = C.layout();
  for (unsigned I = 0; I < Parts->getNumOperands() && Budget; ++I, --Budget) {
    uint64_t Offset =
        isa<StructType>(Init->getType())
            ? DL.getStructLayout(cast<StructType>(Init->getType()))
                  ->getElementOffset(I)
                  .getFixedValue()
            : I * DL.getTypeAllocSize(Init->getType()->getArrayElementType());
    initialise(C, C.graph().shifted(P, Offset), Parts->getOperand(I), Budget);
  }
}

void hintFromGlobal(TypeConstraints &C, GlobalVariable &G) {
  hintFromType(C, C.placeOf(&G), G.getValueType());
  unsigned Budget = 256;
  if (G.hasInitializer())
    initialise(C, C.placeOf(&G), G.getInitializer(), Budget);
}

// rustc: "{[-1]:Pointer, [-1,0]:Float@double, [-1,8]:Integer}". The first index
// lies in the value itself, each further one behind one more pointer; -1 is
// every offset.
static Bits enzymeKind(StringRef Word) {
  if (Word.consume_front("Float@")) {
    if (Word == "fp80" || Word == "x86_fp80")
      return Bits::X86FP80;
    return bitsNamed(Word);
  }
  return StringSwitch<Bits>(Word)
      .Case("Integer", Bits::Integer)
      .Case("Pointer", Bits::Pointer)
      .Default(Bits::Unknown);
}

static void applyEnzymePath(TypeConstraints &C, Value &V, ArrayRef<int> Path,
                            Bits Kind) {
  if (Kind == Bits::Unknown || Path.size() < 2 || !V.getType()->isPointerTy())
    return;
  TypeGraph &G = C.graph();
  Place P = C.placeOf(&V);
  for (unsigned I = 1; I < Path.size(); ++I) {
    bool IsLast = I + 1 == Path.size();
    uint64_t Size = IsLast ? std::max(1u, bitsSize(Kind)) : 8;
    P = Path[I] < 0 ? G.shifted(P, 0, Size) : G.shifted(P, Path[I]);
    if (IsLast)
      return sayField(C, P, Kind, Size, /*Strong=*/true);
    auto Next = G.field(P, 8);
    G.addEvidence(Next, Bits::Pointer);
    P = G.pointee(Next);
  }
}

static void hintFromEnzymeType(TypeConstraints &C, Value &V, StringRef Text) {
  while (Text.contains('[')) {
    auto [Path, Rest] = Text.split('[').second.split(']');
    SmallVector<int, 4> Indices;
    while (!Path.empty()) {
      auto [First, Others] = Path.split(',');
      int Index = 0;
      if (First.trim().getAsInteger(10, Index))
        return;
      Indices.push_back(Index);
      Path = Others;
    }
    Rest.consume_front(":");
    StringRef Word =
        Rest.take_until([](char Ch) { return Ch == ',' || Ch == '}'; });
    applyEnzymePath(C, V, Indices, enzymeKind(Word.trim()));
    Text = Rest;
  }
}

void hintFromAttributes(TypeConstraints &C, Value &V, AttributeSet Attributes) {
  if (C.slotOf(&V) == TypeGraph::None)
    return;
  if (Attributes.hasAttribute("enzyme_type"))
    hintFromEnzymeType(
        C, V, Attributes.getAttribute("enzyme_type").getValueAsString());
  if (!V.getType()->isPointerTy())
    return;
  if (Attributes.hasAttribute("tern_pointee")) {
    Bits Kind =
        bitsNamed(Attributes.getAttribute("tern_pointee").getValueAsString());
    if (unsigned Size = Kind == Bits::X86FP80 ? 16 : bitsSize(Kind))
      sayField(C, C.graph().shifted(C.placeOf(&V), 0, Size), Kind,
               bitsSize(Kind), /*Strong=*/true);
    else if (Kind == Bits::Integer)
      sayField(C, C.graph().shifted(C.placeOf(&V), 0, 1), Kind, 1, true);
  }
  for (Attribute::AttrKind Which : {Attribute::ByVal, Attribute::StructRet})
    if (Attributes.hasAttribute(Which))
      hintFromType(C, C.placeOf(&V),
                   Attributes.getAttribute(Which).getValueAsType());
}

static Bits kindOfTypeName(StringRef Name) {
  if (Name == "any pointer" || Name == "vtable pointer" ||
      (Name.size() > 2 && Name[0] == 'p' && Name[1] >= '0' && Name[1] <= '9'))
    return Bits::Pointer;
  return StringSwitch<Bits>(Name)
      .Case("double", Bits::Double)
      .Case("float", Bits::Float)
      .Cases({"half", "__fp16", "_Float16"}, Bits::Half)
      .Case("__bf16", Bits::BFloat)
      .Case("__float128", Bits::FP128)
      .Cases({"int", "long", "long long", "short", "bool", "__int128", "_Bool",
              "wchar_t", "char16_t", "char32_t", "unsigned int"},
             Bits::Integer)
      .Default(Bits::Unknown);
}

static StringRef typeName(const MDNode *Node) {
  if (!Node || Node->getNumOperands() == 0)
    return "";
  auto *Name = dyn_cast_or_null<MDString>(Node->getOperand(0));
  return Name ? Name->getString() : "";
}

static const MDNode *operandNode(const MDNode &N, unsigned I) {
  return I < N.getNumOperands() ? dyn_cast_or_null<MDNode>(N.getOperand(I))
                                : nullptr;
}

Bits kindOfTag(const MDNode &Type) { return kindOfTypeName(typeName(&Type)); }

static std::optional<uint64_t> operandNumber(const MDNode &N, unsigned I) {
  if (I < N.getNumOperands())
    if (auto *C = mdconst::dyn_extract_or_null<ConstantInt>(N.getOperand(I)))
      return C->getZExtValue();
  return {};
}

Bits kindOfAccessTag(const MDNode *Tag) {
  return Tag ? kindOfTypeName(typeName(operandNode(*Tag, 1))) : Bits::Unknown;
}

static uint64_t sizeOfNamed(StringRef Name, Bits Kind) {
  if (Kind != Bits::Integer)
    return bitsSize(Kind);
  return StringSwitch<uint64_t>(Name)
      .Cases({"long", "long long"}, 8)
      .Cases({"int", "unsigned int"}, 4)
      .Case("short", 2)
      .Default(1);
}

// Scalars look like {name, parent, 0}, structs like {name, field, offset,
// field, offset, ...}. A member that is itself a struct is walked.
static void declareTagged(TypeConstraints &C, Place P, const MDNode &Struct,
                          unsigned Depth) {
  for (unsigned I = 1; I + 1 < Struct.getNumOperands(); I += 2) {
    const MDNode *Member = operandNode(Struct, I);
    auto Offset = operandNumber(Struct, I + 1);
    if (!Member || !Offset)
      return;
    Place At = C.graph().shifted(P, *Offset);
    Bits Kind = kindOfTypeName(typeName(Member));
    if (Kind != Bits::Unknown)
      sayField(C, At, Kind, sizeOfNamed(typeName(Member), Kind), false);
    else if (Depth && Member->getNumOperands() > 3)
      declareTagged(C, At, *Member, Depth - 1);
  }
}

void hintFromAccessTag(TypeConstraints &C, Instruction &I, Value &Ptr) {
  const MDNode *Tag = I.getMetadata(LLVMContext::MD_tbaa);
  if (!Tag || !operandNode(*Tag, 0) || C.slotOf(&Ptr) == TypeGraph::None ||
      !Ptr.getType()->isPointerTy())
    return;
  const MDNode &Base = *operandNode(*Tag, 0);
  auto Offset = operandNumber(*Tag, 2);
  if (Offset && Base.getNumOperands() > 3)
    declareTagged(
        C, C.graph().shifted(C.placeOf(&Ptr), -static_cast<int64_t>(*Offset)),
        Base, MaxTagDepth);
}

void forEachTaggedField(
    const MDNode &Fields,
    function_ref<void(uint64_t Offset, uint64_t Size, Bits Kind)> Visit) {
  for (unsigned I = 0; I + 2 < Fields.getNumOperands(); I += 3) {
    auto Offset = operandNumber(Fields, I), Size = operandNumber(Fields, I + 1);
    const MDNode *Tag = operandNode(Fields, I + 2);
    Bits Kind = kindOfAccessTag(Tag);
    if (!Offset || !Size || Kind == Bits::Unknown)
      continue;
    uint64_t Unit = Kind == Bits::Integer ? *Size : bitsSize(Kind);
    uint64_t Step = Kind == Bits::X86FP80 ? 16 : Unit;
    if (!Step || *Size / Step > 64)
      continue;
    for (uint64_t At = 0; At + Unit <= *Size; At += Step)
      Visit(*Offset + At, Unit, Kind);
  }
}

void hintFromCopyTags(TypeConstraints &C, const MDNode &Fields, Value &Ptr) {
  if (C.slotOf(&Ptr) == TypeGraph::None)
    return;
  forEachTaggedField(Fields, [&](uint64_t At, uint64_t Size, Bits Kind) {
    sayField(C, C.graph().shifted(C.placeOf(&Ptr), At), Kind, Size,
             /*Strong=*/true);
  });
}

} // namespace tern
