#pragma once

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "services/bus/redis/redis_bus.hpp"

namespace crier::services::bus::redis {

// At 127.0.0.1, with short times, except that probes are not lost within the patience of a test.
[[nodiscard]] Options options_for(std::uint64_t node, std::uint16_t port,
                                  Mode mode = Mode::kPubSub);

// A bus with its loop and a receiver that keeps everything. Waits throw where nothing comes.
class RunningBus : private Receiver {
 public:
  explicit RunningBus(Options options, bool started = true);
  RunningBus(const RunningBus&) = delete;
  RunningBus& operator=(const RunningBus&) = delete;
  ~RunningBus() override;

  RedisBus* operator->() { return &bus_; }
  void start() { bus_.start(*this); }

  // Without a publisher who waits.
  void publish(Lane lane, std::string bytes, std::uint64_t to = kEveryone);
  // Publishes, and waits for what became of it.
  [[nodiscard]] Outcome ask(Lane lane, std::string bytes, std::uint64_t to = kEveryone);

  void await_up();
  void await_down();
  // Up again since it was up `times` times.
  void await_connects(std::uint64_t times);
  void await_loss(Loss loss, std::uint64_t count = 1);
  void await_log(const std::string& part);
  // Until so many messages came; returns all that did.
  std::vector<std::string> await_messages(std::size_t count);
  void await_message(const std::string& bytes);

  [[nodiscard]] std::vector<std::string> messages() const;
  [[nodiscard]] std::vector<Lane> lanes() const;
  [[nodiscard]] std::vector<bool> states() const;
  [[nodiscard]] std::string logged() const;
  [[nodiscard]] std::uint64_t losses(Loss loss) const;

  // From now on each message is answered with false, until the next call of resume().
  void pause_at_each(bool pause) { pause_at_each_ = pause; }
  void resume();
  // Runs `call` on the bus's thread and waits for its end.
  void run_on_loop(const std::function<void()>& call);

 private:
  bool on_message(Lane lane, std::string_view bytes) override;
  void on_state(bool up) override;

  mutable std::mutex mutex_;
  std::vector<std::pair<Lane, std::string>> messages_;
  std::vector<bool> states_;
  std::string logged_;
  std::atomic<bool> pause_at_each_{false};

  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
  RedisBus bus_;
  std::thread thread_;
};

}  // namespace crier::services::bus::redis
