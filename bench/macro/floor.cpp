// The floor: the least that a server can do to push bytes to many clients. One epoll set, and for
// each message a for loop of send(); nothing is framed, checked, counted or bounded per client.
//
//   bench_floor [--coalesce|--echo]
//     --coalesce  all messages that wait leave in one send per client
//     --echo      what a client sends goes back to it, as it comes
//
// Prints {"data": "HOST:PORT", "control": "HOST:PORT"}. A line that comes in at the control port,
// from any number of publishers, goes to every client of the data port; the line "?" is answered
// with the number of clients and that of dropped messages, which is 0. Ends with its standard
// input.
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "bench/macro/system.hpp"

namespace crier::bench {
namespace {

// Bytes that the slowest client may lag behind.
constexpr std::size_t kLogBytesMax = 256U << 20U;
constexpr std::uint64_t kNobody = UINT64_MAX;

enum class Mode { kEach, kCoalesce, kEcho };

class Floor {
 public:
  explicit Floor(Mode mode) : mode_(mode) {
    std::uint16_t data = 0;
    std::uint16_t control = 0;
    data_listener_ = listen_on_loopback(data);
    control_listener_ = listen_on_loopback(control);
    watch(data_listener_, EPOLLIN);
    watch(control_listener_, EPOLLIN);
    watch(STDIN_FILENO, EPOLLIN);
    std::printf("{\"data\": \"127.0.0.1:%u\", \"control\": \"127.0.0.1:%u\"}\n", data, control);
    std::fflush(stdout);
  }
  Floor(const Floor&) = delete;
  Floor& operator=(const Floor&) = delete;
  ~Floor() { close(epoll_); }

  void run() {
    std::array<epoll_event, 512> events{};
    for (;;) {
      const int count = epoll_wait(epoll_, events.data(), events.size(), -1);
      for (int i = 0; i < count; ++i) {
        const int fd = events[static_cast<std::size_t>(i)].data.fd;
        if (fd == STDIN_FILENO) return;
        serve(fd, events[static_cast<std::size_t>(i)].events);
      }
    }
  }

 private:
  void watch(int fd, std::uint32_t events) const {
    epoll_event event{};
    event.events = events;
    event.data.fd = fd;
    must(epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
  }

  void serve(int fd, std::uint32_t events) {
    if (fd == data_listener_) {
      accept_clients();
    } else if (fd == control_listener_) {
      const int publisher =
          must(accept4(fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC), "accept4");
      set_no_delay(publisher);
      watch(publisher, EPOLLIN);
      inputs_[publisher];
    } else if (static_cast<std::size_t>(fd) >= sent_.size() ||
               sent_[static_cast<std::size_t>(fd)] == kNobody) {
      serve_publisher(fd);
    } else {
      if ((events & EPOLLIN) != 0 && !read_input(fd)) return;
      if ((events & EPOLLOUT) != 0) catch_up(fd);
    }
  }

  void accept_clients() {
    for (;;) {
      const int fd = accept4(data_listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd < 0) return;
      set_no_delay(fd);
      watch(fd, EPOLLIN | EPOLLOUT | EPOLLET);
      const auto index = static_cast<std::size_t>(fd);
      if (index >= sent_.size()) sent_.resize(index + 1, kNobody);
      sent_[index] = end();
      ++clients_;
    }
  }

  // False once the client has gone.
  bool read_input(int fd) {
    std::array<char, 4096> scratch;
    for (;;) {
      const ssize_t n = recv(fd, scratch.data(), scratch.size(), MSG_DONTWAIT);
      if (n > 0) {
        if (mode_ == Mode::kEcho) send_all(fd, {scratch.data(), static_cast<std::size_t>(n)});
        continue;
      }
      if (n < 0 && errno == EAGAIN) return true;
      close_client(fd);
      return false;
    }
  }

  void serve_publisher(int fd) {
    std::array<char, 64U << 10U> scratch;
    const ssize_t n = recv(fd, scratch.data(), scratch.size(), MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) {
      inputs_.erase(fd);
      close(fd);
      return;
    }
    std::string& input = inputs_[fd];
    input.append(scratch.data(), static_cast<std::size_t>(n));
    std::size_t used = 0;  // carried out
    std::size_t seen = 0;  // looked at
    for (std::size_t lf = 0; (lf = input.find('\n', seen)) != std::string::npos; seen = lf + 1) {
      const std::string_view line(input.data() + seen, lf + 1 - seen);
      if (line == "?\n" || mode_ != Mode::kCoalesce) {
        broadcast(std::string_view(input).substr(used, seen - used));
        used = lf + 1;
        if (line == "?\n") {
          send_all(fd, std::to_string(clients_) + " 0\n");
        } else {
          broadcast(line);
        }
      }
    }
    broadcast(std::string_view(input).substr(used, seen - used));
    input.erase(0, std::max(used, seen));
  }

  void broadcast(std::string_view bytes) {
    if (bytes.empty()) return;
    const std::uint64_t before = end();
    log_ += bytes;
    if (log_.size() > kLogBytesMax) die("a client is too slow");
    ++behind_;  // this loop: the log stays until it is through
    for (std::size_t fd = 0; fd < sent_.size(); ++fd) {
      if (sent_[fd] != before) continue;  // nobody, or behind: epoll says when to go on
      ++behind_;
      catch_up(static_cast<int>(fd));
    }
    caught_up();
  }

  // Sends what this client lacks. In a broadcast, for a client that reads, one call and no more.
  void catch_up(int fd) {
    std::uint64_t& sent = sent_[static_cast<std::size_t>(fd)];
    if (sent == end()) return;
    const std::string_view rest = std::string_view(log_).substr(sent - log_begin_);
    const ssize_t n = send(fd, rest.data(), rest.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n < 0 && errno != EAGAIN) {
      close_client(fd);
      return;
    }
    if (n > 0) sent += static_cast<std::uint64_t>(n);
    if (sent == end()) caught_up();
  }

  void caught_up() {
    if (--behind_ > 0) return;
    log_begin_ = end();
    log_.clear();
  }

  void close_client(int fd) {
    std::uint64_t& sent = sent_[static_cast<std::size_t>(fd)];
    const bool behind = sent != end();
    sent = kNobody;
    --clients_;
    close(fd);
    if (behind) caught_up();
  }

  [[nodiscard]] std::uint64_t end() const { return log_begin_ + log_.size(); }

  const Mode mode_;
  int epoll_ = must(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
  int data_listener_ = -1;
  int control_listener_ = -1;
  std::unordered_map<int, std::string> inputs_;  // of publishers, what is not carried out yet
  std::string log_;                              // what not every client has got
  std::uint64_t log_begin_ = 0;
  std::vector<std::uint64_t> sent_;  // by descriptor: bytes since the start
  std::uint64_t behind_ = 0;
  std::uint64_t clients_ = 0;
};

}  // namespace
}  // namespace crier::bench

int main(int argc, char** argv) {
  crier::bench::raise_open_files();
  const std::string_view option = argc > 1 ? argv[1] : "";
  auto mode = crier::bench::Mode::kEach;
  if (option == "--coalesce") mode = crier::bench::Mode::kCoalesce;
  if (option == "--echo") mode = crier::bench::Mode::kEcho;
  crier::bench::Floor(mode).run();
}
