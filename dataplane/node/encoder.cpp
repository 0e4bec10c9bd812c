#include "dataplane/node/encoder.hpp"

namespace crier::dataplane {

bool Encoder::fill(BroadcastJob& job, std::string_view payload) const {
  if (job.listener) {
    fill_one(job, by_listener_[*job.listener], payload);
  } else {
    for (const Encoding encoding : by_listener_) fill_one(job, encoding, payload);
  }
  for (const EncodedFrame& frame : job.frames) {
    if (frame.state == EncodedFrame::State::kEncoded) return true;
  }
  return false;
}

void Encoder::fill_one(BroadcastJob& job, Encoding encoding, std::string_view payload) const {
  EncodedFrame& frame = job.frames[static_cast<std::size_t>(encoding)];
  if (frame.state != EncodedFrame::State::kUnused) return;
  if (!can_encode(encoding, payload)) {
    frame.state = EncodedFrame::State::kUnencodable;
    return;
  }
  frame.state = EncodedFrame::State::kEncoded;
  if (job.validate_only) return;
  std::string wire;
  wire.reserve(frame_bytes_max(encoding, payload.size()));
  encode(encoding, payload, wire);
  if (wire.size() < kLargeFrameBytes) {
    frame.wire = std::move(wire);
  } else {
    frame.large = std::make_shared<LargeFrame>(std::move(wire), large_memory_);
  }
}

}  // namespace crier::dataplane
