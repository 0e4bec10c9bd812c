// Any bytes as the first of a connection. Each prefix must ask for more until one gives the answer
// that all longer ones give, within the bound; and an address that comes out must be one that a
// header can be written with again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "dataplane/proxy/header.hpp"

using namespace crier::dataplane;

namespace {

using Status = ProxyHeader::Status;

void require(bool condition) {
  if (!condition) std::abort();
}

void require_same(const ProxyHeader& one, const ProxyHeader& other) {
  require(one.status == other.status);
  require(one.bytes == other.bytes);
  require(one.source == other.source);
}

void require_readable(const PeerAddress& source) {
  const std::string text = source.text();
  const std::size_t colon = text.rfind(':');
  std::string host = text.substr(0, colon);
  if (!source.is_ipv4()) host = host.substr(1, host.size() - 2);
  const std::string line = std::string("PROXY ") + (source.is_ipv4() ? "TCP4 " : "TCP6 ") + host +
                           " " + host + text.substr(colon).replace(0, 1, " ") + " 1\r\n";
  const ProxyHeader again = parse_proxy_header(line);
  require(again.status == Status::kComplete && again.source == source);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const ProxyHeader whole = parse_proxy_header(input);
  require(whole.bytes <= size && whole.bytes <= kProxyHeaderBytesMax);
  require(size < kProxyHeaderBytesMax || whole.status != Status::kNeedMore);
  bool decided = false;
  for (std::size_t bytes = 0; bytes <= size; ++bytes) {
    const ProxyHeader part = parse_proxy_header(input.substr(0, bytes));
    if (part.status == Status::kNeedMore) {
      require(!decided);
    } else {
      decided = true;
      require_same(part, whole);
    }
  }
  if (whole.source) require_readable(*whole.source);
  return 0;
}
