#pragma once

#include <cstddef>
#include <vector>

#include "dataplane/connection/connection.hpp"

namespace crier::dataplane {

// Connections that have taken what a step of the fan-out had for them, and that now send together:
// where the kernel allows it, with one system call for all of them. Shard thread only.
class SendBatch {
 public:
  explicit SendBatch(Sockets& sockets) : sockets_(sockets) {
    sends_.reserve(Sockets::kSendsMax);
    connections_.reserve(Sockets::kSendsMax);
  }
  SendBatch(const SendBatch&) = delete;
  SendBatch& operator=(const SendBatch&) = delete;

  // False where this connection has to send by itself.
  [[nodiscard]] bool add(Connection& connection) {
    if (sends_.size() == Sockets::kSendsMax) return false;
    Sockets::Send& send = sends_.emplace_back();
    if (connection.prepare_send(send)) {
      connections_.push_back(&connection);
      return true;
    }
    sends_.pop_back();
    return false;
  }

  // Calls `lost(connection, frames)` where frames went nowhere; see Connection::finish_offers().
  template <class Lost>
  void send(Lost&& lost) {
    sockets_.send_all(sends_);
    for (std::size_t i = 0; i < sends_.size(); ++i) {
      const std::uint32_t frames = connections_[i]->finish_offers(sends_[i]);
      if (frames > 0) lost(*connections_[i], frames);
    }
    sends_.clear();
    connections_.clear();
  }

 private:
  Sockets& sockets_;
  std::vector<Sockets::Send> sends_;
  std::vector<Connection*> connections_;  // of each send
};

}  // namespace crier::dataplane
