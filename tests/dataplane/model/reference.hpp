#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/dataplane/model/shard_harness.hpp"

namespace crier::testing {

// What must be true of a shard whatever happened to it, judged from outside: from what clients
// received, from the answers to broadcasts, and by adding up what every connection says of itself.
// Each counter of ShardStats is compared with something that was counted elsewhere.
class Reference {
 public:
  explicit Reference(ShardHarness& harness) : harness_(harness) {}

  void connected(int fd, std::size_t listener);
  // This client does not take everything at once.
  void limited(int fd) { clients_.at(fd).reads_all = false; }
  void submitted(std::shared_ptr<dataplane::BroadcastResult> result, bool validate_only) {
    results_.push_back({std::move(result), validate_only});
  }
  [[nodiscard]] std::size_t listener_of(int fd) const { return clients_.at(fd).listener; }
  // Payloads are numbered, so that order and loss can be seen. Replies and broadcasts each have an
  // order of their own, which `kind` tells apart.
  [[nodiscard]] std::string next_text(char kind, std::size_t bytes);

  // After every step.
  void check();
  // Once every broadcast is answered.
  void check_answers();

 private:
  struct Client {
    std::size_t listener = 0;
    std::uint64_t frames = 0;  // whole ones that it received
    bool reads_all = true;
  };
  struct Answer {
    std::shared_ptr<dataplane::BroadcastResult> result;
    bool validate_only = false;
  };

  void check_client(int fd, Client& client);
  void check_connections();
  void check_gone();
  [[nodiscard]] std::vector<std::string> frames_received(int fd, std::size_t listener);

  ShardHarness& harness_;
  std::map<int, Client> clients_;
  std::vector<Answer> results_;
  std::uint64_t next_number_ = 100'000;
};

}  // namespace crier::testing
