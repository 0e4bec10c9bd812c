// Any bytes as the first of a TLS client, in pieces that the first byte says the size of. However
// they are cut the answer is the same, and it is what a look at all of them together says: whether
// a ClientHello in them claims more than the bound.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "dataplane/tls/client_hello_guard.hpp"

using crier::dataplane::ClientHelloGuard;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

std::size_t byte(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

// What the handshake records hold, up to a record that no TLS client sends.
std::string handshake_bytes(std::string_view bytes) {
  std::string all;
  while (bytes.size() >= 5 && byte(bytes, 0) >= 20 && byte(bytes, 0) <= 23) {
    const std::string_view content = bytes.substr(5, byte(bytes, 3) << 8U | byte(bytes, 4));
    if (byte(bytes, 0) == 22) all += content;
    bytes.remove_prefix(5 + content.size());
  }
  return all;
}

bool claims_too_much(std::string_view messages) {
  while (messages.size() >= 4 && byte(messages, 0) == 1) {
    const std::size_t claimed =
        byte(messages, 1) << 16U | byte(messages, 2) << 8U | byte(messages, 3);
    if (claimed > ClientHelloGuard::kHelloBytesMax) return true;
    messages.remove_prefix(std::min(4 + claimed, messages.size()));
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t piece = std::size_t{1} + data[0];
  ClientHelloGuard guard;
  bool passes = true;
  for (std::size_t at = 0; passes && at < input.size(); at += piece) {
    passes = guard.passes(input.substr(at, piece));
  }
  require(passes == !claims_too_much(handshake_bytes(input)));
  return 0;
}
