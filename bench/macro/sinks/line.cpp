#include <unistd.h>

#include <array>

#include "bench/macro/sink.hpp"
#include "bench/macro/system.hpp"

namespace crier::bench {
namespace {

class FloorSink final : public Sink {
 public:
  explicit FloorSink(const std::string& address) : fd_(connect_to(port_of(address))) {
    set_no_delay(fd_);
  }
  FloorSink(const FloorSink&) = delete;
  FloorSink& operator=(const FloorSink&) = delete;
  ~FloorSink() override { close(fd_); }

  std::uint64_t clients() override {
    send_all("?\n");
    std::array<char, 32> answer{};
    const ssize_t n = recv(fd_, answer.data(), answer.size() - 1, 0);
    if (n <= 0) die("the floor does not answer");
    return std::stoull(answer.data());
  }

  void begin() override {}

  void publish(const std::string& payload, bool more) override {
    waiting_ += payload;
    waiting_ += '\n';
    if (more && waiting_.size() < kWriteBytes) return;
    send_all(waiting_);
    waiting_.clear();
  }

  Answers finish() override { return {}; }

 private:
  // As much as gRPC gathers for one write, roughly.
  static constexpr std::size_t kWriteBytes = 16U << 10U;

  void send_all(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t n = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n < 0) die("send");
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
  }

  int fd_;
  std::string waiting_;
};

}  // namespace

std::unique_ptr<Sink> connect_floor(const std::string& address) {
  return std::make_unique<FloorSink>(address);
}

}  // namespace crier::bench
