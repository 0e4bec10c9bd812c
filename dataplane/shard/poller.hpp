#pragma once

#include <array>
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <cstdint>
#include <functional>

namespace crier::dataplane {

// Tells which client sockets have become readable or writable: one epoll set for all of a shard,
// itself watched by the shard's io_context as a single descriptor. A socket is registered once and
// edge-triggered, and costs no memory of ours; an Asio socket would take about 300 bytes for its
// reactor state and pending operations. Shard thread only.
class Poller {
 public:
  struct Event {
    std::uint64_t token = 0;
    bool readable = false;  // or at its end, or broken
    bool writable = false;  // or broken
    bool finished = false;  // the peer will send nothing more
  };
  using Handler = std::function<void(const Event&)>;

  explicit Poller(asio::io_context& context);
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  // From now on events of `fd` carry `token`, until `fd` is closed or added again; what is ready
  // already makes one. False where the kernel refuses.
  [[nodiscard]] bool add(int fd, std::uint64_t token);

  // Waits for events and passes them to `handler` within `turn(...)`, for ever or until stop().
  void start(std::function<void(const std::function<void()>&)> turn, Handler handler);
  void stop();

 private:
  static constexpr int kBatchMax = 512;

  void wait();
  void poll();

  asio::posix::stream_descriptor epoll_;
  std::function<void(const std::function<void()>&)> turn_;
  Handler handler_;
};

}  // namespace crier::dataplane
