#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "dataplane/fanout/broadcast_job.hpp"
#include "dataplane/framing/memory_budget.hpp"

namespace crier::dataplane {

// Turns a payload into frames, once for each encoding that its listeners use. Any thread.
class Encoder {
 public:
  // `by_listener`: the encoding of each listener. `large_memory` must outlive every frame.
  Encoder(std::vector<Encoding> by_listener, MemoryBudget& large_memory)
      : by_listener_(std::move(by_listener)), large_memory_(large_memory) {}

  // Fills job.frames for job.listener, or for all. False where no listener can carry the payload.
  [[nodiscard]] bool fill(BroadcastJob& job, std::string_view payload) const;

 private:
  void fill_one(BroadcastJob& job, Encoding encoding, std::string_view payload) const;

  std::vector<Encoding> by_listener_;
  MemoryBudget& large_memory_;
};

}  // namespace crier::dataplane
