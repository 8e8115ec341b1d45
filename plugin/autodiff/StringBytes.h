// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Floats that travel through a std::string.
//
// Problem. The functions of std::string are the library's: they keep text, and
// text has no derivative. A program that serialises numbers hands them over as
// bytes and reads them back, and their adjoints would end there.
//
//   s.append((const char *)&active, 8);      a float goes in
//   memcpy(&v, s.data(), 8);                 and one comes out: refuse
//
// A string into which floats only go, as for a file, is right as it is, and so
// is one out of which they only come.
#pragma once

namespace llvm {
class Function;
class Instruction;
} // namespace llvm

namespace tern {

class ActivityFacts;

bool callsStrings(const llvm::Function &F);

/// The call in F that puts an active float into a string, if any string of F is
/// read as something other than text; else null.
const llvm::Instruction *findFloatInString(llvm::Function &F,
                                           const ActivityFacts &Facts);

} // namespace tern
