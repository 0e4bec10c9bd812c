#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crier::bench {

// A server that takes messages and brings them to its clients, seen from one publisher.
class Sink {
 public:
  Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  virtual ~Sink() = default;

  // What the server says has become of the messages; all 0 where it says nothing.
  struct Answers {
    std::uint64_t answers = 0;
    std::uint64_t matched = 0;
    std::uint64_t queued = 0;
    std::uint64_t dropped = 0;
  };

  // How many clients the server would reach now; nothing where it does not say.
  virtual std::optional<std::uint64_t> clients() = 0;

  // From now on messages go to the group alone, whose members connect from these addresses;
  // false where the server cannot address a part of its clients. Without addresses: to all again.
  virtual bool target(const std::vector<std::string>& addresses) = 0;

  // A run of messages: begin, publish each, finish. `more`: another one follows at once.
  virtual void begin() = 0;
  virtual void publish(std::string_view payload, bool more) = 0;
  virtual Answers finish() = 0;
};

// Crier, through its gRPC API: one BroadcastStream for each run.
[[nodiscard]] std::unique_ptr<Sink> connect_crier(const std::string& address);
// The same, but each answer is that of all nodes, which it waits for.
[[nodiscard]] std::unique_ptr<Sink> connect_crier_waiting(const std::string& address);
// Floor and article, through their control port: lines.
[[nodiscard]] std::unique_ptr<Sink> connect_line(const std::string& address);
// PUB of the NATS client protocol.
[[nodiscard]] std::unique_ptr<Sink> connect_nats(const std::string& address);
// PUBLISH of Redis, many in a row before their answers.
[[nodiscard]] std::unique_ptr<Sink> connect_redis(const std::string& address);
// PUBLISH of MQTT 3.1.1 with QoS 0.
[[nodiscard]] std::unique_ptr<Sink> connect_mqtt(const std::string& address);

// By the name of its kind: one of these; nothing for another name.
[[nodiscard]] std::unique_ptr<Sink> connect_sink(const std::string& kind,
                                                 const std::string& address);

}  // namespace crier::bench
