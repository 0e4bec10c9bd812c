#include <cinttypes>
#include <cstdio>

#include "bench/macro/sinks/publisher_socket.hpp"
#include "bench/macro/sinks/sink.hpp"

namespace crier::bench {
namespace {

// A line is a message to all, but "?" is answered by "CLIENTS DROPPED": how many there are, and how
// many messages were dropped since the start.
class LineSink final : public Sink {
 public:
  explicit LineSink(const std::string& address) : socket_(address) {}

  std::optional<std::uint64_t> clients() override { return ask().clients; }
  bool target(const std::vector<std::string>& addresses) override { return addresses.empty(); }

  void begin() override { dropped_before_ = ask().dropped; }

  void publish(std::string_view payload, bool more) override {
    socket_.waiting().append(payload) += '\n';
    socket_.flush_unless(more);
  }

  Answers finish() override {
    Answers answers;
    answers.dropped = ask().dropped - dropped_before_;
    return answers;
  }

 private:
  struct State {
    std::uint64_t clients = 0;
    std::uint64_t dropped = 0;
  };

  State ask() {
    socket_.waiting() += "?\n";
    socket_.flush();
    std::string answer;
    while (!answer.ends_with('\n')) socket_.read(answer);
    State state;
    if (std::sscanf(answer.c_str(), "%" SCNu64 " %" SCNu64, &state.clients, &state.dropped) != 2) {
      fail("not an answer: " + answer);
    }
    return state;
  }

  PublisherSocket socket_;
  std::uint64_t dropped_before_ = 0;
};

}  // namespace

std::unique_ptr<Sink> connect_line(const std::string& address) {
  return std::make_unique<LineSink>(address);
}

}  // namespace crier::bench
