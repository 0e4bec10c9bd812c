#include "dataplane/shard/poller.hpp"

#include <sys/epoll.h>

#include <cerrno>
#include <system_error>

namespace crier::dataplane {
namespace {

int open_epoll() {
  const int fd = ::epoll_create1(EPOLL_CLOEXEC);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "cannot create an epoll set");
  return fd;
}

}  // namespace

Poller::Poller(asio::io_context& context) : epoll_(context, open_epoll()) {}

bool Poller::add(int fd, std::uint64_t token) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.u64 = token;
  if (::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_ADD, fd, &event) == 0) return true;
  return errno == EEXIST && ::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_MOD, fd, &event) == 0;
}

void Poller::start(std::function<void(const std::function<void()>&)> turn, Handler handler) {
  turn_ = std::move(turn);
  handler_ = std::move(handler);
  wait();
}

void Poller::stop() {
  asio::error_code ignored;
  epoll_.close(ignored);
}

void Poller::wait() {
  epoll_.async_wait(asio::posix::stream_descriptor::wait_read, [this](asio::error_code ec) {
    if (ec || !epoll_.is_open()) return;
    turn_([this] { poll(); });
    if (epoll_.is_open()) wait();
  });
}

void Poller::poll() {
  std::array<epoll_event, kBatchMax> events;
  const int count = ::epoll_wait(epoll_.native_handle(), events.data(), kBatchMax, 0);
  for (int i = 0; i < count; ++i) {
    constexpr std::uint32_t kBroken = EPOLLERR | EPOLLHUP;
    const std::uint32_t bits = events[static_cast<std::size_t>(i)].events;
    handler_({events[static_cast<std::size_t>(i)].data.u64,
              (bits & (EPOLLIN | EPOLLRDHUP | kBroken)) != 0, (bits & (EPOLLOUT | kBroken)) != 0,
              (bits & (EPOLLRDHUP | kBroken)) != 0});
  }
}

}  // namespace crier::dataplane
