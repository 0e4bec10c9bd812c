#include "dataplane/tls/client_hello_guard.hpp"

#include <algorithm>

namespace crier::dataplane {
namespace {

constexpr std::uint8_t kChangeCipherSpec = 20;
constexpr std::uint8_t kHandshake = 22;
constexpr std::uint8_t kApplicationData = 23;
constexpr std::uint8_t kClientHello = 1;

std::string_view take(std::string_view& from, std::size_t bytes) {
  const std::string_view front = from.substr(0, bytes);
  from.remove_prefix(front.size());
  return front;
}

}  // namespace

template <std::size_t Size>
bool ClientHelloGuard::Header<Size>::fill(std::string_view& from) {
  for (const char c : take(from, Size - size)) bytes[size++] = static_cast<std::uint8_t>(c);
  return size == Size;
}

bool ClientHelloGuard::passes(std::string_view bytes) {
  while (!done_ && !bytes.empty()) {
    if (record_left_ > 0) {
      const std::string_view content = take(bytes, record_left_);
      record_left_ -= content.size();
      if (record_.bytes[0] == kHandshake && !record_passes(content)) return false;
      if (record_left_ == 0) record_.size = 0;
      continue;
    }
    if (!record_.fill(bytes)) break;
    record_left_ = std::size_t{record_.bytes[3]} << 8U | record_.bytes[4];
    // An alert, or no TLS 1.x at all: OpenSSL's to judge. Before a second hello, which a server may
    // ask for, there may be early data.
    done_ = record_.bytes[0] < kChangeCipherSpec || record_.bytes[0] > kApplicationData;
    if (record_left_ == 0) record_.size = 0;
  }
  return true;
}

// A record may hold several messages, and a message may take several records.
bool ClientHelloGuard::record_passes(std::string_view content) {
  while (!done_ && !content.empty()) {
    if (message_left_ > 0) {
      message_left_ -= take(content, message_left_).size();
      if (message_left_ == 0) message_.size = 0;
      continue;
    }
    if (!message_.fill(content)) break;
    message_left_ = std::size_t{message_.bytes[1]} << 16U | std::size_t{message_.bytes[2]} << 8U |
                    message_.bytes[3];
    if (message_.bytes[0] != kClientHello) {
      done_ = true;
    } else if (message_left_ > kHelloBytesMax) {
      return false;
    }
    if (message_left_ == 0) message_.size = 0;
  }
  return true;
}

}  // namespace crier::dataplane
