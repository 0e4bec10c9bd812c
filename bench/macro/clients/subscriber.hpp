#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "bench/macro/protocols/protocol.hpp"

namespace crier::bench {

// Where subscribers connect, and what they say first.
struct Endpoint {
  Endpoint(const Protocol& of, std::uint16_t at, const std::vector<std::string_view>& topics)
      : protocol(of),
        port(at),
        hello(of.subscribe(topics)),
        acknowledgements(of.acknowledgements(topics.size())) {}

  const Protocol& protocol;
  std::uint16_t port;
  std::string hello;
  unsigned acknowledgements;
};

// What all subscribers read into, one after the other.
struct Scratch {
  static constexpr std::size_t kReadBytes = 256U << 10U;

  std::vector<char> bytes;
  Protocol::Found found;
};

// One connection that gets messages.
class Subscriber {
 public:
  enum class Role : std::uint8_t {
    kMeasured,  // has to get every message, and is timed
    kStalled,   // does not read, for now
    kChurning,  // comes and goes
  };
  enum class Read : std::uint8_t { kNothing, kSome, kClosed };

  Subscriber(std::size_t at, Role as) : index(at), role(as) {}
  Subscriber(const Subscriber&) = delete;
  Subscriber& operator=(const Subscriber&) = delete;
  ~Subscriber() { close(); }

  // Connects and subscribes; the server's acknowledgements come with read().
  void open(const Endpoint& endpoint);
  // By a reset, which leaves nothing behind in the kernel that the next measurement would see.
  void close();

  // Reads once; what was whole is in scratch.found until the next read of anyone.
  [[nodiscard]] Read read(const Protocol& protocol, Scratch& scratch);

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] std::string local_address() const;
  [[nodiscard]] bool is_subscribed() const { return fd_ >= 0 && awaited_ == 0; }

  const std::size_t index;
  Role role;
  std::uint32_t last_sequence = 0;  // what an Onlookers tally saw last; 0: nothing

 private:
  int fd_ = -1;
  unsigned awaited_ = 0;  // acknowledgements
  std::string begun_;     // a unit of which the rest is still to come
};

}  // namespace crier::bench
