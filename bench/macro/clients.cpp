// The load: very many clients in one process, on one epoll set, that check every byte they get.
//
//   bench_clients ADDRESS COUNT
//
// Connects COUNT clients and prints {"connected": COUNT, "seconds": ...}. Then, for each line
//   expect FIRST COUNT SECONDS
// prints {"ready": true}, waits until every client has got the messages FIRST .. FIRST + COUNT - 1
// or SECONDS have passed, and prints what arrived. Ends with its standard input.
#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/macro/latencies.hpp"
#include "bench/macro/message.hpp"
#include "bench/macro/system.hpp"

namespace crier::bench {
namespace {

// What arrived for one "expect".
struct Tally {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  std::uint64_t deadline_ns = 0;
  std::uint64_t delivered = 0;
  std::uint64_t missing = 0;            // sequences that were skipped
  std::uint64_t disorder = 0;           // sequences that came again or too late
  std::uint64_t corrupt = 0;            // messages with a wrong byte
  std::uint64_t complete = 0;           // clients that have got the last message
  std::uint64_t stamp_ns = UINT64_MAX;  // the earliest
  std::uint64_t last_ns = 0;
  Latencies latencies;
};

struct Client {
  int fd = -1;
  std::uint64_t next = 0;
  std::string begun;  // a message of which the rest is still to come
};

class Clients {
 public:
  Clients(const std::string& address, std::size_t count) : clients_(count), scratch_(256U << 10U) {
    const std::uint64_t start = now_ns();
    for (std::size_t i = 0; i < count; ++i) {
      clients_[i].fd = connect_to(port_of(address));
      must(fcntl(clients_[i].fd, F_SETFL, O_NONBLOCK), "fcntl");
      watch(clients_[i].fd, i);
    }
    watch(STDIN_FILENO, kCommands);
    must(fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK), "fcntl");
    std::printf("{\"connected\": %zu, \"seconds\": %.4f}\n", count,
                static_cast<double>(now_ns() - start) / 1e9);
  }
  Clients(const Clients&) = delete;
  Clients& operator=(const Clients&) = delete;
  ~Clients() {
    // A reset leaves nothing behind in the kernel that the next measurement would see.
    const linger reset{1, 0};
    for (const Client& client : clients_) {
      if (client.fd < 0) continue;
      setsockopt(client.fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
      close(client.fd);
    }
    close(epoll_);
  }

  void run() {
    std::array<epoll_event, 512> events{};
    while (!finished_) {
      const int count = epoll_wait(epoll_, events.data(), events.size(), wait_ms());
      for (int i = 0; i < count; ++i) {
        const std::uint64_t who = events[static_cast<std::size_t>(i)].data.u64;
        if (who == kCommands) {
          read_commands();
        } else {
          receive(clients_[who]);
        }
      }
      if (tally_ && (tally_->complete == clients_.size() || now_ns() >= tally_->deadline_ns)) {
        report();
      }
    }
  }

 private:
  static constexpr std::uint64_t kCommands = UINT64_MAX;

  void watch(int fd, std::uint64_t who) const {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = who;
    must(epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
  }

  [[nodiscard]] int wait_ms() const {
    if (!tally_) return -1;
    const std::uint64_t now = now_ns();
    return now >= tally_->deadline_ns
               ? 0
               : static_cast<int>((tally_->deadline_ns - now) / 1'000'000U + 1);
  }

  void read_commands() {
    std::array<char, 4096> bytes;
    const ssize_t n = read(STDIN_FILENO, bytes.data(), bytes.size());
    if (n == 0) finished_ = true;
    if (n <= 0) return;
    commands_.append(bytes.data(), static_cast<std::size_t>(n));
    for (std::size_t lf = 0; (lf = commands_.find('\n')) != std::string::npos;) {
      obey(commands_.substr(0, lf));
      commands_.erase(0, lf + 1);
    }
  }

  void obey(const std::string& command) {
    Tally tally;
    double seconds = 0;
    if (std::sscanf(command.c_str(), "expect %" SCNu64 " %" SCNu64 " %lf", &tally.first,
                    &tally.count, &seconds) != 3) {
      errno = EINVAL;
      die(command);
    }
    tally.deadline_ns = now_ns() + static_cast<std::uint64_t>(seconds * 1e9);
    for (Client& client : clients_) client.next = tally.first;
    tally_ = tally;
    std::printf("{\"ready\": true}\n");
  }

  void receive(Client& client) {
    const ssize_t n = recv(client.fd, scratch_.data(), scratch_.size(), MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) {
      close(client.fd);
      client.fd = -1;
      ++closed_;
      return;
    }
    const std::uint64_t now = now_ns();
    std::string_view input(scratch_.data(), static_cast<std::size_t>(n));
    if (!client.begun.empty()) {
      const std::size_t lf = input.find('\n');
      client.begun += input.substr(0, lf);
      if (lf == std::string_view::npos) return;
      check(client, client.begun, now);
      client.begun.clear();
      input.remove_prefix(lf + 1);
    }
    for (std::size_t lf = 0; (lf = input.find('\n')) != std::string_view::npos;) {
      check(client, input.substr(0, lf), now);
      input.remove_prefix(lf + 1);
    }
    client.begun += input;
  }

  void check(Client& client, std::string_view text, std::uint64_t now) {
    if (!tally_) {
      ++unasked_;
      return;
    }
    const auto message = read_message(text);
    if (!message) {
      ++tally_->corrupt;
    } else if (message->sequence < client.next ||
               message->sequence >= tally_->first + tally_->count) {
      ++tally_->disorder;
    } else {
      tally_->missing += message->sequence - client.next;
      client.next = message->sequence + 1;
      ++tally_->delivered;
      tally_->latencies.add(now > message->stamp_ns ? now - message->stamp_ns : 0);
      tally_->stamp_ns = std::min(tally_->stamp_ns, message->stamp_ns);
      tally_->last_ns = now;
      if (client.next == tally_->first + tally_->count) ++tally_->complete;
    }
  }

  void report() {
    for (const Client& client : clients_) {
      tally_->missing += tally_->first + tally_->count - client.next;
    }
    const Tally& t = *tally_;
    const auto us = [&t](double part) {
      return static_cast<double>(t.latencies.quantile_ns(part)) / 1e3;
    };
    std::printf("{\"delivered\": %" PRIu64 ", \"missing\": %" PRIu64 ", \"disorder\": %" PRIu64
                ", \"corrupt\": %" PRIu64 ", \"unasked\": %" PRIu64 ", \"closed\": %" PRIu64
                ", \"seconds\": %.6f, \"p50_us\": %.1f, \"p99_us\": %.1f, \"p999_us\": %.1f, "
                "\"max_us\": %.1f}\n",
                t.delivered, t.missing, t.disorder, t.corrupt, unasked_, closed_,
                t.delivered == 0 ? 0.0 : static_cast<double>(t.last_ns - t.stamp_ns) / 1e9, us(0.5),
                us(0.99), us(0.999), static_cast<double>(t.latencies.max_ns()) / 1e3);
    tally_.reset();
  }

  int epoll_ = must(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
  std::vector<Client> clients_;
  std::vector<char> scratch_;
  std::string commands_;
  std::optional<Tally> tally_;
  std::uint64_t unasked_ = 0;
  std::uint64_t closed_ = 0;
  bool finished_ = false;
};

}  // namespace
}  // namespace crier::bench

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: bench_clients ADDRESS COUNT\n");
    return 2;
  }
  // Answers are read line by line, while this goes on.
  setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
  crier::bench::raise_open_files();
  crier::bench::Clients(argv[1], std::stoul(argv[2])).run();
}
