#pragma once

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cstddef>

#include "bench/macro/system.hpp"

namespace crier::bench {

// One epoll set; level-triggered, for input.
template <class Watched>
class Poller {
 public:
  Poller() = default;
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;
  ~Poller() { close(epoll_); }

  // A descriptor leaves the set when it is closed.
  void add(int fd, Watched* watched) const {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = watched;
    must(epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
  }
  void remove(int fd) const { must(epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, nullptr), "epoll_ctl"); }

  // Calls ready(Watched*) for each that has input; -1: waits for ever.
  template <class Ready>
  void wait(int timeout_ms, Ready ready) {
    const int count =
        epoll_wait(epoll_, events_.data(), static_cast<int>(events_.size()), timeout_ms);
    for (int i = 0; i < count; ++i) {
      ready(static_cast<Watched*>(events_[static_cast<std::size_t>(i)].data.ptr));
    }
  }

 private:
  int epoll_ = must(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
  std::array<epoll_event, 512> events_{};
};

}  // namespace crier::bench
