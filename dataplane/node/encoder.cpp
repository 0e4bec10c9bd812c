#include "dataplane/node/encoder.hpp"

namespace crier::dataplane {

bool Encoder::choose(BroadcastJob& job, std::string_view payload) const {
  bool any = false;
  for (std::size_t i = 0; i < by_listener_.size(); ++i) {
    if (job.listener && *job.listener != i) continue;
    EncodedFrame& frame = job.frames[static_cast<std::size_t>(by_listener_[i])];
    if (frame.state == EncodedFrame::State::kUnused) {
      frame.state = can_encode(by_listener_[i], payload) ? EncodedFrame::State::kEncoded
                                                         : EncodedFrame::State::kUnencodable;
    }
    any = any || frame.state == EncodedFrame::State::kEncoded;
  }
  return any;
}

void Encoder::encode(BroadcastJob& job, std::string_view payload) const {
  if (job.validate_only) return;
  for (std::size_t i = 0; i < kEncodings; ++i) {
    EncodedFrame& frame = job.frames[i];
    if (frame.state != EncodedFrame::State::kEncoded) continue;
    std::string wire;
    wire.reserve(frame_bytes_max(static_cast<Encoding>(i), payload.size()));
    dataplane::encode(static_cast<Encoding>(i), payload, wire);
    if (wire.size() < kLargeFrameBytes) {
      frame.wire = std::move(wire);
    } else {
      frame.large = std::make_shared<LargeFrame>(std::move(wire), memory_);
    }
  }
}

}  // namespace crier::dataplane
