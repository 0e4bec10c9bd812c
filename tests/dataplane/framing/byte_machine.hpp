#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "dataplane/config.hpp"
#include "tests/dataplane/framing/seen.hpp"

namespace crier::dataplane {

// The framings a second time, as a machine that takes one byte after another: slow, plain, and
// unable to notice how reads split a stream. What FrameReader says must be what this says.
class ByteMachine {
 public:
  ByteMachine(const FramingConfig& config, std::uint32_t max_frame_bytes)
      : config_(config), max_(max_frame_bytes) {
    begin();
  }

  static Seen run(const FramingConfig& config, std::uint32_t max_frame_bytes,
                  std::string_view stream) {
    ByteMachine machine(config, max_frame_bytes);
    for (const char byte : stream) {
      if (machine.seen_.end != FrameReader::Status::kNeedMore) break;
      machine.take(byte);
    }
    return machine.seen_;
  }

 private:
  void begin() {
    payload_.clear();
    header_bytes_ = 0;
    length_ = 0;
    in_header_ = config_.kind == FramingKind::kLength || config_.kind == FramingKind::kVarint;
    if (config_.kind == FramingKind::kFixed) length_ = config_.fixed_bytes;
  }

  void take(char byte) {
    if (config_.kind == FramingKind::kLine) {
      take_of_line(byte);
      return;
    }
    if (in_header_) {
      take_of_header(static_cast<unsigned char>(byte));
    } else {
      payload_.push_back(byte);
    }
    if (in_header_ || seen_.end != FrameReader::Status::kNeedMore) return;
    if (length_ > max_) {
      seen_.end = FrameReader::Status::kTooLarge;
    } else if (payload_.size() == length_) {
      finish();
    }
  }

  void take_of_line(char byte) {
    if (byte == '\n') {
      if (!payload_.empty() && payload_.back() == '\r') payload_.pop_back();
      finish();
      return;
    }
    payload_.push_back(byte);
    const bool may_end = payload_.size() == max_ + 1 && byte == '\r';
    if (payload_.size() > max_ && !may_end) seen_.end = FrameReader::Status::kTooLarge;
  }

  void take_of_header(unsigned char byte) {
    ++header_bytes_;
    if (config_.kind == FramingKind::kLength) {
      length_ = length_ * 256 + byte;
      in_header_ = header_bytes_ < config_.length_bytes;
      return;
    }
    length_ += (byte % 128ULL) << (7 * (header_bytes_ - 1));
    in_header_ = byte >= 128;
    if (in_header_ && header_bytes_ == 5) seen_.end = FrameReader::Status::kMalformed;
  }

  void finish() {
    seen_.frames.push_back(payload_);
    begin();
  }

  const FramingConfig config_;
  const std::uint64_t max_;
  Seen seen_;
  std::string payload_;
  std::uint32_t header_bytes_ = 0;
  std::uint64_t length_ = 0;
  bool in_header_ = false;
};

}  // namespace crier::dataplane
