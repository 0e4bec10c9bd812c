#pragma once

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <functional>

namespace crier::services::app {

// Keeps SIGTERM, SIGINT and SIGHUP for Signals and ignores SIGPIPE. Call before any thread starts:
// threads inherit it. A blocked signal stays pending, also in a process with id 1, for which the
// kernel otherwise drops signals without a handler.
void block_signals();

// Reads the signals that block_signals() keeps, on the loop's thread.
class Signals {
 public:
  // `on_signal` gets the signal's number. REQUIRES: block_signals(). Throws std::system_error.
  Signals(asio::io_context& loop, std::function<void(int)> on_signal);
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  void wait();

  const std::function<void(int)> on_signal_;
  asio::posix::basic_stream_descriptor<asio::io_context::executor_type> descriptor_;
};

}  // namespace crier::services::app
