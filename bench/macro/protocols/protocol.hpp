#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace crier::bench {

// How clients of one kind of server subscribe, and what its messages look like on the wire. Has no
// state: what a client has received of an unfinished unit is given again with more behind it.
class Protocol {
 public:
  // What input held; kept from one read to the next, so that nothing is allocated for a message.
  struct Found {
    std::vector<std::string_view> payloads;  // in place, in order
    std::string replies;                     // what the server wants to have back
    unsigned acknowledgements = 0;           // subscriptions that are in force now
    bool malformed = false;                  // all input after it counts as consumed

    void clear() {
      payloads.clear();
      replies.clear();
      acknowledgements = 0;
      malformed = false;
    }
  };

  Protocol() = default;
  Protocol(const Protocol&) = delete;
  Protocol& operator=(const Protocol&) = delete;
  virtual ~Protocol() = default;

  // What a client sends once it is connected.
  [[nodiscard]] virtual std::string subscribe(
      const std::vector<std::string_view>& topics) const = 0;
  // How often the server acknowledges that; 0: it says nothing.
  [[nodiscard]] virtual unsigned acknowledgements(std::size_t topics) const = 0;
  // Adds what is whole in `input` to `found`; returns how many bytes that took.
  virtual std::size_t parse(std::string_view input, Found& found) const = 0;
};

// Each message ends with LF; who is connected is subscribed.
[[nodiscard]] std::unique_ptr<Protocol> make_line_protocol();
// NATS client protocol.
[[nodiscard]] std::unique_ptr<Protocol> make_nats_protocol();
// Redis Pub/Sub in RESP2.
[[nodiscard]] std::unique_ptr<Protocol> make_redis_protocol();
// MQTT 3.1.1 with QoS 0.
[[nodiscard]] std::unique_ptr<Protocol> make_mqtt_protocol();

// One of line, nats, redis, mqtt; nothing for another name.
[[nodiscard]] std::unique_ptr<Protocol> make_protocol(std::string_view name);

}  // namespace crier::bench
