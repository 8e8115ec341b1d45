// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Accesses of which the program itself says that they are of an integer.
//
// Problem. The graph of types (TypeGraph.h) has one cell for all memory that
// the same pointer may reach. The header of a std::list is reached like its
// nodes, so its size and the nodes' doubles, at the same offset, become one.
//
// Idea. An access by the name of an integer member, in a struct that has
// pointers too, is of an integer whatever else the cell holds. (Structs of
// numbers alone are how bits of a double are taken apart: no word about those.)
// What was found is kept as !tern.bits "integer", for names are lost when
// address arithmetic is simplified.
#pragma once

namespace llvm {
class Instruction;
} // namespace llvm

namespace tern {

bool isDeclaredInteger(const llvm::Instruction &Access);

} // namespace tern
