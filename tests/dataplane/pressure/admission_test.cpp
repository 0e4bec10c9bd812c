#include "dataplane/pressure/admission.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "dataplane/queue/frame_log.hpp"

namespace crier::dataplane {
namespace {

// What queues that keep `frames` frames of `bytes` hold in one shard.
std::uint64_t held(std::size_t bytes, std::size_t frames) {
  QueueMemory memory;
  BlockPool pool(memory);
  FrameLog log(pool);
  std::vector<Block*> blocks;
  for (std::size_t i = 0; i < frames; ++i) {
    Span span;
    if (bytes < kLargeFrameBytes) {
      span = log.append(std::string(bytes, 'x'), 0);
    } else {
      const auto frame = std::make_shared<LargeFrame>(std::string(bytes, 'x'), memory);
      frame->settle();
      span = log.append(frame, 0);
    }
    span.block->retain();
    blocks.push_back(span.block);
  }
  const std::uint64_t retained = memory.retained();
  for (Block* block : blocks) block->release();
  return retained;
}

TEST(QueueCost, CoversWhatQueuesThenHold) {
  constexpr std::size_t kFrames = 2'000;
  const std::uint64_t begun = allocation_bytes(sizeof(SmallBlock));
  for (const std::size_t bytes : {1U, 64U, 1'000U, 3'000U, 4'095U, 4'096U, 4'200U, 65'536U}) {
    EXPECT_GE(kFrames * queue_cost(bytes, 1) + begun, held(bytes, kFrames)) << bytes;
  }
}

TEST(QueueCost, CountsALargeFrameOnceForAllShards) {
  EXPECT_LT(queue_cost(1U << 20U, 16), (1U << 20U) + (16U << 10U));
  EXPECT_GE(queue_cost(1'000, 16), 16 * queue_cost(1'000, 1) / 2);
}

TEST(QueueCost, SmallFramesFillTheirBlocksThoughLargeOnesComeBetween) {
  QueueMemory memory;
  BlockPool pool(memory);
  FrameLog log(pool);
  const auto large = std::make_shared<LargeFrame>(std::string(5'000, 'x'), memory);
  for (int i = 0; i < 100; ++i) {
    (void)log.append("small", 0);
    (void)log.append(large, 0);
  }
  EXPECT_EQ(pool.retained_bytes(), sizeof(SmallBlock));
}

TEST(QueueMemoryBound, HoldsTheLargestPayloadInAFifth) {
  Config config;
  config.listeners.emplace_back();
  config.shards = 2;
  EXPECT_EQ(validate(config), std::nullopt);
  config.max_queue_memory = smallest_queue_memory(config);
  EXPECT_GE(config.max_queue_memory, 5 * config.max_payload_bytes);
  EXPECT_EQ(validate(config), std::nullopt);
  --config.max_queue_memory;
  const auto error = validate(config);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->key, "max_queue_memory");
  EXPECT_EQ(error->message, "must be 0 (no bound) or at least " +
                                std::to_string(config.max_queue_memory + 1) +
                                " bytes, so that a fifth of it holds the largest payload");
}

}  // namespace
}  // namespace crier::dataplane
