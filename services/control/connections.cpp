#include "services/control/connections.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace crier::services::control {
namespace {

// So that ends of connections are noticed between them.
constexpr int kAcceptsAtOnce = 64;
constexpr std::chrono::milliseconds kRest{100};

bool is_about_one_connection(int error) {
  return error != EMFILE && error != ENFILE && error != ENOBUFS && error != ENOMEM;
}

void close_if_open(int& fd) {
  if (fd >= 0) close(std::exchange(fd, -1));
}

}  // namespace

ListenAddress Connections::listen(const std::string& address) {
  auto [bound, fd] = open_listener(address);
  listener_ = fd;
  return bound;
}

void Connections::start(TakeOver take_over) {
  take_over_ = std::move(take_over);
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  stop_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (epoll_ < 0 || stop_ < 0) {
    throw std::system_error(errno, std::generic_category(), "the control API cannot listen");
  }
  watch(EPOLL_CTL_ADD, listener_, EPOLLIN);
  watch(EPOLL_CTL_ADD, stop_, EPOLLIN);
  thread_ = std::thread([this] { run(); });
}

void Connections::stop() {
  if (thread_.joinable()) {
    const std::uint64_t one = 1;
    (void)!write(stop_, &one, sizeof one);
    thread_.join();
  }
  for (const int fd : open_) {
    close(fd);
    stats_.connection_closed();
  }
  open_.clear();
  for (int* fd : {&listener_, &epoll_, &stop_}) close_if_open(*fd);
}

void Connections::run() {
  std::array<epoll_event, kAcceptsAtOnce> events{};
  for (;;) {
    const int timeout = rests_until_ ? static_cast<int>(kRest.count()) : -1;
    const int count = epoll_wait(epoll_, events.data(), kAcceptsAtOnce, timeout);
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      if (event.data.fd == stop_) return;
      take(event);
    }
    if (rests_until_ && Clock::now() >= *rests_until_) {
      rests_until_.reset();
      watch(EPOLL_CTL_MOD, listener_, EPOLLIN);
    }
  }
}

void Connections::take(const epoll_event& event) {
  const int fd = event.data.fd;
  if (fd == listener_) {
    accept_some();
    return;
  }
  // Both sides have ended. The first descriptor may still be open and keep this watched.
  watch(EPOLL_CTL_DEL, fd, 0);
  open_.erase(fd);
  close(fd);
  stats_.connection_closed();
}

void Connections::accept_some() {
  for (int i = 0; i < kAcceptsAtOnce; ++i) {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
      if (errno == EAGAIN) return;
      if (is_about_one_connection(errno)) continue;
      rest();
      return;
    }
    if (open_.size() >= connections_max_) {
      stats_.connection_rejected();
      close(fd);
    } else if (!admit(fd)) {
      rest();
      return;
    }
  }
}

bool Connections::admit(int fd) {
  const int second = fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (second < 0) {
    stats_.connection_rejected();
    close(fd);
    return false;
  }
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  open_.insert(second);
  stats_.connection_opened();
  watch(EPOLL_CTL_ADD, second, 0);  // the end alone, of which epoll always tells
  take_over_(fd);
  return true;
}

// Those that wait stay in the kernel's backlog.
void Connections::rest() {
  rests_until_ = Clock::now() + kRest;
  watch(EPOLL_CTL_MOD, listener_, 0);
}

void Connections::watch(int operation, int fd, std::uint32_t events) const {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  epoll_ctl(epoll_, operation, fd, &event);
}

}  // namespace crier::services::control
