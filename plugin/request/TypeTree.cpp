// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "TypeTree.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/IR/DataLayout.h"

using namespace llvm;

namespace tern {

static const struct {
  TypeTree::Kind Kind;
  StringRef Name;
} Names[] = {
    {TypeTree::Anything, "Anything"},   {TypeTree::Integer, "Integer"},
    {TypeTree::Pointer, "Pointer"},     {TypeTree::Half, "Float@half"},
    {TypeTree::Float, "Float@float"},   {TypeTree::Double, "Float@double"},
    {TypeTree::Unknown, "Unknown"},     {TypeTree::X86FP80, "Float@x86_fp80"},
    {TypeTree::BFloat, "Float@bfloat"}, {TypeTree::FP128, "Float@fp128"},
};

static StringRef nameOf(TypeTree::Kind Kind) {
  for (const auto &Row : Names)
    if (Row.Kind == Kind)
      return Row.Name;
  return "Unknown";
}

bool TypeTree::insert(const Path &At, Kind What) {
  auto [Entry, IsNew] = Entries.try_emplace(At, What);
  Kind &Old = Entry->second;
  if (IsNew || Old == What || What == Anything)
    return IsNew;
  bool GivesWay = Old == Anything;
  bool WasUnknown = Old == Unknown;
  Old = GivesWay ? What : Unknown;
  return GivesWay || !WasUnknown;
}

bool TypeTree::merge(const TypeTree &Other) {
  bool Changed = false;
  for (const auto &[At, What] : Other.Entries)
    Changed |= insert(At, What);
  return Changed;
}

void TypeTree::wrap(int64_t Offset) {
  TypeTree Wrapped;
  for (const auto &[Old, What] : Entries) {
    Path At = Old;
    At.insert(At.begin(), Offset);
    Wrapped.insert(At, What);
  }
  *this = std::move(Wrapped);
}

void TypeTree::unwrap() {
  TypeTree Inner;
  for (const auto &[Old, What] : Entries) {
    Path At = Old;
    if (At.size() < 2 || (At[0] != 0 && At[0] != -1))
      continue;
    At.erase(At.begin());
    Inner.insert(At, What);
  }
  *this = std::move(Inner);
}

/// The distance at which an entry for every offset repeats.
static int64_t stride(TypeTree::Kind Kind, bool IsPointer,
                      const DataLayout &DL) {
  if (IsPointer)
    return DL.getPointerSize();
  switch (Kind) {
  case TypeTree::Pointer:
    return DL.getPointerSize();
  case TypeTree::Half:
  case TypeTree::BFloat:
    return 2;
  case TypeTree::Float:
    return 4;
  case TypeTree::Double:
    return 8;
  case TypeTree::X86FP80:
  case TypeTree::FP128:
    return 16;
  default:
    return 1;
  }
}

void TypeTree::shift(const Window &W, const DataLayout &DL) {
  TypeTree Seen;
  for (const auto &[Old, What] : Entries) {
    Path At = Old;
    if (At.empty())
      continue;
    int64_t First = At[0], To = static_cast<int64_t>(W.To);
    if (First == -1 && W.Size < 0) {
      if (To == 0)
        Seen.insert(At, What);
      continue;
    }
    if (First == -1) {
      int64_t Step = stride(What, At.size() > 1, DL);
      for (int64_t I = 0; I + Step <= W.Size; I += Step) {
        At[0] = To + I;
        Seen.insert(At, What);
      }
      continue;
    }
    At[0] = First - W.From;
    if (At[0] < 0 || (W.Size >= 0 && At[0] >= W.Size))
      continue;
    At[0] += To;
    Seen.insert(At, What);
  }
  *this = std::move(Seen);
}

std::string TypeTree::text() const {
  std::string Text = "{";
  for (const auto &[At, What] : Entries) {
    if (Text.size() > 1)
      Text += ", ";
    Text += "[";
    for (size_t I = 0; I != At.size(); ++I)
      Text += (I ? "," : "") + std::to_string(At[I]);
    Text += "]:" + nameOf(What).str();
  }
  return Text + "}";
}

static std::optional<TypeTree::Path> parsePath(StringRef &Rest) {
  TypeTree::Path At;
  if (!Rest.consume_front("["))
    return std::nullopt;
  while (!Rest.consume_front("]")) {
    int64_t Offset = 0;
    if (!At.empty() && !Rest.consume_front(","))
      return std::nullopt;
    if (Rest.consumeInteger(10, Offset))
      return std::nullopt;
    At.push_back(Offset);
  }
  return At;
}

static std::optional<TypeTree::Kind> parseKind(StringRef &Rest) {
  for (const auto &Row : Names)
    if (Rest.consume_front(Row.Name))
      return Row.Kind;
  return std::nullopt;
}

std::optional<TypeTree> TypeTree::parse(StringRef Text) {
  TypeTree Tree;
  if (!Text.consume_front("{"))
    return std::nullopt;
  while (!Text.consume_front("}")) {
    if (!Tree.Entries.empty() && !Text.consume_front(", "))
      return std::nullopt;
    std::optional<Path> At = parsePath(Text);
    if (!At || !Text.consume_front(":"))
      return std::nullopt;
    std::optional<Kind> What = parseKind(Text);
    if (!What)
      return std::nullopt;
    Tree.insert(*At, *What);
  }
  if (!Text.empty())
    return std::nullopt;
  return Tree;
}

} // namespace tern
