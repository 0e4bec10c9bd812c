#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace crier::bench {

// A server that takes messages and brings them to its clients, seen from the publisher.
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

  // How many clients the server would reach now.
  virtual std::uint64_t clients() = 0;

  // A run of messages: begin, publish each, finish. `more`: another one follows at once.
  virtual void begin() = 0;
  virtual void publish(const std::string& payload, bool more) = 0;
  virtual Answers finish() = 0;
};

// Crier, through its gRPC API: one BroadcastStream for each run.
[[nodiscard]] std::unique_ptr<Sink> connect_crier(const std::string& address);
// The floor, through its control port.
[[nodiscard]] std::unique_ptr<Sink> connect_floor(const std::string& address);

}  // namespace crier::bench
