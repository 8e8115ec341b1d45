// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiles a module in this process. Functions that this machine's libm lacks
// (sinpi and its relatives) are provided.
#pragma once
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/IR/Module.h"
#include <memory>
#include <string>

namespace tern::test {

/// A value in memory: up to 64 bytes, enough for any type tried here.
struct alignas(64) Slot {
  unsigned char Bytes[64];
};
using Compiled = void (*)(const Slot *In, Slot *Out);

class Jit {
public:
  Jit();
  void add(std::unique_ptr<llvm::Module> M,
           std::unique_ptr<llvm::LLVMContext> Context);
  Compiled find(const std::string &Name);
  /// Whether a libm or runtime function of that name can be called.
  static bool hasSymbol(const std::string &Name);

private:
  std::unique_ptr<llvm::orc::LLJIT> Session;
};

} // namespace tern::test
