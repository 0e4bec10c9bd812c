#include "dataplane/connection/sockets.hpp"

#include <cerrno>

namespace crier::dataplane {

bool Sockets::Result::would_block() const {
  return error == EAGAIN || error == EWOULDBLOCK;
}

void Sockets::send_all(std::span<Send> sends) {
  for (Send& each : sends) each.result = send(each.fd, {&each.from, 1});
}

}  // namespace crier::dataplane
