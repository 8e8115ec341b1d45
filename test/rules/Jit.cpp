// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Jit.h"
#include "llvm/ExecutionEngine/Orc/ThreadSafeModule.h"
#include "llvm/Support/TargetSelect.h"
#include <cmath>
#include <dlfcn.h>
#include <limits>
#include <map>

extern "C" {
double tern_polygamma(int Order, double X);
float tern_polygammaf(int Order, float X);
long double tern_polygammal(int Order, long double X);
}

using namespace llvm;
using namespace llvm::orc;

namespace tern::test {

template <typename T> static const T Pi = T(3.14159265358979323846264338328L);

#define PROVIDE(Name, Formula)                                                 \
  {#Name, reinterpret_cast<void *>(+[](double X) -> double {                   \
     using T = double;                                                         \
     return Formula;                                                           \
   })},                                                                        \
      {#Name "f", reinterpret_cast<void *>(+[](float X) -> float {             \
         using T = float;                                                      \
         return Formula;                                                       \
       })},                                                                    \
  {                                                                            \
    #Name "l", reinterpret_cast<void *>(+[](long double X) -> long double {    \
      using T = long double;                                                   \
      return Formula;                                                          \
    })                                                                         \
  }

static const std::map<std::string, void *> &provided() {
  static const std::map<std::string, void *> Symbols = {
      PROVIDE(sinpi, T(std::sin(Pi<long double> * X))),
      PROVIDE(cospi, T(std::cos(Pi<long double> * X))),
      PROVIDE(tanpi, T(std::tan(Pi<long double> * X))),
      PROVIDE(asinpi, T(std::asin((long double)X) / Pi<T>)),
      PROVIDE(acospi, T(std::acos((long double)X) / Pi<T>)),
      PROVIDE(nextup, std::nextafter(X, std::numeric_limits<T>::infinity())),
      PROVIDE(nextdown, std::nextafter(X, -std::numeric_limits<T>::infinity())),
      PROVIDE(atanpi, T(std::atan((long double)X) / Pi<T>)),
      {"_FortranAScale4", reinterpret_cast<void *>(+[](float X, long N) {
         return std::scalbln(X, N);
       })},
      {"_FortranAScale8", reinterpret_cast<void *>(+[](double X, long N) {
         return std::scalbln(X, N);
       })},
      {"_FortranAScale10", reinterpret_cast<void *>(+[](long double X, long N) {
         return std::scalbln(X, N);
       })},
      {"tern_polygamma", reinterpret_cast<void *>(tern_polygamma)},
      {"tern_polygammaf", reinterpret_cast<void *>(tern_polygammaf)},
      {"tern_polygammal", reinterpret_cast<void *>(tern_polygammal)},
  };
  return Symbols;
}

Jit::Jit() {
  InitializeNativeTarget();
  InitializeNativeTargetAsmPrinter();
  ExitOnError Check("jit: ");
  auto Target = Check(JITTargetMachineBuilder::detectHost());
  Target.setCodeGenOptLevel(CodeGenOptLevel::None);
  // LLVM 22 has no instructions for ldexp of vectors on AVX-512.
  Target.addFeatures({"-avx512f"});
  Session = Check(
      LLJITBuilder().setJITTargetMachineBuilder(std::move(Target)).create());
  SymbolMap Map;
  for (auto &[Name, Address] : provided())
    Map[Session->mangleAndIntern(Name)] = {ExecutorAddr::fromPtr(Address),
                                           JITSymbolFlags::Exported};
  Check(Session->getMainJITDylib().define(absoluteSymbols(std::move(Map))));
}

void Jit::add(std::unique_ptr<Module> M, std::unique_ptr<LLVMContext> Context) {
  M->setDataLayout(Session->getDataLayout());
  ExitOnError Check("jit: ");
  Check(
      Session->addIRModule(ThreadSafeModule(std::move(M), std::move(Context))));
}

Compiled Jit::find(const std::string &Name) {
  ExitOnError Check("jit: ");
  return Check(Session->lookup(Name)).toPtr<Compiled>();
}

bool Jit::hasSymbol(const std::string &Name) {
  return provided().count(Name) || dlsym(RTLD_DEFAULT, Name.c_str());
}

} // namespace tern::test
