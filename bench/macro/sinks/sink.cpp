#include "bench/macro/sinks/sink.hpp"

namespace crier::bench {

std::unique_ptr<Sink> connect_sink(const std::string& kind, const std::string& address) {
  if (kind == "crier") return connect_crier(address);
  if (kind == "crier-waiting") return connect_crier_waiting(address);
  if (kind == "line") return connect_line(address);
  if (kind == "nats") return connect_nats(address);
  if (kind == "redis") return connect_redis(address);
  if (kind == "mqtt") return connect_mqtt(address);
  return nullptr;
}

}  // namespace crier::bench
