#pragma once

#include <cstdint>

#include "dataplane/processors/processor.hpp"

namespace crier::dataplane {

// The server of the article that crier began with: a big-endian int16 v in, one byte, (2 * v) mod
// 256, out. Any other size is refused.
class DoubleProcessor final : public Processor {
 public:
  Verdict process(const InboundFrame& frame) override {
    if (frame.payload.size() != 2) return {Verdict::Kind::kRejected, {}};
    const auto high = static_cast<unsigned char>(frame.payload[0]);
    const auto low = static_cast<unsigned char>(frame.payload[1]);
    // Two's complement: doubling modulo 256 needs no sign.
    const unsigned value = high * 256U + low;
    frame.scratch.assign(1, static_cast<char>((2 * value) & 0xFFU));
    return {Verdict::Kind::kReply, frame.scratch};
  }
  [[nodiscard]] bool replies() const override { return true; }
};

}  // namespace crier::dataplane
