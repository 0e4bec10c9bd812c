#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "services/control/access/roles.hpp"
#include "services/control/control.hpp"
#include "services/control/tls/material.hpp"

namespace crier::services::control {

struct ServerOptions {
  std::string address = "127.0.0.1:50051";  // numeric host:port, [v6]:port; port 0: any free one

  int connections_max = 96;

  // Per connection.
  int concurrent_streams_max = 256;
  std::size_t metadata_bytes_max = 16U << 10U;          // of one call's headers
  std::chrono::milliseconds ping_interval_min{10'000};  // a caller that pings more often is cut off

  // What gRPC reads and writes for all calls together. Beyond it gRPC ends calls and connections
  // until there is room again. REQUIRES: at least twice request_bytes_max() of the Control.
  std::size_t memory_bytes_max = 512U << 20U;
};

// Serves a Control over gRPC. Beside it grpc.health.v1, for which nobody needs a role, since probes
// have none and it tells no more than serving or not; and, unless callers must prove who they are,
// server reflection. Started once and stopped once; methods may be called from any thread, one at a
// time.
class Server final {
 public:
  // `control` must outlive this.
  Server(Control& control, ServerOptions options);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();  // stops at once

  // Before start(): the API is served over TLS alone. Later, from any thread: holds for connections
  // from then on. REQUIRES: later only what was there before, and authorities for clients if and
  // only if there were some.
  void set_tls(std::shared_ptr<const TlsMaterial> material);

  // Before start(): only these callers are let in, each to what its role may. Later, from any
  // thread: holds for calls from then on; streams that are open go on. REQUIRES: as above.
  void set_roles(std::shared_ptr<const Roles> roles);

  // Throws std::runtime_error with a sentence for people where the address cannot be had.
  void start();

  // As bound: the port is never 0. REQUIRES: start() has returned.
  [[nodiscard]] std::string address() const;

  // The health of "" goes NOT_SERVING, so that load balancers look elsewhere; calls go on.
  void set_not_ready();

  // Takes no new calls, ends open streams after their answers, and cancels what is left after
  // `deadline`. When this returns no call is left. The data plane must run until then: each call
  // waits for its answer. Idempotent.
  void stop(std::chrono::milliseconds deadline);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace crier::services::control
