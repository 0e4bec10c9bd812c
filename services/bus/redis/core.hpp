#pragma once

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "services/bus/bus.hpp"
#include "services/bus/redis/backoff.hpp"
#include "services/bus/redis/dial.hpp"
#include "services/bus/redis/intake.hpp"
#include "services/bus/redis/meter.hpp"
#include "services/bus/redis/names.hpp"
#include "services/bus/redis/options.hpp"
#include "services/bus/redis/outbox.hpp"
#include "services/bus/redis/probe.hpp"
#include "services/bus/redis/session.hpp"

namespace crier::services::bus::redis {

// What RedisBus does on its loop: dial, keep a session, prove it, lose it, wait, dial again.
class Core final : public std::enable_shared_from_this<Core>, private Session::Events {
 public:
  using Clock = std::chrono::steady_clock;
  using Log = std::function<void(const std::string&)>;

  // Commands for one write: enough to make the system call cheap, little enough to bound what is
  // in doubt when the session ends.
  static constexpr std::size_t kWriteBytes = 256U << 10U;
  // How long stop() waits for confirmations; with closing it stays within a second.
  static constexpr std::chrono::milliseconds kStopWait{800};

  Core(asio::io_context& io, Options options, Log log);
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  // Any thread.
  [[nodiscard]] bool accept(Lane lane, std::uint64_t to, std::string_view bytes, Bus::Done done);
  [[nodiscard]] bool up() const { return up_.load(std::memory_order_relaxed); }
  [[nodiscard]] bool one_path() const { return options_.mode == Mode::kPubSub; }
  [[nodiscard]] Stats stats() const;

  // Where start() never was: ends what was accepted.
  void forget();

  // The loop's thread, from here on.
  void start(Receiver& receiver);
  // `ended` is called when everything is over, last of all.
  void stop(std::function<void()> ended);
  void drain();
  void resume();

 private:
  // The life of a session; core.cpp.
  void dial();
  void on_dialled(Dial::Result result);
  void open(Links links);
  void lose(Loss loss, const std::string& why);
  void close_session();
  void wait_and_dial(const std::string& lost);
  void come_up();
  void end();

  // What goes through it; core_traffic.cpp.
  void on_written() override { pump(); }
  void on_answer(const Reply& reply) override;
  void on_pushed(std::string_view channel, std::string_view bytes) override;
  void on_entry(const StreamEntry& entry) override;
  void on_lost(Loss loss, const std::string& why) override { lose(loss, why); }
  void give(Lane lane, std::string_view bytes);
  void pump();
  void tell(Message& message, Outcome outcome);
  void await_deadline();
  void step_probes();
  void send_probe(Message::Kind kind, std::string command);
  void await_probes();
  [[nodiscard]] std::string append_command(std::uint64_t to, std::string_view field,
                                           std::string_view bytes) const;

  void log(const std::string& sentence);

  // Constant after construction.
  asio::io_context& io_;
  const Options options_;
  const Names names_;
  const Log log_;

  // Any thread.
  Intake intake_;
  Meter meter_;
  std::atomic<bool> up_{false};

  // The loop's thread only.
  Receiver* receiver_ = nullptr;
  Outbox outbox_;
  Backoff backoff_;
  std::size_t next_endpoint_ = 0;
  std::shared_ptr<Dial::History> dials_ = std::make_shared<Dial::History>();
  // At most one of these two; neither while waiting to dial.
  std::shared_ptr<Dial> dial_;
  std::shared_ptr<Session> session_;
  std::optional<Probe> probe_;
  std::optional<Probe> stream_probe_;
  std::optional<StreamId> stream_probe_id_;  // of the one on its way, once Redis has said it
  std::optional<StreamId> position_;         // in the stream, over all sessions
  bool paused_ = false;
  bool refusal_logged_ = false;  // in this session
  bool awaiting_deadline_ = false;
  asio::steady_timer dial_timer_;  // of the dial, or of the wait before the next
  asio::steady_timer probe_timer_;
  asio::steady_timer deadline_timer_;
  asio::steady_timer stop_timer_;
  std::function<void()> ended_;  // set: stopping
  bool over_ = false;
};

}  // namespace crier::services::bus::redis
