#include "dataplane/framing/frame_reader.hpp"

namespace crier::dataplane {
namespace {

FrameReader::Status to_status(Framing::Status status) {
  switch (status) {
    case Framing::Status::kFrame:
      return FrameReader::Status::kFrame;
    case Framing::Status::kNeedMore:
      return FrameReader::Status::kNeedMore;
    case Framing::Status::kTooLarge:
      return FrameReader::Status::kTooLarge;
    case Framing::Status::kMalformed:
      break;
  }
  return FrameReader::Status::kMalformed;
}

}  // namespace

FrameReader::Result FrameReader::peek() {
  if (partial_) return continue_partial();
  if (input_.empty()) return {};
  const Framing::Scan scan = framing_.scan(input_);
  if (scan.status == Framing::Status::kNeedMore) return begin_partial();
  frame_bytes_ = scan.frame_bytes;
  return {to_status(scan.status), scan.payload};
}

FrameReader::Result FrameReader::begin_partial() {
  partial_ = std::make_unique<PartialFrame>(budget_);
  if (!partial_->bytes.append(input_, framing_.frame_bytes_max())) return {Status::kNoRoom, {}};
  partial_->clean = input_.size();
  input_ = {};
  return {};
}

FrameReader::Result FrameReader::continue_partial() {
  frame_bytes_ = 0;
  for (;;) {
    const std::string_view begun = partial_->bytes.view();
    const Framing::Scan scan = framing_.scan(begun, partial_->clean);
    if (scan.status != Framing::Status::kNeedMore) return {to_status(scan.status), scan.payload};
    partial_->clean = begun.size();
    if (input_.empty()) return {};
    const std::size_t taken = framing_.take(begun, input_);
    if (!partial_->bytes.append(input_.substr(0, taken), framing_.frame_bytes_max())) {
      return {Status::kNoRoom, {}};
    }
    input_.remove_prefix(taken);
  }
}

void FrameReader::pop() {
  if (frame_bytes_ == 0) {
    partial_.reset();
  } else {
    input_.remove_prefix(frame_bytes_);
    frame_bytes_ = 0;
  }
}

}  // namespace crier::dataplane
