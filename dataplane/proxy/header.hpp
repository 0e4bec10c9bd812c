#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "dataplane/connection/peer_address.hpp"

namespace crier::dataplane {

// What a proxy says of a connection before it passes on the client's own bytes: the PROXY protocol,
// version 1 (a line) or 2 (binary), as specified by HAProxy. Pure.
struct ProxyHeader {
  enum class Status : std::uint8_t {
    kNeedMore,   // right so far
    kComplete,   // the first `bytes` bytes are a header
    kMalformed,  // whatever follows, this is none
  };
  Status status = Status::kNeedMore;
  std::size_t bytes = 0;
  // Absent where the proxy speaks for itself (LOCAL), does not know (UNKNOWN), or names something
  // that is no TCP address; then the socket's own address stands.
  std::optional<PeerAddress> source = std::nullopt;
};

// No header is longer: one of version 2 that claims more, extensions included, is malformed.
inline constexpr std::size_t kProxyHeaderBytesMax = 536;

// Reads the header that `input`, a connection's first bytes, begins with. Extensions (TLVs) are
// skipped. More bytes never change an answer that was not kNeedMore.
[[nodiscard]] ProxyHeader parse_proxy_header(std::string_view input);

}  // namespace crier::dataplane
