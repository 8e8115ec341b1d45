// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every error and remark that Tern prints goes through here. Errors are
// DiagnosticInfoUnsupported, the one kind that clang shows with a source
// position and that rustc turns into an error as well.
#pragma once
#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace llvm {
class Function;
class Instruction;
} // namespace llvm

namespace tern {

enum class Severity { Error, Remark };

enum class Diag {
#define DIAGNOSTIC(Name, Tag, Sev, Text, Remedy) Name,
#include "Diagnostics.def"
#undef DIAGNOSTIC
};

/// Reports `Which` at the source position of `At` (an instruction, or where it
/// has no position the nearest one that has). Errors make the compilation fail.
void report(Diag Which, const llvm::Instruction &At,
            std::vector<std::string> Holes);
/// The same where there is no instruction to point at.
void report(Diag Which, const llvm::Function &In,
            std::vector<std::string> Holes);
/// How many errors were reported so far; a stage that sees more than at its
/// start has failed.
unsigned reportedErrors();

/// The name as the user wrote it: demangled, suffixes of clones removed.
std::string readableName(llvm::StringRef Symbol);

} // namespace tern
