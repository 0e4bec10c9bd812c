#pragma once

#include "dataplane/processors/processor.hpp"

namespace crier::dataplane {

// Reads and forgets: for clients that only listen.
class DiscardProcessor final : public Processor {
 public:
  Verdict process(const InboundFrame&) override { return {}; }
  [[nodiscard]] bool replies() const override { return false; }
};

}  // namespace crier::dataplane
