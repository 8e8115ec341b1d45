// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a C++ type with a well-known name looks like in memory.
//
// Problem. Copying a map is a recursive function that moves its nodes' values
// in one piece, and no other access shows what they hold.
//
// Idea. The function's name spells the node's type, and the ABI of the standard
// library fixes its layout. Structs of the program are found under their names
// in the IR. About types whose layout does not follow nothing is said.
//
//   std::_Rb_tree_node<std::pair<int const, double> >
//     ->  integer 0, pointers 8, 16, 24, integer 32, double 40; 48 bytes
#pragma once
#include "TypeGraph.h"
#include "llvm/ADT/SmallVector.h"
#include <optional>

namespace llvm {
class DataLayout;
class LLVMContext;
} // namespace llvm

namespace tern {

struct NamedLayout {
  struct Field {
    uint64_t Offset;
    uint64_t Size;
    Bits Kind;
  };
  llvm::SmallVector<Field, 8> Fields; ///< padding counts as integers
  uint64_t Size = 0;
  uint64_t Alignment = 1;
};

/// `Name` is a type as the demangler writes it.
std::optional<NamedLayout> layoutOfNamed(llvm::StringRef Name,
                                         llvm::LLVMContext &Ctx,
                                         const llvm::DataLayout &DL);

/// The texts between the commas of `List` that are not inside brackets.
llvm::SmallVector<llvm::StringRef, 8> splitAtCommas(llvm::StringRef List);

/// `Type` without const, volatile and restrict at its end.
llvm::StringRef withoutQualifiers(llvm::StringRef Type);

} // namespace tern
