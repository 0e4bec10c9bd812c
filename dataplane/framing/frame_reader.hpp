#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "dataplane/framing/bounded_buffer.hpp"
#include "dataplane/framing/framing.hpp"

namespace crier::dataplane {

// A frame whose first bytes came with an earlier read. A connection owns one only while needed.
struct PartialFrame {
  explicit PartialFrame(MemoryBudget& budget) : bytes(budget) {}

  BoundedBuffer bytes;
  std::chrono::steady_clock::time_point since;  // its owner's, who sets it
  std::size_t clean = 0;                        // scanned already, no whole frame in them
};

// Splits what one read brought into frames, together with what is left of earlier reads. Frames
// that lie whole in the input are seen in place; only a frame that spans reads is copied.
//
// Lives for one pass over one input: construct, peek and pop until there is no frame, discard.
class FrameReader {
 public:
  // `partial` is created when the input ends inside a frame and reset when that frame is popped.
  // All arguments must outlive the reader.
  FrameReader(const Framing& framing, std::unique_ptr<PartialFrame>& partial, MemoryBudget& budget,
              std::string_view input)
      : framing_(framing), partial_(partial), budget_(budget), input_(input) {}

  enum class Status : std::uint8_t {
    kFrame,
    kNeedMore,  // the input is used up
    kTooLarge,  // the stream cannot go on after this or the next two
    kMalformed,
    kNoRoom,  // the node-wide budget is used up
  };
  struct [[nodiscard]] Result {
    Status status = Status::kNeedMore;
    std::string_view payload;  // kFrame: valid until pop()
  };

  // The next frame; the same one until it is popped.
  Result peek();
  // REQUIRES: peek() returned kFrame.
  void pop();

  // Input that no popped frame and no partial frame has used.
  [[nodiscard]] std::string_view rest() const { return input_; }

 private:
  Result begin_partial();
  Result continue_partial();

  const Framing& framing_;
  std::unique_ptr<PartialFrame>& partial_;
  MemoryBudget& budget_;
  std::string_view input_;
  std::size_t frame_bytes_ = 0;  // of the frame seen in place; 0: it lies in partial_
};

}  // namespace crier::dataplane
