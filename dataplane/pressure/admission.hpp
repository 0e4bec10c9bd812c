#pragma once

#include <cstddef>
#include <cstdint>

#include "dataplane/config.hpp"

namespace crier::dataplane {

// What queues may come to hold for a broadcast, which is what is asked of QueueMemory before it is
// encoded. All pure.

// For one frame of `bytes` in one encoding, in memory that `shards` shards hold. Of the blocks that
// small frames share a frame bears its part: whoever holds the frame keeps all of its block.
[[nodiscard]] std::uint64_t queue_cost(std::size_t bytes, std::size_t shards);

// Blocks that shards have begun and that no admitted frame has paid for.
[[nodiscard]] std::uint64_t begun_blocks(const Config& config, std::size_t shards);

// The least max_queue_memory: what eviction leaves free must hold the largest frame, or it would
// wait for ever.
[[nodiscard]] std::uint64_t smallest_queue_memory(const Config& config);

}  // namespace crier::dataplane
