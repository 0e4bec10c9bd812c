#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "dataplane/fanout/broadcast_job.hpp"
#include "dataplane/pressure/queue_memory.hpp"

namespace crier::dataplane {

// Turns a payload into frames, once for each encoding that its listeners use. Any thread.
class Encoder {
 public:
  // `by_listener`: the encoding of each listener. `memory` must outlive every frame.
  Encoder(std::vector<Encoding> by_listener, QueueMemory& memory)
      : by_listener_(std::move(by_listener)), memory_(memory) {}

  // Sets the state of job.frames for job.listener, or for all. False where no listener can carry
  // the payload.
  [[nodiscard]] bool choose(BroadcastJob& job, std::string_view payload) const;
  // Makes the frames that choose() has chosen.
  void encode(BroadcastJob& job, std::string_view payload) const;

  // Both.
  [[nodiscard]] bool fill(BroadcastJob& job, std::string_view payload) const {
    const bool chosen = choose(job, payload);
    encode(job, payload);
    return chosen;
  }

 private:
  std::vector<Encoding> by_listener_;
  QueueMemory& memory_;
};

}  // namespace crier::dataplane
