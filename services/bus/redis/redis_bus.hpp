#pragma once

#include <asio/io_context.hpp>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "services/bus/bus.hpp"
#include "services/bus/redis/options.hpp"

namespace crier::services::bus::redis {

class Core;

// The bus over Redis, or whatever speaks its protocol.
//
// A session is two connections, in Mode::kStream three, dialled and dropped together; after a loss
// the next one is dialled, for ever. The bus is up from the moment when a probe of this session has
// gone through Redis and come back (through the stream too, where there is one), until the session
// is lost; a probe every probe_interval that does not come back within probe_timeout is a loss.
//
// What is published while it is not up is told kDown. In Mode::kStream, Lane::kOrdered is queued
// instead and told kUnconfirmed at once; what Redis has not confirmed when a session is lost is
// sent again in the next, so it may arrive twice. On every other path nothing is sent twice. A
// message that Redis refuses is told kDown. One larger than max_message_bytes, and one that finds
// the backlog full, is told kBacklogFull; into an empty backlog one message fits always.
//
// Over Pub/Sub a message does not say its lane: the receiver is told Lane::kDirect for it, so in
// Mode::kPubSub for every message.
class RedisBus final : public Bus {
 public:
  // Sentences for the log: connected, lost and why, refused. On the bus's thread, never a password,
  // one line each, a few for each attempt to connect.
  using Log = std::function<void(const std::string& sentence)>;

  // `io` outlives the bus, and is run by exactly one thread from start() until stop() has returned.
  // REQUIRES an endpoint and a node other than kEveryone.
  RedisBus(asio::io_context& io, Options options, Log log = nullptr);
  RedisBus(const RedisBus&) = delete;
  RedisBus& operator=(const RedisBus&) = delete;
  ~RedisBus() override;

  // Once, from any thread; nothing after stop().
  void start(Receiver& receiver) override;
  // Waits at most about a second for what waits to be confirmed. From any thread but the bus's.
  // What was published before start() and never started is told kDown on the calling thread. What
  // is published after stop() has returned is forgotten, and its `done` not called.
  void stop() override;
  void publish(Lane lane, std::uint64_t to, std::string bytes, Done done) override;
  void resume() override;
  [[nodiscard]] bool up() const override;
  [[nodiscard]] bool one_path() const override;
  [[nodiscard]] Stats stats() const override;

 private:
  asio::io_context& io_;
  const std::shared_ptr<Core> core_;  // handlers under way may outlive the bus
  std::atomic<bool> started_{false};
  std::mutex stop_mutex_;
  bool stopped_ = false;
};

}  // namespace crier::services::bus::redis
