// Any bytes as the message of a client with codec envelope, as they stand and as the base64 of a
// line.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "dataplane/envelope/client_frame.hpp"
#include "dataplane/framing/base64.hpp"

namespace {

using crier::dataplane::envelope::ClientFrame;

void require(bool holds) {
  if (!holds) std::abort();
}

void check(std::string_view message) {
  const ClientFrame frame = crier::dataplane::envelope::parse_client_frame(message);
  if (frame.bytes.empty()) return;
  // What it points to is a part of the message; each byte of it is read.
  require(frame.bytes.data() >= message.data());
  require(frame.bytes.data() + frame.bytes.size() <= message.data() + message.size());
  require(std::string(frame.bytes).size() == frame.bytes.size());
  require(frame.kind == ClientFrame::Kind::kHello || frame.kind == ClientFrame::Kind::kPayload);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // A copy of exactly this size, so that one byte too far is seen.
  const std::string text(reinterpret_cast<const char*>(data), size);
  check(text);
  std::string bytes;
  if (crier::dataplane::append_from_base64(bytes, text)) {
    check(bytes);
    std::string again;
    crier::dataplane::append_base64(again, bytes);
    require(again == text);
  }
  return 0;
}
