#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string_view>

#include "dataplane/config.hpp"
#include "dataplane/framing/frame_reader.hpp"

namespace crier::services::crierctl {

// Splits what a listener sends into messages and prints one per line.
class MessagePrinter {
 public:
  // Prints at most `count_max` messages; 0: all. `raw`: payloads as they are, not escaped; a line
  // end follows each all the same. `out` must outlive the printer.
  MessagePrinter(const dataplane::FramingConfig& framing, std::int64_t count_max, bool raw,
                 std::ostream& out);
  MessagePrinter(const MessagePrinter&) = delete;
  MessagePrinter& operator=(const MessagePrinter&) = delete;

  // False: the bytes are not framed this way, or a message is larger than crier sends any.
  [[nodiscard]] bool feed(std::string_view bytes);

  // count_max messages were printed; what follows them is ignored.
  [[nodiscard]] bool done() const { return count_max_ > 0 && count_ >= count_max_; }
  // No message was begun and not ended.
  [[nodiscard]] bool at_boundary() const { return !partial_; }

 private:
  const std::int64_t count_max_;
  const bool raw_;
  std::ostream& out_;
  dataplane::MemoryBudget budget_;
  const dataplane::Framing framing_;
  std::unique_ptr<dataplane::PartialFrame> partial_;
  std::int64_t count_ = 0;
};

}  // namespace crier::services::crierctl
