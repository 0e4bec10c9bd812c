#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dataplane/framing/frame_reader.hpp"
#include "tests/dataplane/framing/seen.hpp"

namespace crier::dataplane {

// Reads one stream as a connection does: a FrameReader per read, the partial frame kept between
// them. Each read lies in memory of its own that is gone afterwards, so that a sanitizer sees
// whatever would outlive it.
class StreamReader {
 public:
  StreamReader(const FramingConfig& config, std::uint32_t max_frame_bytes,
               std::uint64_t budget_bytes = UINT64_MAX)
      : framing_(config, max_frame_bytes),
        max_frame_bytes_(max_frame_bytes),
        budget_(budget_bytes) {}

  static Seen run(const FramingConfig& config, std::uint32_t max_frame_bytes,
                  const std::vector<std::string_view>& reads) {
    StreamReader reader(config, max_frame_bytes);
    for (const std::string_view read : reads) {
      if (!reader.feed(read)) break;
    }
    return reader.seen();
  }

  // False once the stream cannot go on.
  bool feed(std::string_view read) {
    return feed(read, [] { return false; });
  }

  // Stops before a frame is popped wherever `pause` says so, keeps what is left of the input, and
  // goes on with that and a new FrameReader.
  template <class Pause>
  bool feed(std::string_view read, Pause pause) {
    if (seen_.end != FrameReader::Status::kNeedMore) return false;
    received_ += read.size();
    auto input = std::make_unique<std::vector<char>>(read.begin(), read.end());
    while (input) input = pass(*input, pause);
    check_memory();
    return seen_.end == FrameReader::Status::kNeedMore;
  }

  // As a connection that closes.
  void reset() { partial_.reset(); }

  [[nodiscard]] const Seen& seen() const { return seen_; }
  [[nodiscard]] const MemoryBudget& budget() const { return budget_; }
  [[nodiscard]] std::size_t partial_bytes() const { return partial_ ? partial_->bytes.size() : 0; }
  // Whether more was ever held than the begun frame and the rule of growth account for, or a frame
  // was longer than allowed.
  [[nodiscard]] bool broke_bounds() const { return broke_bounds_; }

 private:
  // What was left when it paused, or nothing where the input is used up.
  template <class Pause>
  std::unique_ptr<std::vector<char>> pass(const std::vector<char>& input, Pause& pause) {
    FrameReader reader(framing_, partial_, budget_, {input.data(), input.size()});
    for (;;) {
      const FrameReader::Result result = reader.peek();
      check_memory();
      if (result.status != FrameReader::Status::kFrame) {
        seen_.end = result.status;
        return nullptr;
      }
      if (result.payload.size() > max_frame_bytes_) broke_bounds_ = true;
      if (pause()) {
        const std::string_view rest = reader.rest();
        return std::make_unique<std::vector<char>>(rest.begin(), rest.end());
      }
      seen_.frames.emplace_back(result.payload);
      reader.pop();
    }
  }

  void check_memory() {
    const std::size_t held = partial_bytes();
    const std::size_t grown = std::max<std::size_t>(64, 2 * held);
    const std::size_t allowed = partial_ ? std::min(grown, framing_.frame_bytes_max()) : 0;
    if (budget_.used() > allowed || held > received_) broke_bounds_ = true;
  }

  const Framing framing_;
  const std::size_t max_frame_bytes_;
  MemoryBudget budget_;
  std::unique_ptr<PartialFrame> partial_;
  std::uint64_t received_ = 0;
  Seen seen_;
  bool broke_bounds_ = false;
};

}  // namespace crier::dataplane
