// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Union-find over slots and cells, and the reading of a stretch of memory off
// the fields that overlap it (see TypeGraph.h).
//
// Cells merge with a shift, as the same object may be known from its base and
// from the middle. Fields with a stride ("every 24 bytes from 8") and fields at
// a fixed offset live side by side: a struct with an array inside has both, and
// collapsing it would lose the members behind the array. linkFields() brings
// them together where that contradicts nothing.
#include "TypeGraph.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Type.h"
#include <numeric>
#include <set>

using namespace llvm;

namespace tern {

static const char *const BitsNames[] = {
    "unknown", "integer", "pointer",  "half",  "bfloat",
    "float",   "double",  "x86_fp80", "fp128", "unknown"};

StringRef bitsName(Bits Kind) { return BitsNames[static_cast<int>(Kind)]; }

Bits bitsNamed(StringRef Name) {
  for (int K = 0; K < static_cast<int>(Bits::Conflict); ++K)
    if (Name == BitsNames[K])
      return static_cast<Bits>(K);
  return Bits::Unknown;
}

unsigned bitsSize(Bits Kind) {
  static const unsigned Sizes[] = {0, 0, 8, 2, 2, 4, 8, 10, 16, 0};
  return Sizes[static_cast<int>(Kind)];
}

bool isFloatBits(Bits Kind) {
  return Kind >= Bits::Half && Kind <= Bits::FP128;
}

Type *bitsType(Bits Kind, LLVMContext &Ctx) {
  switch (Kind) {
  case Bits::Pointer:
    return PointerType::getUnqual(Ctx);
  case Bits::Half:
    return Type::getHalfTy(Ctx);
  case Bits::BFloat:
    return Type::getBFloatTy(Ctx);
  case Bits::Float:
    return Type::getFloatTy(Ctx);
  case Bits::Double:
    return Type::getDoubleTy(Ctx);
  case Bits::X86FP80:
    return Type::getX86_FP80Ty(Ctx);
  case Bits::FP128:
    return Type::getFP128Ty(Ctx);
  default:
    return nullptr;
  }
}

Bits bitsOfType(const Type *Ty) {
  switch (Ty->getTypeID()) {
  case Type::HalfTyID:
    return Bits::Half;
  case Type::BFloatTyID:
    return Bits::BFloat;
  case Type::FloatTyID:
    return Bits::Float;
  case Type::DoubleTyID:
    return Bits::Double;
  case Type::X86_FP80TyID:
    return Bits::X86FP80;
  case Type::FP128TyID:
    return Bits::FP128;
  case Type::PointerTyID:
    // Pointers of other address spaces are never rebuilt from integers.
    return Ty->getPointerAddressSpace() == 0 ? Bits::Pointer : Bits::Conflict;
  default:
    return Bits::Unknown;
  }
}

Bits joinBits(Bits A, Bits B) {
  if (A == B || B == Bits::Unknown)
    return A;
  if (A == Bits::Unknown)
    return B;
  if (A == Bits::Integer)
    return B;
  if (B == Bits::Integer)
    return A;
  return Bits::Conflict;
}

static Bits resolve(uint16_t Set) {
  Bits Kind = Bits::Unknown;
  for (int K = 1; K <= static_cast<int>(Bits::Conflict); ++K)
    if (Set & (1u << K))
      Kind = joinBits(Kind, static_cast<Bits>(K));
  return Kind;
}

static int64_t residue(int64_t Offset, uint64_t Stride) {
  int64_t R = Offset % static_cast<int64_t>(Stride);
  return R < 0 ? R + static_cast<int64_t>(Stride) : R;
}

TypeGraph::SlotId TypeGraph::addSlot() {
  Slots.emplace_back();
  Slots.back().Parent = Slots.size() - 1;
  return Slots.size() - 1;
}

TypeGraph::CellId TypeGraph::addCell() {
  Cells.emplace_back();
  Cells.back().Parent = Cells.size() - 1;
  return Cells.size() - 1;
}

TypeGraph::SlotId TypeGraph::find(SlotId S) {
  while (Slots[S].Parent != S)
    S = Slots[S].Parent = Slots[Slots[S].Parent].Parent;
  return S;
}

TypeGraph::Place TypeGraph::normal(Place P) {
  while (Cells[P.Cell].Parent != P.Cell) {
    Cell &C = Cells[P.Cell], &Up = Cells[C.Parent];
    P.Offset += C.Shift;
    P.Cell = C.Parent;
    if (Up.Parent != C.Parent) { // halve the path
      C.Shift += Up.Shift;
      C.Parent = Up.Parent;
    }
  }
  return P;
}

void TypeGraph::addEvidence(SlotId S, Bits Kind, bool Strong) {
  if (Kind == Bits::Unknown)
    return;
  Slot &The = Slots[find(S)];
  uint16_t &Set = Strong ? The.Strong : The.Weak;
  uint16_t Bit = 1u << static_cast<int>(Kind);
  if (Set & Bit)
    return;
  ++Version;
  Set |= Bit;
  noteChange(The);
}

// Evidence grows at most once per kind, so all the walks over a slot's owners
// together cost a small multiple of their number.
void TypeGraph::noteChange(const Slot &Root) {
  for (unsigned O = Root.FirstOwner; O != None; O = Owners[O].Next) {
    FieldKey Key = Owners[O].Key;
    Place P = normal({Owners[O].Cell, Key.Offset, Key.Stride});
    Cell &C = Cells[P.Cell];
    C.Changed = Version;
    if (!Key.Stride)
      continue;
    Starts &Alike =
        C.Arrays[{Key.Stride, residue(P.Offset, Key.Stride), Key.Size}];
    SlotId Any = static_cast<SlotId>(&Root - Slots.data());
    (Root.Strong ? Alike.Strong : Alike.Weak).insert({P.Offset, Any});
    if (Root.Strong)
      Alike.Weak.erase(P.Offset);
  }
}

void TypeGraph::adopt(Slot &Root, CellId C, FieldKey Key) {
  Owners.push_back({C, Key, Root.FirstOwner});
  Root.FirstOwner = Owners.size() - 1;
  if (Root.LastOwner == None)
    Root.LastOwner = Root.FirstOwner;
}

Bits TypeGraph::kind(SlotId S) {
  Slot &The = Slots[find(S)];
  return resolve(The.Strong ? The.Strong : The.Weak);
}

bool TypeGraph::hasStrongEvidence(SlotId S) { return Slots[find(S)].Strong; }

bool TypeGraph::hasPointee(SlotId S) {
  return Slots[find(S)].Pointee.Cell != None;
}

TypeGraph::Place TypeGraph::pointee(SlotId S) {
  S = find(S);
  if (Slots[S].Pointee.Cell == None) {
    CellId C = addCell();
    Slots[S].Pointee = {C, 0, 0};
    ++Version;
  }
  return Slots[S].Pointee = normal(Slots[S].Pointee);
}

void TypeGraph::unifyPointee(SlotId S, Place P) {
  S = find(S);
  Place Old = Slots[S].Pointee;
  if (Old.Cell == None) {
    Slots[S].Pointee = normal(P);
    ++Version;
    return;
  }
  Place New = unifyPlaces(Old, P);
  S = find(S);
  Slots[S].Pointee = normal(New);
  drain();
}

TypeGraph::Place TypeGraph::unifyPlaces(Place A, Place B) {
  A = normal(A);
  B = normal(B);
  uint64_t Stride = std::gcd(A.Stride, B.Stride);
  if (A.Cell == B.Cell) {
    uint64_t Distance = std::abs(A.Offset - B.Offset);
    Stride = std::gcd(Stride, Distance);
    // The same stride again: a pointer that runs through an array. Keeping its
    // offset, not the smaller one, makes this end for one that runs backwards.
    if (Stride == A.Stride)
      return A;
    ++Version;
    A.Stride = Stride;
    A.Offset = std::min(A.Offset, B.Offset);
    return A;
  }
  int64_t Shift = A.Offset - B.Offset;
  if (Cells[A.Cell].Fields.size() >= Cells[B.Cell].Fields.size())
    mergeCells(A.Cell, B.Cell, Shift);
  else
    mergeCells(B.Cell, A.Cell, -Shift);
  A.Stride = Stride;
  return normal(A);
}

void TypeGraph::mergeCells(CellId Into, CellId From, int64_t Shift) {
  ++Version;
  auto Fields = std::move(Cells[From].Fields);
  Cells[From].Fields.clear();
  Cells[From].Arrays.clear();
  Cells[From].ElementsAt.clear();
  Cells[From].Parent = Into;
  Cells[From].Shift = Shift;
  for (auto &[Key, S] : Fields) {
    FieldKey Moved = Key;
    Moved.Offset += Shift;
    Pending.push_back({fieldAt(Into, Moved), S});
  }
}

TypeGraph::SlotId TypeGraph::fieldAt(CellId C, FieldKey Key) {
  auto [It, IsNew] = Cells[C].Fields.try_emplace(Key, None);
  if (IsNew) {
    It->second = addSlot();
    adopt(Slots[It->second], C, Key);
    Cells[C].Widest = std::max(Cells[C].Widest, Key.Size);
    Cells[C].Changed = ++Version;
  }
  return It->second;
}

TypeGraph::SlotId TypeGraph::field(Place P, uint64_t Size) {
  P = normal(P);
  return fieldAt(P.Cell, {P.Stride, P.Offset, Size});
}

void TypeGraph::unify(SlotId A, SlotId B) {
  Pending.push_back({A, B});
  drain();
}

// Unifying slots may merge cells, which unifies more slots: one list instead of
// recursion, as linked structures make the chains long.
void TypeGraph::drain() {
  if (Draining)
    return;
  Draining = true;
  while (!Pending.empty()) {
    auto [A, B] = Pending.back();
    Pending.pop_back();
    unifySlotsNow(find(A), find(B));
  }
  Draining = false;
}

void TypeGraph::unifySlotsNow(SlotId A, SlotId B) {
  if (A == B)
    return;
  ++Version;
  Slot &Into = Slots[A], &From = Slots[B];
  From.Parent = A;
  uint16_t Strong = Into.Strong | From.Strong, Weak = Into.Weak | From.Weak;
  for (Slot *S : {&Into, &From})
    if (S->Strong != Strong || S->Weak != Weak) {
      S->Strong = Strong;
      S->Weak = Weak;
      noteChange(*S);
    }
  if (From.FirstOwner != None) {
    unsigned &End =
        Into.FirstOwner == None ? Into.FirstOwner : Owners[Into.LastOwner].Next;
    End = From.FirstOwner;
    Into.LastOwner = From.LastOwner;
  }
  Place PA = Into.Pointee, PB = From.Pointee;
  if (PA.Cell == None)
    Slots[A].Pointee = PB;
  else if (PB.Cell != None)
    Slots[A].Pointee = unifyPlaces(PA, PB);
}

TypeGraph::Place TypeGraph::shifted(Place P, int64_t Offset, uint64_t Stride) {
  P.Offset += Offset;
  P.Stride = std::gcd(P.Stride, Stride);
  return normal(P);
}

std::vector<TypeGraph::Field> TypeGraph::fieldsAround(Place P) {
  std::vector<Field> Out;
  for (auto &[Key, S] : Cells[normal(P).Cell].Fields)
    Out.push_back({Key, S});
  return Out;
}

std::vector<TypeGraph::Field> TypeGraph::fieldsFrom(Place P, uint64_t Size) {
  P = normal(P);
  auto &Fields = Cells[P.Cell].Fields;
  std::vector<Field> Out;
  auto End = Fields.lower_bound({0, P.Offset + static_cast<int64_t>(Size), 0});
  for (auto I = Fields.lower_bound({0, P.Offset, 0}); I != End; ++I)
    Out.push_back({I->first, I->second});
  for (auto I = Fields.lower_bound({1, INT64_MIN, 0}); I != Fields.end(); ++I)
    Out.push_back({I->first, I->second});
  return Out;
}

// One field onto the bytes, its first byte at `At`. Better evidence was painted
// before; equally good evidence is joined.
static void paintField(MutableArrayRef<TypeGraph::Byte> Bytes, int64_t At,
                       uint64_t Size, const TypeGraph::Byte &As) {
  unsigned Unit = std::max(1u, bitsSize(As.Kind));
  for (uint64_t I = 0; I < Size; ++I) {
    int64_t Pos = At + static_cast<int64_t>(I);
    if (Pos < 0 || Pos >= static_cast<int64_t>(Bytes.size()))
      continue;
    TypeGraph::Byte &B = Bytes[Pos];
    TypeGraph::Byte New = As;
    New.Starts = As.Kind != Bits::Integer && I % Unit == 0;
    auto Quality = std::tie(As.Level, As.Distance);
    auto Present = std::tie(B.Level, B.Distance);
    if (!B.Level || Quality < Present) {
      B = New;
      continue;
    }
    if (Present < Quality)
      continue;
    if (B.Kind == New.Kind && B.Starts != New.Starts)
      B.Kind = Bits::Conflict; // overlapping, out of step
    else
      B.Kind = joinBits(B.Kind, New.Kind);
    if (B.Kind == New.Kind)
      B.Starts = New.Starts;
  }
}

/// Calls Paint(offset from `Start`) for each copy of a field, at distance
/// `Step`, that overlaps the `Length` bytes from there.
template <typename Fn>
static void forEachCopy(const TypeGraph::FieldKey &Key, int64_t Start,
                        int64_t Length, int64_t Step, Fn Paint) {
  int64_t At = residue(Key.Offset - Start, Step);
  while (At + static_cast<int64_t>(Key.Size) > Step)
    At -= Step;
  for (; At < Length; At += Step)
    Paint(At);
}

// Levels, best first:
//   1  for an array: accesses to just this array
//   2  what was used at exactly this place (for an array: at any element, as
//      they are all alike)
//   3  what was declared there
//   4  the array around it, the closest start first; 5 the same, declared
//   6  an array that starts later; 7 the same, declared
//
// For an array, what is known of single elements (2, 3) and of arrays (1, 4..7)
// may disagree: then a header lies before the array, or a field behind it.
// Inside an array its own kind holds, with a field of another kind between its
// start and here nothing is sure.
TypeGraph::Byte TypeGraph::elementOrArray(const Byte &Element,
                                          const Byte &Array, Place P) {
  if (!Element.Level || !Array.Level)
    return Element.Level ? Element : Array;
  if (Element.Kind == Array.Kind && Element.Starts == Array.Starts)
    return std::min(Element.Level, Array.Level) == Element.Level ? Element
                                                                 : Array;
  if (Array.Level == 1)
    return Array;
  auto &Fields = Cells[P.Cell].Fields;
  int64_t Start = P.Offset - static_cast<int64_t>(Array.Distance);
  auto It = Fields.lower_bound({0, Start + 1, 0});
  auto End = Fields.lower_bound({0, P.Offset + 1, 0});
  bool IsInside = Array.Level == 4;
  for (; It != End; ++It) {
    Bits Kind = kind(It->second);
    IsInside &= Kind == Bits::Unknown || Kind == Array.Kind;
  }
  if (IsInside)
    return Array;
  Byte Open = Element;
  Open.Kind = Bits::Conflict;
  return Open;
}

// Of arrays whose elements lie in the same places, only the one that starts
// closest is seen in an element (levels 4 to 7): at most four for each element
// are worth looking at, however many there are.
std::vector<TypeGraph::Field> TypeGraph::arraysOver(Place P, int64_t Length) {
  Cell &C = Cells[P.Cell];
  std::vector<Field> Out;
  for (auto &[Alike, Known] : C.Arrays) {
    auto Add = [&, A = Alike](std::map<int64_t, SlotId>::iterator I) {
      Out.push_back({{A.Stride, I->first, A.Size}, I->second});
    };
    for (auto *Set : {&Known.Strong, &Known.Weak}) {
      auto First =
          Set->upper_bound(P.Offset - static_cast<int64_t>(Alike.Size));
      if (First != Set->begin())
        --First; // around the first element; then those that start within
      for (; First != Set->end() && First->first < P.Offset + Length; ++First)
        Add(First);
      if (First != Set->end())
        Add(First);
    }
  }
  llvm::sort(Out, [](const Field &A, const Field &B) { return A.Key < B.Key; });
  return Out;
}

void TypeGraph::paintArrays(MutableArrayRef<Byte> Bytes, Place P) {
  int64_t Length = Bytes.size();
  for (const Field &F : arraysOver(P, Length)) {
    Byte As;
    As.Kind = kind(F.Slot);
    bool Strong = hasStrongEvidence(F.Slot);
    bool IsThis = Strong && F.Key.Stride == P.Stride &&
                  F.Key.Offset >= P.Offset && F.Key.Offset < P.Offset + Length;
    forEachCopy(F.Key, P.Offset, Length, F.Key.Stride, [&](int64_t At) {
      int64_t Distance = P.Offset + At - F.Key.Offset;
      As.Level = IsThis ? 1 : (Strong ? 4 : 5) + (Distance < 0 ? 2 : 0);
      As.Distance = IsThis ? 0 : std::abs(Distance);
      paintField(Bytes, At, F.Key.Size, As);
    });
  }
}

/// The cell's single fields as seen at P's stride, each way of looking once, in
/// the order of the fields.
ArrayRef<TypeGraph::Element> TypeGraph::elements(Place P) {
  Cell &C = Cells[P.Cell];
  Elements &At = C.ElementsAt[P.Stride];
  if (At.Version >= C.Changed && At.Version)
    return At.All;
  At.Version = Version;
  At.All.clear();
  std::set<Element> Seen;
  auto End = C.Fields.lower_bound({1, INT64_MIN, 0});
  for (auto I = C.Fields.begin(); I != End; ++I) {
    Element E{residue(I->first.Offset, P.Stride), I->first.Size,
              kind(I->second),
              static_cast<uint8_t>(hasStrongEvidence(I->second) ? 2 : 3)};
    if (E.Kind != Bits::Unknown && Seen.insert(E).second)
      At.All.push_back(E);
  }
  return At.All;
}

void TypeGraph::paintElements(MutableArrayRef<Byte> Bytes, Place P) {
  for (const Element &E : elements(P)) {
    Byte As{E.Kind, false, E.Level};
    forEachCopy({0, E.Residue, E.Size}, P.Offset, Bytes.size(), P.Stride,
                [&](int64_t At) { paintField(Bytes, At, E.Size, As); });
  }
}

void TypeGraph::paintFixed(MutableArrayRef<Byte> Bytes, Place P) {
  Cell &C = Cells[P.Cell];
  int64_t Length = Bytes.size();
  auto I =
      C.Fields.lower_bound({0, P.Offset - static_cast<int64_t>(C.Widest), 0});
  auto End = C.Fields.lower_bound({0, P.Offset + Length, 0});
  for (; I != End; ++I) {
    Byte As;
    As.Kind = kind(I->second);
    As.Level = hasStrongEvidence(I->second) ? 2 : 3;
    if (As.Kind != Bits::Unknown)
      paintField(Bytes, I->first.Offset - P.Offset, I->first.Size, As);
  }
}

SmallVector<TypeGraph::Byte, 64> TypeGraph::paint(Place P, uint64_t Size) {
  P = normal(P);
  SmallVector<Byte, 64> Bytes(Size);
  if (!P.Stride) {
    paintFixed(Bytes, P);
    paintArrays(Bytes, P);
    return Bytes;
  }
  SmallVector<Byte, 64> Single(Size);
  paintElements(Single, P);
  paintArrays(Bytes, P);
  for (uint64_t I = 0; I != Size; ++I)
    Bytes[I] = elementOrArray(Single[I], Bytes[I], P);
  return Bytes;
}

uint64_t TypeGraph::period(Place P) {
  P = normal(P);
  auto &Fields = Cells[P.Cell].Fields; // sorted by stride first
  return std::max(P.Stride, Fields.empty() ? 0 : Fields.rbegin()->first.Stride);
}

static bool congruent(const TypeGraph::FieldKey &A,
                      const TypeGraph::FieldKey &B) {
  uint64_t Step = std::gcd(A.Stride, B.Stride);
  return Step && residue(A.Offset - B.Offset, Step) == 0;
}

/// How well the array `S` fits around `F`: the last that starts before it.
static uint64_t distance(const TypeGraph::FieldKey &S,
                         const TypeGraph::FieldKey &F) {
  if (S.Offset <= F.Offset)
    return F.Offset - S.Offset;
  return (uint64_t(1) << 62) + S.Offset - F.Offset;
}

/// The array of fields as large as `F` that `F` most likely belongs to.
static const TypeGraph::Field *closestArray(const TypeGraph::Field &F,
                                            ArrayRef<TypeGraph::Field> Arrays) {
  const TypeGraph::Field *Closest = nullptr;
  for (const TypeGraph::Field &S : Arrays)
    if (&S != &F && S.Key.Size == F.Key.Size && congruent(F.Key, S.Key))
      if (!Closest || distance(S.Key, F.Key) < distance(Closest->Key, F.Key))
        Closest = &S;
  return Closest;
}

// "Every 8 bytes" and "at 16" are the same bits unless the evidence says that
// another array lies between or the kinds differ. An array without evidence of
// its own learns from its elements only if they agree: a loop over i64 may copy
// structs of several kinds.
void TypeGraph::linkArrays(ArrayRef<Field> Fields) {
  ArrayRef<Field> Arrays =
      Fields.drop_while([](const Field &F) { return F.Key.Stride == 0; });
  if (Arrays.size() * Fields.size() > (1 << 20))
    return;
  std::map<const Field *, Bits> Elements;
  std::vector<std::pair<const Field *, const Field *>> Pairs;
  for (const Field &F : Fields)
    if (const Field *Closest = closestArray(F, Arrays)) {
      Bits Kind = kind(F.Slot);
      Bits &Joined = Elements.try_emplace(Closest, Kind).first->second;
      bool Agrees =
          Kind == Joined || Kind == Bits::Unknown || Joined == Bits::Unknown;
      Joined = Agrees ? joinBits(Joined, Kind) : Bits::Conflict;
      Pairs.push_back({Closest, &F});
    }
  for (auto [Array, F] : Pairs) {
    Bits A = kind(Array->Slot), B = kind(F->Slot);
    bool ArrayLearns =
        A == Bits::Unknown && B != Bits::Unknown && Elements[Array] == B;
    bool FieldLearns = A != Bits::Unknown && B == Bits::Unknown;
    if (ArrayLearns || FieldLearns || (A == B && A == Bits::Pointer))
      unify(Array->Slot, F->Slot);
  }
}

/// The one kind of all bytes, or Unknown / Conflict.
static Bits uniformKind(ArrayRef<TypeGraph::Byte> Bytes) {
  Bits Kind = Bits::Unknown;
  for (const TypeGraph::Byte &B : Bytes) {
    if (B.Kind == Bits::Unknown || (Kind != Bits::Unknown && B.Kind != Kind))
      return Bits::Unknown;
    Kind = B.Kind;
  }
  return Kind;
}

static bool isStrong(const TypeGraph::Byte &B) {
  return B.Level == 1 || B.Level == 2 || B.Level == 4;
}

// A wide field without evidence takes the kind of what was found inside it (an
// i64 move of two floats), a narrow one that of the field around it.
void TypeGraph::linkNested(CellId C, ArrayRef<Field> Fields) {
  for (const Field &F : Fields) {
    if (F.Key.Size > 64 || F.Key.Size < 2 || kind(F.Slot) != Bits::Unknown)
      continue;
    auto Bytes = paint({C, F.Key.Offset, F.Key.Stride}, F.Key.Size);
    Bits Kind = uniformKind(Bytes);
    unsigned Unit = bitsSize(Kind);
    if (!isFloatBits(Kind) && Kind != Bits::Pointer && Kind != Bits::Integer)
      continue;
    if (Unit && (F.Key.Size % Unit || !Bytes[0].Starts))
      continue;
    addEvidence(F.Slot, Kind, isStrong(Bytes[0]));
  }
}

void TypeGraph::linkFields() {
  for (CellId C = 0; C < Cells.size(); ++C) {
    if (Cells[C].Parent != C || Cells[C].Changed <= Cells[C].Linked)
      continue;
    Cells[C].Linked = Version;
    std::vector<Field> Fields = fieldsAround({C, 0, 0});
    if (Fields.size() < 2)
      continue;
    linkArrays(Fields);
    if (Cells[C].Parent == C)
      linkNested(C, fieldsAround({C, 0, 0}));
  }
}

} // namespace tern
