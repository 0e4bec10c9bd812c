#pragma once

#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/stress/oracle.hpp"
#include "tests/support/tcp_client.hpp"

namespace crier::testing {

// Clients that always read, and a thread that makes them do so. Some of them also send: relayed
// frames and frames to be echoed. What they get must be perfect.
class HealthyCrew {
 public:
  enum class Role { kListen, kRelay, kEcho };
  struct Berth {
    Role role;
    std::string address;
  };

  HealthyCrew(const std::vector<Berth>& berths, std::size_t publishers, Verdict& verdict);
  HealthyCrew(const HealthyCrew&) = delete;
  HealthyCrew& operator=(const HealthyCrew&) = delete;
  ~HealthyCrew() { stop(); }

  void start();
  // Sends nothing more; reads on.
  void stop_sending() { sending_ = false; }
  void stop();

  // Frames that every member has got from publisher `index`. Any thread.
  [[nodiscard]] std::uint64_t received_by_all(std::size_t index) const { return slowest_[index]; }
  // Every frame of a member has reached everyone it was for. Any thread.
  [[nodiscard]] bool settled() const { return settled_; }
  [[nodiscard]] const std::set<std::string>& addresses() const { return addresses_; }

 private:
  // Frames that a member may be ahead of the slowest: what queues surely hold.
  static constexpr std::uint64_t kAheadMax = 100;

  struct Member {
    Member(const Berth& berth, std::string source, Verdict& verdict);
    Role role;
    std::string source;  // of what it sends
    TcpClient client;
    StreamOracle oracle;
    std::uint64_t sent = 0;
    std::string unsent;
  };

  void run();
  void read_ready();
  void send_next(Member& member);
  void count_up();
  // Frames of `sender` that all have who should.
  [[nodiscard]] std::uint64_t arrived(const Member& sender) const;

  Verdict& verdict_;
  std::vector<std::unique_ptr<Member>> members_;
  std::set<std::string> addresses_;
  std::vector<std::atomic<std::uint64_t>> slowest_;  // by publisher
  std::atomic<bool> sending_{true};
  std::atomic<bool> settled_{false};
  std::atomic<bool> running_{true};
  std::thread thread_;
};

}  // namespace crier::testing
