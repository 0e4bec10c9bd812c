#include "dataplane/connection/ring_sockets.hpp"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace crier::dataplane {
namespace {

// Below this, plain calls cost no more.
constexpr std::size_t kWorthARing = 4;
// The result of a send that has none yet.
constexpr int kUnanswered = -1;

}  // namespace

std::unique_ptr<RingSockets> RingSockets::make() {
  io_uring ring{};
  io_uring_params params{};
  // One thread submits, and completions are worked off when that thread asks for them. Disabled at
  // first, because the kernel takes whoever enables the ring for that one thread.
  params.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_R_DISABLED;
  if (io_uring_queue_init_params(kSendsMax, &ring, &params) != 0) return nullptr;
  return std::unique_ptr<RingSockets>(new RingSockets(ring));
}

RingSockets::~RingSockets() {
  give_up();
}

void RingSockets::send_all(std::span<Send> sends) {
  if (sends.size() < kWorthARing || !ready()) {
    SystemSockets::send_all(sends);
    return;
  }
  queue(sends);
  // A send that must not wait is done when its submission returns, so this loop turns once.
  for (std::size_t answered = 0; answered < sends.size();) {
    const int submitted = io_uring_submit_and_wait(&ring_, 1);
    if (submitted < 0 && submitted != -EINTR) {
      give_up();
      break;
    }
    answered += reap(sends);
  }
  for (Send& each : sends) {
    if (each.result.error == kUnanswered || each.result.error == EINTR) {
      each.result = send(each.fd, {&each.from, 1});
    }
  }
}

bool RingSockets::ready() {
  if (uses_ring() && !enabled_) {
    // liburing 2.3 declares a function for this and does not export it.
    enabled_ = ::syscall(SYS_io_uring_register, ring_.ring_fd, IORING_REGISTER_ENABLE_RINGS,
                         nullptr, 0) == 0;
    if (!enabled_) give_up();
  }
  return uses_ring();
}

void RingSockets::queue(std::span<Send> sends) {
  for (std::size_t i = 0; i < sends.size(); ++i) {
    Send& each = sends[i];
    each.result = {0, kUnanswered};
    io_uring_sqe* entry = io_uring_get_sqe(&ring_);  // there are kSendsMax of them
    io_uring_prep_send(entry, each.fd, each.from.iov_base, each.from.iov_len,
                       MSG_DONTWAIT | MSG_NOSIGNAL);
    io_uring_sqe_set_data64(entry, i);
  }
}

// How many sends have been answered since the last call.
std::size_t RingSockets::reap(std::span<Send> sends) {
  unsigned head = 0;
  unsigned count = 0;
  io_uring_cqe* completion = nullptr;
  io_uring_for_each_cqe(&ring_, head, completion) {
    const int result = completion->res;
    sends[io_uring_cqe_get_data64(completion)].result =
        result < 0 ? Result{0, -result} : Result{static_cast<std::size_t>(result), 0};
    ++count;
  }
  io_uring_cq_advance(&ring_, count);
  return count;
}

// What was queued and not submitted goes with the ring.
void RingSockets::give_up() {
  if (usable_.exchange(false, std::memory_order_relaxed)) io_uring_queue_exit(&ring_);
}

}  // namespace crier::dataplane
