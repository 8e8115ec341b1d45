// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The surface through which rustc loads its autodiff back end.
//
// rustc opens <sysroot>/lib/rustlib/<host>/lib/libEnzyme-22.so, or the one in
// <sysroot>/lib, and looks up every name below; one missing name and it refuses
// the library. It describes parameter types through the EnzymeTypeTree
// functions, sets the options, and has the pass `enzyme` run on the module that
// fat LTO left. The plugin under that file name is all that
// #[autodiff_forward] and #[autodiff_reverse] need.
//
// The options are accepted and without effect: what they tune is done by
// analysis here, and -print-after-all shows what the printing ones ask for.
#include "../Plugin.h"
#include "TypeTree.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/Support/Error.h"
#include <cstdlib>
#include <cstring>

#define EXPORT extern "C" __attribute__((visibility("default")))

using tern::TypeTree;

EXPORT void registerEnzymeAndPassPipeline(llvm::PassBuilder &PB, bool Augment) {
  if (Augment)
    tern::registerCallbacks(PB);
  else
    tern::registerPassNames(PB);
}

// ---- type trees; the context argument that some take is not needed ---------

EXPORT TypeTree *EnzymeNewTypeTree() { return new TypeTree; }

EXPORT TypeTree *EnzymeNewTypeTreeCT(uint32_t Kind, void *) {
  auto *Tree = new TypeTree;
  Tree->insert({}, static_cast<TypeTree::Kind>(Kind));
  return Tree;
}

EXPORT TypeTree *EnzymeNewTypeTreeTR(const TypeTree *Other) {
  return new TypeTree(*Other);
}

EXPORT void EnzymeFreeTypeTree(TypeTree *Tree) { delete Tree; }

EXPORT bool EnzymeMergeTypeTree(TypeTree *Into, const TypeTree *From) {
  return Into->merge(*From);
}

EXPORT void EnzymeTypeTreeOnlyEq(TypeTree *Tree, int64_t Offset) {
  Tree->wrap(Offset);
}

EXPORT void EnzymeTypeTreeData0Eq(TypeTree *Tree) { Tree->unwrap(); }

EXPORT void EnzymeTypeTreeShiftIndiciesEq(TypeTree *Tree, const char *Layout,
                                          int64_t From, int64_t Size,
                                          uint64_t To) {
  llvm::Expected<llvm::DataLayout> DL = llvm::DataLayout::parse(Layout);
  if (!DL) {
    llvm::consumeError(DL.takeError());
    *Tree = TypeTree();
    return;
  }
  Tree->shift({From, Size, To}, *DL);
}

EXPORT void EnzymeTypeTreeInsertEq(TypeTree *Tree, const int64_t *Path,
                                   size_t Length, uint32_t Kind, void *) {
  Tree->insert(TypeTree::Path(Path, Path + Length),
               static_cast<TypeTree::Kind>(Kind));
}

EXPORT const char *EnzymeTypeTreeToString(const TypeTree *Tree) {
  return strdup(Tree->text().c_str());
}

EXPORT void EnzymeTypeTreeToStringFree(const char *Text) {
  std::free(const_cast<char *>(Text));
}

// ---- options ----------------------------------------------------------------

EXPORT uint8_t EnzymePrintPerf, EnzymePrintActivity, EnzymePrintType,
    EnzymePrint, EnzymeStrictAliasing, EnzymeInline, RustTypeRules,
    looseTypeAnalysis;
uint8_t EnzymePrintPerf, EnzymePrintActivity, EnzymePrintType, EnzymePrint,
    EnzymeStrictAliasing, EnzymeInline, RustTypeRules, looseTypeAnalysis;
EXPORT uint32_t EnzymeMaxTypeDepth;
/// How deep rustc follows pointers when it describes a type.
uint32_t EnzymeMaxTypeDepth = 6;
EXPORT uint64_t EnzymeFunctionToAnalyze;
/// Takes the place of a string option: only its address is used.
uint64_t EnzymeFunctionToAnalyze;

EXPORT void EnzymeSetCLBool(uint8_t *Option, uint8_t Value) { *Option = Value; }
EXPORT void EnzymeSetCLString(void *, const char *) {}
