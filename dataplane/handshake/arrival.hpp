#pragma once

#include <memory>
#include <string>

#include "dataplane/connection/peer_address.hpp"
#include "dataplane/connection/session.hpp"
#include "dataplane/listener/file_descriptor.hpp"

namespace crier::dataplane {

// A socket that may become a client now. Its address is counted in the listener.
struct Arrival {
  FileDescriptor fd;
  PeerAddress peer;                  // of the socket, or as its PROXY header says
  std::unique_ptr<Session> session;  // null: it needs none
  std::string input;                 // received already, behind its credentials
};

}  // namespace crier::dataplane
