#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "dataplane/histogram.hpp"

namespace crier::services::bus {

// How a message travels between nodes.
enum class Lane : std::uint8_t {
  kOrdered,  // broadcasts: in the order of publish(); a bus that keeps messages keeps these
  kDirect,   // heartbeats, requests, replies: now or never
};

// Who a message is for: a node by its incarnation, or every node, the sender included.
inline constexpr std::uint64_t kEveryone = 0;

// What became of a message.
enum class Outcome : std::uint8_t {
  kConfirmed,    // the bus has it; says nothing about other nodes
  kUnconfirmed,  // handed over, but no word from the bus yet; it may still arrive
  kDown,         // there is no connection; it was not sent and will not be
  kBacklogFull,  // too much waits for the bus already; it was not sent and will not be
};
inline constexpr std::array<std::string_view, 4> kOutcomeLabels{"confirmed", "unconfirmed", "down",
                                                                "backlog_full"};
inline constexpr std::size_t kOutcomes = kOutcomeLabels.size();

// Whether it may reach anybody.
[[nodiscard]] constexpr bool handed_over(Outcome outcome) {
  return outcome == Outcome::kConfirmed || outcome == Outcome::kUnconfirmed;
}

// Why a connection to the bus ended.
enum class Loss : std::uint8_t {
  kConnect,   // it could not be opened: name, network, TLS, password
  kClosed,    // by the other side, or the network
  kNoEcho,    // what this node published did not come back to it in time
  kProtocol,  // the other side said what cannot be understood or is too large
};
inline constexpr std::array<std::string_view, 4> kLossLabels{"connect", "closed", "no_echo",
                                                             "protocol"};
inline constexpr std::size_t kLosses = kLossLabels.size();

// Upper bounds in seconds.
inline constexpr std::array<double, 10> kRoundTripBounds{0.0001, 0.00025, 0.0005, 0.001, 0.0025,
                                                         0.005,  0.01,    0.05,   0.25,  1};

// What a bus did so far. A value.
struct Stats {
  bool up = false;  // see Bus::up()
  std::array<std::uint64_t, kOutcomes> published{};
  std::uint64_t published_bytes = 0;  // of messages handed over
  std::uint64_t received = 0;         // messages given to the receiver
  std::uint64_t received_bytes = 0;
  std::uint64_t connects = 0;  // the bus came up
  std::array<std::uint64_t, kLosses> losses{};
  std::uint64_t backlog_bytes = 0;              // gauge; handed over and not confirmed
  std::uint64_t backlog_bytes_max = 0;          // its bound
  std::uint64_t pauses = 0;                     // the receiver had to be waited for
  dataplane::Histogram<kRoundTripBounds> echo;  // of probes: published to come back
};

// Who gets what the bus brings. Called on the bus's thread, one call at a time.
class Receiver {
 public:
  virtual ~Receiver() = default;

  // `bytes` are foreign: anybody who reaches the bus may have written them. Valid during the call.
  // Messages of one publisher come in the order in which they were published, per lane; where the
  // bus has one path for both lanes, over both. The message was taken whatever is returned; false:
  // bring no more before Bus::resume().
  virtual bool on_message(Lane lane, std::string_view bytes) = 0;

  // The bus comes up, or went down. It takes what is published during the call; Bus::up() is true
  // only after it, so that nobody acts on a bus of which the receiver does not know.
  virtual void on_state(bool up) = 0;
};

// Carries messages between nodes. It may lose them and says nothing of it: whoever uses it counts.
class Bus {
 public:
  // `outcome` as known within kConfirmWait of publish(); called once, on the bus's thread, never
  // inside publish().
  using Done = std::function<void(Outcome)>;

  virtual ~Bus() = default;

  // Begins to connect, and goes on trying until stop(). `receiver` must outlive stop().
  virtual void start(Receiver& receiver) = 0;
  // Hands over what waits within a short bound, closes, and calls every `done` that is left. No
  // callback runs after it. Idempotent.
  virtual void stop() = 0;

  // Any thread; never blocks. The order of calls is the order of messages, per lane; where the bus
  // has one path for both lanes, over both. `done` may be empty.
  virtual void publish(Lane lane, std::uint64_t to, std::string bytes, Done done) = 0;

  // After on_message() returned false. On the bus's thread.
  virtual void resume() = 0;

  // Whether the bus is connected both ways and this node has lately got back what it published.
  // Any thread.
  [[nodiscard]] virtual bool up() const = 0;
  // Whether both lanes take one path, so that a kDirect message never overtakes a kOrdered one.
  [[nodiscard]] virtual bool one_path() const = 0;
  // Any thread.
  [[nodiscard]] virtual Stats stats() const = 0;
};

// How long a publisher waits for the bus's confirmation before it says kUnconfirmed.
inline constexpr int kConfirmWaitMilliseconds = 50;

}  // namespace crier::services::bus
