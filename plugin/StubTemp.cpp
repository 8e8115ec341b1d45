#include "analysis/Retype.h"
#include "autodiff/Modes.h"
namespace tern {
__attribute__((weak)) bool retype(llvm::Function &) { return false; }
__attribute__((weak)) bool buildForward(const DerivativeKey &, llvm::Function &, llvm::Function &, WorkList &) { return false; }
} // namespace tern
