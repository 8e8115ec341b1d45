// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Evidence that is said rather than done: declared types, TBAA, parameter
// attributes.
//
// Declared types are weak: optimised IR allocates {i64, i64} for what holds two
// doubles, and a union declares only one of its members. TBAA tags name the
// type that the program used for the access, so they are strong; the struct
// that a tag says the access lies in is weak again.
#pragma once
#include "TypeGraph.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

namespace llvm {
class AttributeSet;
class Function;
class GlobalVariable;
class Instruction;
class MDNode;
class Type;
class Value;
} // namespace llvm

namespace tern {

class TypeConstraints;

/// The memory at `P` was declared as `Ty`.
void hintFromType(TypeConstraints &C, TypeGraph::Place P, llvm::Type *Ty);
/// Declared type and initial value.
void hintFromGlobal(TypeConstraints &C, llvm::GlobalVariable &G);
/// What a parameter's attributes say about the argument `V`: tern_pointee,
/// enzyme_type, byval, sret.
void hintFromAttributes(TypeConstraints &C, llvm::Value &V,
                        llvm::AttributeSet Attributes);
/// What the C++ name of `F` says about the arguments.
void hintFromSignature(TypeConstraints &C, const llvm::Function &F,
                       llvm::ArrayRef<llvm::Value *> Arguments);
/// Leaves open what lies in std::function's own memory behind the parameters.
void doubtErasedStorage(TypeConstraints &C, llvm::Function &F);
/// !tbaa of the access `I` to `Ptr`.
void hintFromAccessTag(TypeConstraints &C, llvm::Instruction &I,
                       llvm::Value &Ptr);
/// The kind that an access tag (base, access, offset) says.
Bits kindOfTag(const llvm::MDNode &Type);
Bits kindOfAccessTag(const llvm::MDNode *Tag);
/// The values that a !tbaa.struct says a copy moves.
void forEachTaggedField(
    const llvm::MDNode &Fields,
    llvm::function_ref<void(uint64_t Offset, uint64_t Size, Bits Kind)> Visit);
/// !tbaa.struct of a copy: what it moves from and to `Ptr`.
void hintFromCopyTags(TypeConstraints &C, const llvm::MDNode &Fields,
                      llvm::Value &Ptr);

} // namespace tern
