#include "services/crierctl/message_printer.hpp"

#include <ostream>

#include "services/crierctl/escape.hpp"
#include "services/crierctl/options.hpp"

namespace crier::services::crierctl {

using dataplane::FrameReader;

MessagePrinter::MessagePrinter(const dataplane::FramingConfig& framing, std::int64_t count_max,
                               bool raw, std::ostream& out)
    : count_max_(count_max),
      raw_(raw),
      out_(out),
      budget_(2 * kPayloadBytesMax),
      framing_(framing, kPayloadBytesMax) {}

bool MessagePrinter::feed(std::string_view bytes) {
  FrameReader reader(framing_, partial_, budget_, bytes);
  while (!done()) {
    const FrameReader::Result result = reader.peek();
    if (result.status == FrameReader::Status::kNeedMore) return true;
    if (result.status != FrameReader::Status::kFrame) return false;
    if (raw_) {
      out_ << result.payload << '\n';
    } else {
      out_ << escaped(result.payload) << '\n';
    }
    ++count_;
    reader.pop();
  }
  return true;
}

}  // namespace crier::services::crierctl
