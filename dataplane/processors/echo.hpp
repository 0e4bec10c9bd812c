#pragma once

#include "dataplane/processors/processor.hpp"

namespace crier::dataplane {

// Sends every frame back to its sender.
class EchoProcessor final : public Processor {
 public:
  Verdict process(const InboundFrame& frame) override {
    return {Verdict::Kind::kReply, frame.payload};
  }
  [[nodiscard]] bool replies() const override { return true; }
};

}  // namespace crier::dataplane
