// Every sequence of short sends, over every small queue.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/dataplane/queue/queue_harness.hpp"

namespace crier::dataplane {
namespace {

constexpr std::size_t kBytesMax = 7;

// A queue of small frames; whether each lies apart from the one before.
struct Layout {
  std::vector<std::size_t> sizes;
  std::vector<bool> apart;
};

// Frames whose sizes add up to `bytes`, in every way and with every choice of gaps.
void layouts_of(std::size_t bytes, const Layout& begun, std::vector<Layout>& all) {
  if (bytes == 0) {
    all.push_back(begun);
    return;
  }
  for (std::size_t size = 1; size <= bytes; ++size) {
    for (const bool apart : {false, true}) {
      if (apart && begun.sizes.empty()) continue;
      Layout more = begun;
      more.sizes.push_back(size);
      more.apart.push_back(apart);
      layouts_of(bytes - size, more, all);
    }
  }
}

std::string fill(QueueHarness& queue, Channel& channel, const Layout& layout) {
  std::string all;
  for (std::size_t i = 0; i < layout.sizes.size(); ++i) {
    if (layout.apart[i]) queue.separate();
    std::string frame;
    while (frame.size() < layout.sizes[i]) {
      frame.push_back(static_cast<char>('a' + all.size() + frame.size()));
    }
    queue.push(channel, frame, static_cast<Stamp>(i));
    all += frame;
  }
  return all;
}

std::uint32_t frames_within(const Layout& layout, std::size_t bytes) {
  std::uint32_t frames = 0;
  std::size_t end = 0;
  for (const std::size_t size : layout.sizes) {
    end += size;
    if (end > bytes) break;
    ++frames;
  }
  return frames;
}

// Bit i of `cuts` set: a send ends behind byte i.
void check_sends(const Layout& layout, unsigned cuts) {
  QueueHarness queue;
  Channel channel;
  const std::string all = fill(queue, channel, layout);
  std::size_t sent = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i + 1 < all.size() && (cuts >> i & 1U) == 0) continue;
    const std::uint32_t before = frames_within(layout, sent);
    const std::uint32_t returned = channel.commit(i + 1 - sent);
    sent = i + 1;
    const std::uint32_t whole = frames_within(layout, sent);
    ASSERT_EQ(returned, whole - before);
    ASSERT_EQ(channel.frames(), layout.sizes.size() - whole);
    ASSERT_EQ(channel.bytes(), all.size() - sent);
    ASSERT_EQ(unsent(channel), all.substr(sent));
    std::size_t boundary = 0;
    for (std::uint32_t f = 0; f < whole; ++f) boundary += layout.sizes[f];
    ASSERT_EQ(channel.head_partly_sent(), boundary != sent);
    if (!channel.empty()) {
      ASSERT_EQ(channel.oldest(), whole);
    }
  }
  ASSERT_TRUE(channel.empty());
}

TEST(ChannelCommit, EverySequenceOfShortSendsOfEverySmallQueueKeepsBytesAndCounts) {
  for (std::size_t bytes = 1; bytes <= kBytesMax; ++bytes) {
    std::vector<Layout> layouts;
    layouts_of(bytes, {}, layouts);
    for (const Layout& layout : layouts) {
      const unsigned all_cuts = 1U << (bytes - 1);
      for (unsigned cuts = 0; cuts < all_cuts; ++cuts) {
        ASSERT_NO_FATAL_FAILURE(check_sends(layout, cuts))
            << ::testing::PrintToString(layout.sizes) << " apart "
            << ::testing::PrintToString(layout.apart) << " cuts " << cuts;
      }
    }
  }
}

TEST(ChannelCommit, AfterAnyShortSendDropUnsentKeepsTheRestOfTheBegunFrame) {
  std::vector<Layout> layouts;
  layouts_of(kBytesMax, {}, layouts);
  for (const Layout& layout : layouts) {
    for (std::size_t sent = 0; sent <= kBytesMax; ++sent) {
      QueueHarness queue;
      Channel channel;
      const std::string all = fill(queue, channel, layout);
      const std::uint32_t whole = channel.commit(sent);
      std::size_t end = 0;
      for (std::uint32_t f = 0; f < whole; ++f) end += layout.sizes[f];
      const std::size_t begun = end == sent ? 0 : end + layout.sizes[whole] - sent;
      const auto kept = static_cast<std::uint32_t>(begun > 0 ? 1 : 0);
      ASSERT_EQ(channel.drop_unsent(), layout.sizes.size() - whole - kept);
      ASSERT_EQ(channel.frames(), kept);
      ASSERT_EQ(unsent(channel), all.substr(sent, begun));
      ASSERT_EQ(channel.commit(begun), kept);
      ASSERT_TRUE(channel.empty());
    }
  }
}

TEST(ChannelCommit, NothingSentChangesNothing) {
  QueueHarness queue;
  Channel channel;
  EXPECT_EQ(channel.commit(0), 0U);
  queue.push(channel, "abc");
  EXPECT_EQ(channel.commit(0), 0U);
  EXPECT_FALSE(channel.head_partly_sent());
  EXPECT_EQ(unsent(channel), "abc");
}

}  // namespace
}  // namespace crier::dataplane
