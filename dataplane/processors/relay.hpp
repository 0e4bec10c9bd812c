#pragma once

#include "dataplane/processors/processor.hpp"

namespace crier::dataplane {

// Sends every frame to every other client of the listener. Does not answer the sender; where the
// node is overloaded the sender is not read until it has room.
class RelayProcessor final : public Processor {
 public:
  Verdict process(const InboundFrame& frame) override {
    const Submit submit =
        frame.ticket.node->relay(frame.listener, frame.ticket.client, frame.payload);
    const bool busy = submit == Submit::kOverloaded || submit == Submit::kMemoryFull;
    return {busy ? Verdict::Kind::kBusy : Verdict::Kind::kNone, {}};
  }
  [[nodiscard]] bool replies() const override { return false; }
};

}  // namespace crier::dataplane
