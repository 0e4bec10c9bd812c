#include "bench/macro/protocols/protocol.hpp"

namespace crier::bench {

std::unique_ptr<Protocol> make_protocol(std::string_view name) {
  if (name == "line") return make_line_protocol();
  if (name == "nats") return make_nats_protocol();
  if (name == "redis") return make_redis_protocol();
  if (name == "mqtt") return make_mqtt_protocol();
  return nullptr;
}

}  // namespace crier::bench
