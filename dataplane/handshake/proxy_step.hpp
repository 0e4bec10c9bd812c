#pragma once

#include <cstdint>
#include <optional>

#include "dataplane/connection/peer_address.hpp"

namespace crier::dataplane {

struct [[nodiscard]] ProxyStep {
  enum class Status : std::uint8_t {
    kDone,
    kWaiting,    // it is not complete
    kMalformed,  // what is there is no PROXY header
    kClosed,     // the peer went, or the socket broke
  };
  Status status = Status::kWaiting;
  std::optional<PeerAddress> source;  // kDone: whom the header names
};

// Looks for a PROXY header where it lies in the kernel and takes it out only when it is complete,
// so whatever follows is still there for the next step.
ProxyStep take_proxy_header(int fd);

}  // namespace crier::dataplane
