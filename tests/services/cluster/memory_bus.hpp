#pragma once

#include <asio/io_context.hpp>
#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/bus/bus.hpp"

namespace crier::services::cluster {

class MemoryBus;

// Joins MemoryBuses. Safe from any thread.
class Hub final {
 public:
  // What becomes of messages to one node, until told otherwise.
  void lose_to(std::uint64_t node, bool lose);

  // Broadcasts are kept back while this is on, and carried when it ends.
  void hold_ordered(bool hold);

  // As if somebody with access to the bus had written it.
  void inject(const std::string& bytes, bus::Lane lane = bus::Lane::kDirect);

  // Broadcast messages published to one node alone, and to all, so far.
  [[nodiscard]] int named_to(std::uint64_t node) const;

 private:
  friend class MemoryBus;

  void attach(std::uint64_t node, MemoryBus& bus);
  void detach(std::uint64_t node);
  void carry(bus::Lane lane, std::uint64_t to, const std::string& bytes);

  mutable std::mutex mutex_;  // guards all below
  std::map<std::uint64_t, MemoryBus*> buses_;
  std::map<std::uint64_t, bool> losing_;
  std::map<std::uint64_t, int> named_;
  bool holding_ = false;
  std::vector<std::pair<std::uint64_t, std::string>> held_;
};

// A bus inside one process, with the faults of a real one on demand.
class MemoryBus final : public bus::Bus {
 public:
  MemoryBus(asio::io_context& loop, Hub& hub, std::uint64_t node, bool one_path);

  // From any thread: the connection is lost, or comes back.
  void set_up(bool up);
  // What publish() of a broadcast comes to while the bus is up.
  void answer_with(bus::Outcome outcome) { outcome_ = outcome; }

  void start(bus::Receiver& receiver) override;
  void stop() override;
  void publish(bus::Lane lane, std::uint64_t to, std::string bytes, Done done) override;
  void resume() override;
  [[nodiscard]] bool up() const override { return up_; }
  [[nodiscard]] bool one_path() const override { return one_path_; }
  [[nodiscard]] bus::Stats stats() const override;

 private:
  friend class Hub;

  struct Message {
    bus::Lane lane;
    std::string bytes;
  };

  void tell(bool up);
  void bring(Message message);
  void run();

  asio::io_context& loop_;
  Hub& hub_;
  const std::uint64_t node_;
  const bool one_path_;
  std::atomic<bool> up_{false};
  std::atomic<bool> open_{false};  // takes what is published; up a little later
  std::atomic<bus::Outcome> outcome_{bus::Outcome::kConfirmed};

  // The loop's thread alone.
  bus::Receiver* receiver_ = nullptr;
  std::deque<Message> waiting_;
  bool paused_ = false;
};

}  // namespace crier::services::cluster
