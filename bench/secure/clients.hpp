#pragma once

#include <cstddef>
#include <string>

#include "tests/support/tls_client.hpp"

namespace crier::bench {

// Clients in a process of their own, so that what this process does is all the server's.
class Clients {
 public:
  // Starts the process; nobody connects yet. REQUIRES: no thread has been started.
  Clients();
  Clients(const Clients&) = delete;
  Clients& operator=(const Clients&) = delete;
  ~Clients();  // disconnects everybody

  struct Order {
    std::string address;
    std::size_t count = 0;
    bool tls = false;
    std::string first_frame;
    testing::TlsClient::Options options;
  };
  // They connect one after the other, then read whatever comes, without looking at it.
  void connect(const Order& order) const;

 private:
  int orders_ = -1;
  int child_ = -1;
};

}  // namespace crier::bench
