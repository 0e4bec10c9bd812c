#pragma once

#include "dataplane/config.hpp"
#include "dataplane/listener/file_descriptor.hpp"

namespace crier::dataplane {

// A bound, listening, non-blocking socket. What it sets, accepted sockets inherit: no delay,
// keepalive, send buffer; so accepting costs no further system calls.
// Throws std::runtime_error with a sentence for people.
[[nodiscard]] FileDescriptor open_listen_socket(const ListenerConfig& config);

}  // namespace crier::dataplane
