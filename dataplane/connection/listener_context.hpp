#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>

#include "dataplane/broadcast.hpp"
#include "dataplane/config.hpp"
#include "dataplane/framing/encoding.hpp"
#include "dataplane/framing/framing.hpp"
#include "dataplane/processors/processor.hpp"

namespace crier::dataplane {

// What all connections of a listener share, on whichever shard they live. Constant after
// construction, apart from the counters.
struct ListenerContext {
  ListenerContext(ListenerIndex index_in, const ListenerConfig& config_in,
                  std::unique_ptr<Processor> processor_in)
      : index(index_in),
        config(config_in),
        framing(config.framing, config.max_frame_bytes),
        encoding(encoding_of(config.framing)),
        processor(std::move(processor_in)) {}
  ListenerContext(const ListenerContext&) = delete;
  ListenerContext& operator=(const ListenerContext&) = delete;

  const ListenerIndex index;
  const ListenerConfig config;
  const Framing framing;
  const Encoding encoding;
  const std::unique_ptr<Processor> processor;

  // Any thread (atomic).
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> accepted{0};
  std::array<std::atomic<std::uint64_t>, kRejectReasons> rejected{};
};

}  // namespace crier::dataplane
