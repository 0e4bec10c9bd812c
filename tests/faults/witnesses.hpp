#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/faults/listener_setup.hpp"
#include "tests/stress/oracle.hpp"

namespace crier::testing {

// Which frames are published: every byte of one follows from its publisher and its number.
struct FrameScript {
  std::size_t bytes = 0;  // of each payload

  [[nodiscard]] std::string payload(std::size_t publisher, std::uint64_t sequence) const;
  // The two of a payload that may be one of these; throws where it is none of them, also where a
  // single byte is wrong.
  struct Origin {
    std::size_t publisher;
    std::uint64_t sequence;
  };
  [[nodiscard]] Origin origin(std::string_view payload) const;
};

// Healthy clients, and a thread that reads for them. Of each publisher each of them must get every
// frame once and in order, from the first on.
class Witnesses {
 public:
  Witnesses(const ListenerSetup& setup, const std::string& address, std::size_t count,
            std::size_t publishers, FrameScript script, Verdict& verdict);
  Witnesses(const Witnesses&) = delete;
  Witnesses& operator=(const Witnesses&) = delete;
  ~Witnesses() { stop(); }

  // Frames of a publisher that every one of them has. Any thread.
  [[nodiscard]] std::uint64_t received_by_all(std::size_t publisher) const {
    return slowest_[publisher];
  }
  [[nodiscard]] const std::set<std::string>& addresses() const { return addresses_; }
  // Reads no more; what has come was checked.
  void stop();

 private:
  struct Witness {
    std::unique_ptr<FaultClient> client;
    std::vector<std::uint64_t> next;  // by publisher
  };

  void run();
  void read(Witness& witness);

  const FrameScript script_;
  Verdict& verdict_;
  std::vector<Witness> witnesses_;
  std::set<std::string> addresses_;
  std::vector<std::atomic<std::uint64_t>> slowest_;  // by publisher
  std::atomic<bool> running_{true};
  std::thread thread_;
};

}  // namespace crier::testing
