// Round trips, closed loop: each client sends its next message when the last one has come back.
//
//   bench_echo ADDRESS CLIENTS ROUND_TRIPS BYTES
//
// ROUND_TRIPS for each client. Prints {"ready": true}, begins once it reads a line, prints what
// came of it and ends.
#include <fcntl.h>
#include <unistd.h>

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <string>
#include <string_view>

#include "bench/macro/clients/poller.hpp"
#include "bench/macro/latencies.hpp"
#include "bench/macro/message.hpp"
#include "bench/macro/system.hpp"

namespace crier::bench {
namespace {

struct Client {
  int fd = -1;
  std::uint32_t sequence = 0;
  std::string input;
};

class Echo {
 public:
  Echo(std::uint16_t port, std::size_t clients, std::uint32_t round_trips, std::size_t bytes)
      : round_trips_(round_trips), message_(bytes, ' '), clients_(clients) {
    for (Client& client : clients_) {
      client.fd = connect_to(port);
      set_no_delay(client.fd);
      must(fcntl(client.fd, F_SETFL, O_NONBLOCK), "fcntl");
      poller_.add(client.fd, &client);
    }
  }
  Echo(const Echo&) = delete;
  Echo& operator=(const Echo&) = delete;
  ~Echo() {
    for (const Client& client : clients_) close(client.fd);
  }

  void run() {
    const std::uint64_t start = now_ns();
    for (Client& client : clients_) send_next(client);
    while (completed_ < clients_.size() * round_trips_) {
      const std::uint64_t before = completed_;
      poller_.wait(kQuietMs, [this](Client* client) { receive(*client); });
      if (completed_ == before && now_ns() - last_ns_ > kQuietMs * 1'000'000ULL) break;
    }
    const auto us = [this](double part) {
      return static_cast<double>(latencies_.quantile_ns(part)) / 1e3;
    };
    std::printf("{\"delivered\": %" PRIu64 ", \"corrupt\": %" PRIu64
                ", \"seconds\": %.6f, \"p50_us\": %.1f, \"p99_us\": %.1f, \"p999_us\": %.1f, "
                "\"max_us\": %.1f}\n",
                completed_, corrupt_, static_cast<double>(last_ns_ - start) / 1e9, us(0.5),
                us(0.99), us(0.999), static_cast<double>(latencies_.max_ns()) / 1e3);
  }

 private:
  static constexpr int kQuietMs = 5'000;

  void send_next(Client& client) {
    write_message({0, ++client.sequence, now_ns()}, message_);
    message_ += '\n';
    send_all(client.fd, message_);
    message_.pop_back();
  }

  void receive(Client& client) {
    const ssize_t n = recv(client.fd, scratch_.data(), scratch_.size(), MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) fail("the server closed a connection");
    client.input.append(scratch_.data(), static_cast<std::size_t>(n));
    if (client.input.size() <= message_.size()) return;
    last_ns_ = now_ns();
    const auto message = read_message({client.input.data(), message_.size()});
    const bool whole = client.input.size() == message_.size() + 1 && client.input.back() == '\n';
    if (!message || !whole || message->sequence != client.sequence) {
      ++corrupt_;
      poller_.remove(client.fd);
      return;
    }
    client.input.clear();
    latencies_.add(last_ns_ - message->stamp_ns);
    ++completed_;
    if (client.sequence < round_trips_) send_next(client);
  }

  const std::uint32_t round_trips_;
  std::string message_;
  std::deque<Client> clients_;
  Poller<Client> poller_;
  std::array<char, 64U << 10U> scratch_{};
  std::uint64_t completed_ = 0;
  std::uint64_t corrupt_ = 0;
  std::uint64_t last_ns_ = now_ns();
  Latencies latencies_;
};

}  // namespace
}  // namespace crier::bench

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: bench_echo ADDRESS CLIENTS ROUND_TRIPS BYTES\n");
    return 2;
  }
  crier::bench::raise_open_files();
  crier::bench::Echo echo(crier::bench::port_of(argv[1]), std::stoul(argv[2]),
                          static_cast<std::uint32_t>(std::stoul(argv[3])), std::stoul(argv[4]));
  std::printf("{\"ready\": true}\n");
  std::fflush(stdout);
  if (std::getchar() != EOF) echo.run();
}
