#pragma once

#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "dataplane/client_id.hpp"
#include "dataplane/connection/deadlines.hpp"
#include "dataplane/connection/sockets.hpp"
#include "dataplane/framing/memory_budget.hpp"
#include "dataplane/processors/processor.hpp"
#include "dataplane/queue/frame_log.hpp"
#include "dataplane/stats.hpp"

namespace crier::dataplane {

// What all connections of a shard share. Shard thread only, apart from what says otherwise.
// Everything a connection does outside itself goes through here, which is what lets tests drive
// connections without a thread, a socket or a clock.
struct ShardContext {
  ShardContext(Sockets& sockets_in, NodePort& node_in, MemoryBudget& partial_in,
               QueueMemory& queue_in)
      : sockets(sockets_in), node(node_in), partial_memory(partial_in), queue_memory(queue_in) {}
  ShardContext(const ShardContext&) = delete;
  ShardContext& operator=(const ShardContext&) = delete;

  // One read brings at most this much; a client whose queue is not empty is read in smaller
  // portions, since what its replies have no room for must be kept.
  static constexpr std::size_t kReadBytes = 64U << 10U;
  static constexpr std::size_t kReadBytesWhileQueued = 4U << 10U;

  Sockets& sockets;
  NodePort& node;
  MemoryBudget& partial_memory;  // any thread
  QueueMemory& queue_memory;     // any thread

  std::uint64_t incarnation = 0;
  std::uint8_t shard = 0;
  std::chrono::milliseconds flush{2'000};   // to send what is queued when closing
  std::chrono::milliseconds linger{2'000};  // to read and discard after our FIN

  Time now{};  // of this loop turn
  [[nodiscard]] Stamp stamp() const { return stamp_of(now); }
  [[nodiscard]] static Stamp stamp_of(Time time) {
    return static_cast<Stamp>(
        std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count());
  }

  ShardStats stats;
  BlockPool blocks{queue_memory};
  FrameLog replies{blocks};
  std::vector<char> read_scratch = std::vector<char>(kReadBytes);
  std::string reply_scratch;
  std::string wire_scratch;
  std::string envelope_scratch;
  std::minstd_rand random;

  // A slot and its serial, since the slot may have another owner later.
  struct Handle {
    std::uint32_t slot = 0;
    std::uint64_t serial = 0;
  };
  std::vector<Handle> readable;       // have more to read: their turn comes after other events
  std::vector<Handle> awaiting_node;  // wait until the node has room again
  std::vector<std::uint32_t> ended;   // slots to free at the end of the turn
  Deadlines deadlines;                // when to call on_deadline()
};

}  // namespace crier::dataplane
