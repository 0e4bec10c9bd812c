#include "services/app/signals.hpp"

#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

namespace crier::services::app {
namespace {

sigset_t kept_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
  return set;
}

int open_signals() {
  const sigset_t set = kept_signals();
  const int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "cannot read signals");
  return fd;
}

}  // namespace

void block_signals() {
  const sigset_t set = kept_signals();
  // A shell's background job or nohup may have left these ignored; an ignored signal never arrives.
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) std::signal(signal, SIG_DFL);
  std::signal(SIGPIPE, SIG_IGN);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

Signals::Signals(asio::io_context& loop, std::function<void(int)> on_signal)
    : on_signal_(std::move(on_signal)), descriptor_(loop.get_executor(), open_signals()) {
  wait();
}

void Signals::wait() {
  descriptor_.async_wait(asio::posix::descriptor_base::wait_read, [this](std::error_code ec) {
    if (ec) return;
    signalfd_siginfo info{};
    while (read(descriptor_.native_handle(), &info, sizeof(info)) == sizeof(info)) {
      on_signal_(static_cast<int>(info.ssi_signo));
    }
    wait();
  });
}

}  // namespace crier::services::app
