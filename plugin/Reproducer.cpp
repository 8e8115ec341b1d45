// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Reproducer.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include <dlfcn.h>

using namespace llvm;

namespace tern {

/// Where the module goes; empty until an internal error asks for it.
static SmallString<128> ModulePath;

static std::string pluginPath() {
  Dl_info Found;
  if (dladdr(reinterpret_cast<void *>(&pluginPath), &Found) && Found.dli_fname)
    return Found.dli_fname;
  return "TernPlugin.so";
}

std::string reproducingLine() {
  if (ModulePath.empty() &&
      sys::fs::createTemporaryFile("tern", "bc", ModulePath))
    return "(no temporary file could be made for the module)";
  return "opt-22 -load-pass-plugin=" + pluginPath() +
         " -passes=tern -disable-output " + ModulePath.str().str();
}

void writeReproducer(const Module &M) {
  if (ModulePath.empty())
    return;
  std::error_code Failed;
  raw_fd_ostream File(ModulePath, Failed);
  if (!Failed)
    WriteBitcodeToFile(M, File);
  ModulePath.clear();
}

} // namespace tern
