#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace crier::services::logging {

// A bounded queue of lines and one thread that writes them to a descriptor. push() never waits for
// the reader of that descriptor: what does not fit is dropped and counted, the newest first, as
// the beginning of a trouble tells most.
//
// Not spdlog's thread pool, because ending that waits for the write in progress without a bound.
class LineWriter {
 public:
  struct Limits {
    std::size_t lines_max;
    std::size_t bytes_max;
  };

  // `tick` is called by the thread about once per `tick_interval`; it may push().
  LineWriter(int fd, Limits limits, std::chrono::milliseconds tick_interval,
             std::function<void()> tick);
  LineWriter(const LineWriter&) = delete;
  LineWriter& operator=(const LineWriter&) = delete;
  ~LineWriter();  // stop(0 s)

  // Any thread. `line` ends with a newline.
  void push(std::string line);

  // Writes what is queued within `timeout`; the rest is dropped and counted. Idempotent. Where a
  // write does not return even then, the thread is left behind; it touches nothing but its own
  // state and the descriptor.
  void stop(std::chrono::milliseconds timeout);

  // Lines that were not written; each line is counted once.
  [[nodiscard]] std::uint64_t dropped() const;

 private:
  struct State;

  std::shared_ptr<State> state_;  // shared with the thread, which may outlive this object
  std::thread thread_;
};

}  // namespace crier::services::logging
