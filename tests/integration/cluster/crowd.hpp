#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/support/tcp_client.hpp"

namespace crier::testing {

// What one client got of one stream. Equal: the same numbers.
struct Tally {
  std::uint64_t count = 0;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t hash = 0;  // of the numbers

  bool operator==(const Tally&) const = default;
};

// Very many clients in groups, and one thread that reads for all of them. Each client's numbers
// must ascend, stream by stream.
class Crowd {
 public:
  explicit Crowd(std::size_t streams);
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;
  ~Crowd();

  // A further group, before start(). They are connected when this returns.
  void add_group(const std::string& address, std::size_t clients);
  [[nodiscard]] const TcpClient& client(std::size_t group, std::size_t index) const;

  void start();
  void stop();

  // Any thread, from here on. What is wrong with what came, or empty.
  [[nodiscard]] std::string problem() const;
  // Shows each client's tallies, by stream, until `visit` returns false. Returns whether it never
  // did.
  using Visit = std::function<bool(std::size_t client, const std::vector<Tally>& tallies)>;
  bool each(std::size_t group, const Visit& visit) const;

 private:
  struct Member {
    Member(const std::string& address, std::size_t streams) : client(address), tallies(streams) {}
    TcpClient client;
    std::vector<Tally> tallies;
    std::string begun;  // of a line
  };

  void run();
  void read_some(Member& member);
  void take(Member& member, std::string_view bytes);
  void take_line(Member& member, std::string_view text);
  void fail(const std::string& what);

  const std::size_t streams_;
  const int epoll_;
  std::vector<std::vector<std::unique_ptr<Member>>> groups_;
  std::atomic<bool> running_{false};
  std::thread thread_;
  std::vector<char> chunk_;  // the thread's

  mutable std::mutex mutex_;  // guards what follows, and all tallies
  std::string problem_;
};

}  // namespace crier::testing
