// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The tape against a reference: a std::vector used as a stack. Every frame is
// filled with bytes derived from its number, and must still hold them when it
// is popped, in the first reverse sweep and in a second one on a copy.
#include "runtime/tape.h"
#include <cstdlib>
#include <cstring>
#include <gtest/gtest.h>
#include <random>
#include <vector>

namespace {

struct Frame {
  uint64_t Bytes;
  void *Address;
  unsigned char Mark;
};

/// A tape, freed at the end of the test whatever happens in it.
struct Tape : tern_tape {
  Tape() : tern_tape{} {}
  ~Tape() { tern_tape_free(this); }
  Tape(const Tape &) = delete;
};

bool holds(const void *Address, uint64_t Bytes, unsigned char Mark) {
  const auto *Byte = static_cast<const unsigned char *>(Address);
  for (uint64_t I = 0; I != Bytes; ++I)
    if (Byte[I] != Mark)
      return false;
  return true;
}

bool aligned(const void *Address, uintptr_t To) {
  return reinterpret_cast<uintptr_t>(Address) % To == 0;
}

Frame push(tern_tape &T, uint64_t Bytes, unsigned char Mark) {
  void *Address = tern_tape_push(&T, Bytes);
  if (Bytes)
    std::memset(Address, Mark, Bytes);
  return {Bytes, Address, Mark};
}

void expectPop(tern_tape &T, const Frame &F) {
  void *Address = tern_tape_pop(&T, F.Bytes);
  if (F.Bytes == 0)
    return;
  EXPECT_EQ(Address, F.Address);
  EXPECT_TRUE(holds(Address, F.Bytes, F.Mark));
}

/// Sizes as generated code has them, with now and then one larger than a chunk.
uint64_t randomSize(std::mt19937 &Random) {
  switch (Random() % 8) {
  case 0:
    return Random() % 3;
  case 1:
    return 16 * (1 + Random() % 4);
  case 2:
    return Random() % 5000;
  case 3:
    return Random() % 64 ? 24 : Random() % 400000;
  default:
    return 8 * (1 + Random() % 6);
  }
}

TEST(Tape, ZeroedStructIsEmptyAndFreeable) {
  tern_tape T{};
  EXPECT_EQ(tern_tape_bytes(&T), 0u);
  tern_tape_free(&T);
  tern_tape_free(&T);
}

TEST(Tape, FramesAreAligned) {
  Tape T;
  std::mt19937 Random(1);
  for (int I = 0; I != 20000; ++I) {
    uint64_t Bytes = 1 + randomSize(Random);
    EXPECT_TRUE(aligned(tern_tape_push(&T, Bytes), Bytes % 16 ? 8 : 16));
  }
}

TEST(Tape, PoppedInOppositeOrderAndAgainOnACopy) {
  for (unsigned Seed = 0; Seed != 20; ++Seed) {
    Tape T;
    std::mt19937 Random(Seed);
    std::vector<Frame> Frames;
    for (int I = 0; I != 5000; ++I)
      Frames.push_back(push(T, randomSize(Random), 1 + Random() % 255));
    for (int Sweep = 0; Sweep != 2; ++Sweep) {
      tern_tape Copy = T;
      for (size_t I = Frames.size(); I-- != 0;)
        expectPop(Copy, Frames[I]);
    }
    for (size_t I = Frames.size(); I-- != 0;)
      expectPop(T, Frames[I]);
    EXPECT_EQ(tern_tape_bytes(&T), 0u);
  }
}

TEST(Tape, RandomPushesAndPopsMatchAStack) {
  for (unsigned Seed = 100; Seed != 120; ++Seed) {
    Tape T;
    std::mt19937 Random(Seed);
    std::vector<Frame> Stack;
    // Long runs of either kind, so that chunk boundaries are crossed both ways.
    for (int Run = 0; Run != 200; ++Run) {
      bool Pushes = Random() % 100 < 55;
      for (unsigned I = Random() % 200; I != 0; --I) {
        if (Pushes) {
          Stack.push_back(push(T, randomSize(Random), 1 + Random() % 255));
        } else if (!Stack.empty()) {
          expectPop(T, Stack.back());
          Stack.pop_back();
        }
      }
    }
    for (; !Stack.empty(); Stack.pop_back())
      expectPop(T, Stack.back());
  }
}

TEST(Tape, EmptiedChunksAreUsedAgain) {
  Tape T;
  auto fill = [&] {
    std::vector<void *> Addresses;
    for (int I = 0; I != 50000; ++I)
      Addresses.push_back(tern_tape_push(&T, 8));
    return Addresses;
  };
  std::vector<void *> First = fill();
  for (size_t I = First.size(); I-- != 0;)
    ASSERT_EQ(tern_tape_pop(&T, 8), First[I]);
  EXPECT_EQ(fill(), First);
}

TEST(Tape, AChunkTooSmallForAFrameIsPassedOver) {
  Tape T;
  std::vector<Frame> Frames;
  Frames.push_back(push(T, 60000, 1)); // first chunk
  Frames.push_back(push(T, 60000, 2)); // second chunk
  expectPop(T, Frames.back());
  Frames.pop_back();
  Frames.push_back(push(T, 10000000, 3)); // does not fit in the second
  Frames.push_back(push(T, 60000, 4));
  for (; !Frames.empty(); Frames.pop_back())
    expectPop(T, Frames.back());
  EXPECT_EQ(tern_tape_bytes(&T), 0u);
}

TEST(Tape, FirstFrameOfAChunkThenBackToTheOlder) {
  Tape T;
  std::vector<Frame> Frames;
  // 8-byte frames alone fill the first chunk to its end.
  while (Frames.size() < 3 ||
         T.stack_chunk ==
             static_cast<void *>(static_cast<char *>(Frames[0].Address) - 64))
    Frames.push_back(push(T, 8, static_cast<unsigned char>(Frames.size())));
  for (int Again = 0; Again != 3; ++Again) {
    Frame Last = Frames.back(), Before = Frames[Frames.size() - 2];
    expectPop(T, Last);
    expectPop(T, Before);
    EXPECT_EQ(push(T, 8, Before.Mark).Address, Before.Address);
    EXPECT_EQ(push(T, 8, Last.Mark).Address, Last.Address);
  }
}

TEST(Tape, BlocksAreAlignedApartAndKept) {
  Tape T;
  std::mt19937 Random(7);
  std::vector<Frame> Blocks;
  for (int I = 0; I != 3000; ++I) {
    uint64_t Bytes = randomSize(Random);
    void *Address = tern_tape_alloc(&T, Bytes);
    unsigned char Mark = Random() % 256;
    if (Bytes) {
      EXPECT_TRUE(aligned(Address, Bytes < 512 ? 16 : 64));
      std::memset(Address, Mark, Bytes);
    }
    Blocks.push_back({Bytes, Address, Mark});
  }
  for (const Frame &B : Blocks)
    EXPECT_TRUE(holds(B.Address, B.Bytes, B.Mark));
}

TEST(Tape, RewindingKeepsMemoryForTheNextBlocks) {
  for (uint64_t Bytes : {48u, 3000u, 70000u, 5000000u}) {
    Tape T;
    void *Kept = Bytes == 3000 ? nullptr : tern_tape_alloc(&T, 100);
    if (Kept)
      std::memset(Kept, 7, 100);
    std::vector<void *> First;
    for (int Round = 0; Round != 5; ++Round) {
      tern_tape_place Place;
      tern_tape_mark(&T, &Place);
      for (size_t I = 0; I != 20; ++I) {
        void *Block = tern_tape_alloc(&T, Bytes);
        std::memset(Block, Round, Bytes);
        if (Round == 1)
          First.push_back(Block);
        else if (Round > 1) {
          EXPECT_EQ(Block, First[I]);
        }
      }
      tern_tape_rewind(&T, &Place);
      EXPECT_EQ(tern_tape_bytes(&T), Kept ? 112u : 0u);
    }
    EXPECT_TRUE(!Kept || holds(Kept, 100, 7));
  }
}

TEST(Tape, BytesCountsBlocksAndFrames) {
  Tape T;
  tern_tape_alloc(&T, 640);
  EXPECT_EQ(tern_tape_bytes(&T), 640u);
  for (int I = 0; I != 100000; ++I)
    tern_tape_push(&T, 8);
  EXPECT_EQ(tern_tape_bytes(&T), 640u + 800000u);
  tern_tape_peak = 0;
  tern_tape_turn(&T);
  for (int I = 0; I != 50000; ++I)
    tern_tape_pop(&T, 8);
  EXPECT_EQ(tern_tape_bytes(&T), 640u + 400000u);
  tern_tape_turn(&T);
  EXPECT_EQ(tern_tape_peak, 640u + 800000u);
}

std::vector<int> Released;
void release(void *Memory) {
  Released.push_back(*static_cast<int *>(Memory));
  std::free(Memory);
}

TEST(Tape, DeferredReleasesRunInOrder) {
  Released.clear();
  std::vector<int> Expected;
  {
    Tape T;
    for (int I = 0; I != 1000; ++I) {
      auto *Memory = static_cast<int *>(std::malloc(sizeof(int)));
      *Memory = I;
      tern_tape_defer(&T, Memory, release);
      Expected.push_back(I);
    }
    EXPECT_TRUE(Released.empty());
  }
  EXPECT_EQ(Released, Expected);
}

TEST(Tape, UsableAgainAfterFree) {
  Tape T;
  for (int Round = 0; Round != 3; ++Round) {
    Frame F = push(T, 100000, 9);
    tern_tape_alloc(&T, 100000);
    expectPop(T, F);
    tern_tape_free(&T);
    EXPECT_EQ(tern_tape_bytes(&T), 0u);
  }
}

TEST(TapeDeath, OutOfMemoryNamesTheSize) {
  Tape T;
  EXPECT_DEATH(
      tern_tape_alloc(&T, UINT64_MAX - 63),
      "tern: out of memory: the tape needs 18446744073709551552 bytes");
  EXPECT_DEATH(tern_tape_alloc(&T, UINT64_MAX), "tern: out of memory");
  EXPECT_DEATH(tern_tape_push(&T, UINT64_MAX - 2), "tern: out of memory");
}

TEST(TapeDeath, PoppingTooMuch) {
  Tape T;
  tern_tape_push(&T, 8);
  tern_tape_pop(&T, 8);
  EXPECT_DEATH(tern_tape_pop(&T, 8), "more popped from the tape than was");
}

TEST(TapeDeath, StopPrintsItsMessage) {
  EXPECT_DEATH(tern_stop("no derivative for 'g'"), "tern: no derivative for");
}

} // namespace
