#include "dataplane/queue/span_ring.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <deque>
#include <vector>

namespace crier::dataplane {
namespace {

// A block that all spans here are said to be of.
QueueMemory memory;
BlockPool pool{memory};
Block block{.pool = &pool};

Span numbered(std::uint32_t n) {
  return {&block, static_cast<std::uint16_t>(n), static_cast<std::uint16_t>(n + 1)};
}

TEST(SpanRing, NeedsTheHeapOnlyBeyondItsInlineSpans) {
  SpanRing ring;
  EXPECT_FALSE(ring.full_inline());
  ring.push_back(numbered(0));
  EXPECT_FALSE(ring.full_inline());
  ring.push_back(numbered(1));
  EXPECT_TRUE(ring.full_inline());
  EXPECT_EQ(ring.size(), SpanRing::kInline);
  ring.pop_front();
  EXPECT_FALSE(ring.full_inline());
}

TEST(SpanRing, GrowsFromAnyPositionOfItsHead) {
  for (std::uint32_t turned = 0; turned < 40; ++turned) {
    SpanRing ring;
    // Kept from being empty, or it would start anew.
    ring.push_back(numbered(0));
    for (std::uint32_t i = 0; i < turned; ++i) {
      ring.push_back(numbered(i + 1));
      ring.pop_front();
    }
    for (std::uint32_t i = 1; i < 100; ++i) ring.push_back(numbered(turned + i));
    ASSERT_EQ(ring.size(), 100U);
    ASSERT_EQ(ring.back().first, turned + 99);
    for (std::uint32_t i = 0; i < 100; ++i) {
      ASSERT_EQ(ring[0].first, turned + i);
      ring.pop_front();
    }
    ASSERT_TRUE(ring.empty());
  }
}

TEST(SpanRing, WhatItTakesFromTheHeapCountsAsMemoryOfQueues) {
  SpanRing ring;
  for (std::uint32_t i = 0; i < SpanRing::kInline; ++i) ring.push_back(numbered(i));
  EXPECT_EQ(memory.retained(), 0U);
  for (std::uint32_t i = 0; i < 30; ++i) ring.push_back(numbered(i));
  EXPECT_EQ(memory.retained(), allocation_bytes(32 * sizeof(Span)));
  while (!ring.empty()) ring.pop_front();
  EXPECT_EQ(memory.retained(), 0U);
}

RC_GTEST_PROP(SpanRing, BehavesAsADeque, (const std::vector<std::uint8_t>& steps)) {
  SpanRing ring;
  std::deque<std::uint16_t> model;
  std::uint16_t next = 0;
  for (const std::uint8_t step : steps) {
    // In runs, so that it grows and becomes empty again.
    for (int run = step / 4 % 8; run >= 0; --run) {
      if (step % 4 < 2) {
        ring.push_back(numbered(next));
        model.push_back(next++);
      } else if (step % 4 == 2) {
        ring.push_front(numbered(next));
        model.push_front(next++);
      } else if (!model.empty()) {
        ring.pop_front();
        model.pop_front();
      }
      RC_ASSERT(ring.size() == model.size());
      RC_ASSERT(ring.empty() == model.empty());
      for (std::uint32_t i = 0; i < ring.size(); ++i) RC_ASSERT(ring[i].first == model[i]);
      if (!model.empty()) RC_ASSERT(ring.back().first == model.back());
    }
  }
  while (!ring.empty()) ring.pop_front();
  RC_ASSERT(memory.retained() == 0U);
}

}  // namespace
}  // namespace crier::dataplane
