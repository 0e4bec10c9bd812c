// A fleet of TCP clients in a process of its own, so that a test may use all of its file
// descriptors for the other end.
//
//   fleet ADDRESS CLIENTS FRAMES BYTES
//
// Connects CLIENTS clients to 127.0.0.1:port, prints "connected", reads FRAMES lines of BYTES bytes
// at each of them and prints "ok" when every client has got 0, 1, 2 … in order and nothing else.
// Otherwise it says what is wrong and exits with 1. It ends when its standard input does.
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/tcp_client.hpp"

namespace crier::testing {
namespace {

// Checks one client's stream, however it is cut.
class Sequence {
 public:
  Sequence(std::uint64_t frames, std::size_t frame_bytes)
      : frames_(frames), frame_bytes_(frame_bytes) {}

  void take(std::string_view bytes) {
    while (!bytes.empty()) {
      const std::size_t part = std::min(bytes.size(), frame_bytes_ - begun_.size());
      begun_.append(bytes.substr(0, part));
      bytes.remove_prefix(part);
      if (begun_.size() == frame_bytes_) check();
    }
  }
  [[nodiscard]] bool complete() const { return next_ == frames_; }

 private:
  void check() {
    std::uint64_t number = 0;
    const auto parsed = std::from_chars(begun_.data(), begun_.data() + begun_.size(), number);
    if (parsed.ec != std::errc() || number != next_ || begun_.back() != '\n') {
      throw std::runtime_error("awaited " + std::to_string(next_) + ", got " + begun_);
    }
    ++next_;
    begun_.clear();
  }

  std::uint64_t frames_;
  std::size_t frame_bytes_;
  std::uint64_t next_ = 0;
  std::string begun_;
};

struct Member {
  Member(const std::string& address, std::uint64_t frames, std::size_t bytes)
      : client(address), sequence(frames, bytes) {}
  TcpClient client;
  Sequence sequence;
};

// Reads once; the others get their turn. True when that completed the member's sequence.
bool read_some(Member& member) {
  static std::array<char, 256 << 10> chunk;
  const ssize_t got = ::read(member.client.fd(), chunk.data(), chunk.size());
  if (got == 0) throw std::runtime_error("a client was closed");
  if (got < 0) return false;
  if (member.sequence.complete()) throw std::runtime_error("more than was to come");
  member.sequence.take({chunk.data(), static_cast<std::size_t>(got)});
  return member.sequence.complete();
}

void await_sequences(const std::vector<std::unique_ptr<Member>>& fleet) {
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  for (const auto& member : fleet) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = member.get();
    ::epoll_ctl(epoll, EPOLL_CTL_ADD, member->client.fd(), &event);
  }
  std::size_t open = fleet.size();
  while (open > 0) {
    std::array<epoll_event, 256> events;
    const int count = ::epoll_wait(epoll, events.data(), static_cast<int>(events.size()), 300'000);
    if (count == 0) throw std::runtime_error(std::to_string(open) + " clients wait in vain");
    for (int i = 0; i < count; ++i) {
      auto* member = static_cast<Member*>(events[static_cast<std::size_t>(i)].data.ptr);
      if (read_some(*member)) --open;
    }
  }
  ::close(epoll);
}

void say(const char* what) {
  std::puts(what);
  std::fflush(stdout);
}

void run(const std::string& address, std::size_t clients, std::uint64_t frames, std::size_t bytes) {
  std::vector<std::unique_ptr<Member>> fleet;
  while (fleet.size() < clients) {
    fleet.push_back(std::make_unique<Member>(address, frames, bytes));
  }
  say("connected");
  await_sequences(fleet);
  say("ok");
  while (std::getchar() != EOF) {
  }
}

}  // namespace
}  // namespace crier::testing

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: %s ADDRESS CLIENTS FRAMES BYTES\n", argv[0]);
    return 2;
  }
  try {
    crier::testing::run(argv[1], std::stoul(argv[2]), std::stoul(argv[3]), std::stoul(argv[4]));
  } catch (const std::exception& error) {
    std::printf("%s\n", error.what());
    return 1;
  }
  return 0;
}
