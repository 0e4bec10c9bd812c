#include "services/logging/line_writer.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <mutex>
#include <string_view>
#include <system_error>

namespace crier::services::logging {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

struct LineWriter::State {
  State(int out_fd, Limits queue_limits, milliseconds interval)
      : fd(out_fd),
        limits(queue_limits),
        tick_interval(interval),
        abandon_fd(eventfd(0, EFD_CLOEXEC)) {
    if (abandon_fd < 0) {
      throw std::system_error(errno, std::generic_category(), "eventfd");
    }
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { close(abandon_fd); }

  void run(const std::function<void()>& tick);
  // False: the descriptor takes nothing more, or stop() gave up waiting.
  bool write_all(std::string_view bytes);
  bool wait_writable();

  // Constant after construction.
  const int fd;
  const Limits limits;
  const milliseconds tick_interval;
  const int abandon_fd;  // readable: stop writing at once

  std::atomic<std::uint64_t> dropped{0};
  std::mutex mutex;
  std::condition_variable changed;
  // Guarded by `mutex`.
  std::deque<std::string> lines;
  std::size_t bytes = 0;
  bool stopping = false;
  bool writing = false;
  bool done = false;
};

bool LineWriter::State::wait_writable() {
  std::array<pollfd, 2> fds = {{{fd, POLLOUT, 0}, {abandon_fd, POLLIN, 0}}};
  while (true) {
    if (poll(fds.data(), fds.size(), -1) < 0) {
      if (errno == EINTR) {
        continue;
      }
      return false;
    }
    return fds[1].revents == 0 && (fds[0].revents & POLLOUT) != 0;
  }
}

bool LineWriter::State::write_all(std::string_view bytes_left) {
  while (!bytes_left.empty()) {
    if (!wait_writable()) {
      return false;
    }
    // A pipe that polls as writable takes PIPE_BUF bytes without blocking. The descriptor may be
    // shared with other processes, so making it non-blocking is not ours to do.
    const std::size_t chunk = std::min<std::size_t>(bytes_left.size(), PIPE_BUF);
    const ssize_t written = write(fd, bytes_left.data(), chunk);
    if (written < 0) {
      if (errno == EINTR || errno == EAGAIN) {
        continue;
      }
      return false;
    }
    bytes_left.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

void LineWriter::State::run(const std::function<void()>& tick) {
  // A reader that went away must cost lines, not the process.
  sigset_t pipe_signal;
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe_signal, nullptr);

  auto next_tick = steady_clock::now() + tick_interval;
  std::unique_lock lock(mutex);
  while (true) {
    changed.wait_until(lock, next_tick, [this] { return stopping || !lines.empty(); });
    if (steady_clock::now() >= next_tick && !stopping) {
      next_tick = steady_clock::now() + tick_interval;
      lock.unlock();
      tick();
      lock.lock();
    }
    if (lines.empty()) {
      if (stopping) {
        break;
      }
      continue;
    }
    const std::string line = std::move(lines.front());
    lines.pop_front();
    bytes -= line.size();
    writing = true;
    lock.unlock();
    const bool written = write_all(line);
    lock.lock();
    writing = false;
    if (!written) {
      dropped += 1 + lines.size();
      lines.clear();
      bytes = 0;
    }
  }
  done = true;
  changed.notify_all();
}

LineWriter::LineWriter(int fd, Limits limits, milliseconds tick_interval,
                       std::function<void()> tick)
    : state_(std::make_shared<State>(fd, limits, tick_interval)),
      thread_([state = state_, tick = std::move(tick)] { state->run(tick); }) {}

LineWriter::~LineWriter() {
  stop(milliseconds(0));
}

void LineWriter::push(std::string line) {
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->stopping || state_->lines.size() >= state_->limits.lines_max ||
        line.size() > state_->limits.bytes_max - state_->bytes) {
      ++state_->dropped;
      return;
    }
    state_->bytes += line.size();
    state_->lines.push_back(std::move(line));
  }
  state_->changed.notify_one();
}

void LineWriter::stop(milliseconds timeout) {
  if (!thread_.joinable()) {
    return;
  }
  std::unique_lock lock(state_->mutex);
  state_->stopping = true;
  state_->changed.notify_all();
  const auto is_done = [this] { return state_->done; };
  if (!state_->changed.wait_for(lock, timeout, is_done)) {
    eventfd_write(state_->abandon_fd, 1);
    // The thread answers at once unless it is inside write(), which nothing can end.
    constexpr milliseconds kAbandonWait{100};
    state_->changed.wait_for(lock, kAbandonWait, is_done);
  }
  // Only there may it be left behind: anywhere else it ends by itself, and may be inside tick().
  const bool stuck = state_->writing;
  lock.unlock();
  if (stuck) {
    thread_.detach();
  } else {
    thread_.join();
  }
}

std::uint64_t LineWriter::dropped() const {
  return state_->dropped.load();
}

}  // namespace crier::services::logging
