#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace crier::services::bus::redis {

enum class Mode : std::uint8_t {
  kPubSub,  // both lanes over Pub/Sub: lowest latency, what a cut loses is lost
  kStream,  // Lane::kOrdered through one stream: a node that was cut off reads on where it was
};

struct Endpoint {
  std::string host;  // a name is resolved anew at each dial
  std::uint16_t port = 6379;
};

struct Tls {
  bool enabled = false;
  std::string ca_file;    // empty: the system's authorities
  std::string cert_file;  // both or neither: what this node shows of itself
  std::string key_file;
  std::string server_name;  // expected in the certificate; empty: the host dialled
};

// Every bound of the Redis bus. `node` is this node's incarnation.
struct Options {
  std::uint64_t node = 0;
  Mode mode = Mode::kPubSub;

  std::vector<Endpoint> endpoints;  // at least one; tried in turn
  std::string sentinel_master;      // not empty: the endpoints are Sentinels, ask them for this one
  std::string username;             // empty: Redis's default user
  std::string password;             // empty: no AUTH
  std::string password_file;  // read at each dial, its last line end cut; wins over `password`
  std::uint32_t database = 0;
  std::string prefix = "crier";  // of every key and channel
  Tls tls;

  std::size_t max_message_bytes = 17U << 20U;  // a larger one from Redis ends the connection
  std::size_t max_backlog_bytes = 16U << 20U;  // handed over and not confirmed
  std::uint64_t stream_max_entries = 100'000;  // MAXLEN ~

  std::chrono::milliseconds connect_timeout{3'000};  // dial to subscribed
  std::chrono::milliseconds probe_interval{1'000};
  std::chrono::milliseconds probe_timeout{5'000};  // no echo for this long: dial anew
  std::chrono::milliseconds backoff_min{100};      // full jitter between these two
  std::chrono::milliseconds backoff_max{5'000};
};

}  // namespace crier::services::bus::redis
