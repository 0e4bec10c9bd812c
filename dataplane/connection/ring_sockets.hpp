#pragma once

#include <liburing.h>

#include <atomic>
#include <memory>

#include "dataplane/connection/system_sockets.hpp"

namespace crier::dataplane {

// The kernel's sockets, with an io_uring of one shard's own for sending to many of them: up to
// kSendsMax sends with one system call. Everything else is as in SystemSockets.
//
// The ring belongs to the thread that first calls send_all(). Should it ever fail, what it was
// given and all that follows is sent without it.
class RingSockets final : public SystemSockets {
 public:
  // Null where the kernel has no such ring or does not let us have one: too old, switched off, or
  // refused by a container's seccomp profile.
  [[nodiscard]] static std::unique_ptr<RingSockets> make();

  RingSockets(const RingSockets&) = delete;
  RingSockets& operator=(const RingSockets&) = delete;
  ~RingSockets() override;

  void send_all(std::span<Send> sends) override;
  [[nodiscard]] bool uses_ring() const override { return usable_.load(std::memory_order_relaxed); }

 private:
  explicit RingSockets(const io_uring& ring) : ring_(ring) {}

  [[nodiscard]] bool ready();
  void queue(std::span<Send> sends);
  [[nodiscard]] std::size_t reap(std::span<Send> sends);
  void give_up();

  io_uring ring_;
  bool enabled_ = false;
  std::atomic<bool> usable_{true};
};

}  // namespace crier::dataplane
