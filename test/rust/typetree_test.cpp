// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "plugin/request/TypeTree.h"
#include "llvm/IR/DataLayout.h"
#include <gtest/gtest.h>

using tern::TypeTree;

namespace {

TypeTree tree(const char *Text) {
  std::optional<TypeTree> Tree = TypeTree::parse(Text);
  EXPECT_TRUE(Tree.has_value()) << Text;
  return Tree.value_or(TypeTree());
}

const llvm::DataLayout Layout("e-p:64:64");

TEST(TypeTree, TextAndBack) {
  for (const char *Text :
       {"{}", "{[]:Pointer}", "{[-1]:Pointer, [-1,0]:Float@double}",
        "{[0]:Float@float, [8]:Pointer, [8,-1]:Integer, [8,-1,16]:Float@half}",
        "{[0]:Anything, [1]:Unknown, [2]:Float@fp128, [3]:Float@bfloat}"})
    EXPECT_EQ(tree(Text).text(), Text);
}

TEST(TypeTree, MalformedTextIsNoTree) {
  for (const char *Text : {"", "{", "{[0]}", "{[0]:Number}", "{[0:Integer}",
                           "{[0]:Integer,[1]:Integer}", "{[0]:Integer} "})
    EXPECT_FALSE(TypeTree::parse(Text).has_value()) << Text;
}

TEST(TypeTree, InsertReportsChange) {
  TypeTree T;
  EXPECT_TRUE(T.insert({0}, TypeTree::Double));
  EXPECT_FALSE(T.insert({0}, TypeTree::Double));
  EXPECT_FALSE(T.insert({0}, TypeTree::Anything));
  EXPECT_EQ(T.text(), "{[0]:Float@double}");
}

TEST(TypeTree, ContradictionsBecomeUnknownAndStaySo) {
  TypeTree T = tree("{[0]:Float@double}");
  EXPECT_TRUE(T.insert({0}, TypeTree::Integer));
  EXPECT_FALSE(T.insert({0}, TypeTree::Double));
  EXPECT_EQ(T.text(), "{[0]:Unknown}");
}

TEST(TypeTree, AnythingGivesWay) {
  TypeTree T = tree("{[0]:Anything}");
  EXPECT_TRUE(T.insert({0}, TypeTree::Float));
  EXPECT_EQ(T.text(), "{[0]:Float@float}");
}

TEST(TypeTree, Merge) {
  TypeTree T = tree("{[0]:Float@double}");
  EXPECT_FALSE(T.merge(tree("{[0]:Float@double}")));
  EXPECT_TRUE(T.merge(tree("{[8]:Integer}")));
  EXPECT_EQ(T.text(), "{[0]:Float@double, [8]:Integer}");
}

TEST(TypeTree, WrapAndUnwrap) {
  TypeTree T = tree("{[]:Float@double}");
  T.wrap(0);
  T.wrap(-1);
  EXPECT_EQ(T.text(), "{[-1,0]:Float@double}");
  T.unwrap();
  EXPECT_EQ(T.text(), "{[0]:Float@double}");
  TypeTree S = tree("{[0]:Pointer, [0,8]:Integer, [8]:Pointer, [8,0]:Integer}");
  S.unwrap();
  EXPECT_EQ(S.text(), "{[8]:Integer}");
}

TEST(TypeTree, ShiftMovesAWindow) {
  TypeTree T = tree("{[0]:Integer, [8]:Float@double, [16]:Float@float}");
  T.shift({8, 8, 100}, Layout);
  EXPECT_EQ(T.text(), "{[100]:Float@double}");
}

TEST(TypeTree, ShiftSpellsOutEveryOffset) {
  TypeTree T = tree("{[-1]:Float@float}");
  T.shift({0, 10, 4}, Layout);
  EXPECT_EQ(T.text(), "{[4]:Float@float, [8]:Float@float}");
  TypeTree P = tree("{[-1]:Pointer, [-1,0]:Float@half}");
  P.shift({0, 16, 0}, Layout);
  EXPECT_EQ(P.text(), "{[0]:Pointer, [0,0]:Float@half, [8]:Pointer, "
                      "[8,0]:Float@half}");
}

TEST(TypeTree, ShiftWithoutEndKeepsEveryOffsetOnlyInPlace) {
  TypeTree T = tree("{[-1]:Float@float}");
  T.shift({0, -1, 0}, Layout);
  EXPECT_EQ(T.text(), "{[-1]:Float@float}");
  T.shift({0, -1, 8}, Layout);
  EXPECT_EQ(T.text(), "{}");
}

} // namespace
