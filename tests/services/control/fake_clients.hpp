#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "services/control/clients.hpp"

namespace crier::services::control {

// A data plane of plain values. Answers wait until answer_one() or answer_all(), or, once
// answer_from_thread() was called, come from a thread of the fake's. Safe from any thread.
class FakeClients final : public Clients {
 public:
  explicit FakeClients(std::uint64_t incarnation = kIncarnation) : incarnation_(incarnation) {}
  ~FakeClients() override;

  // The model.
  dataplane::ClientId add(dataplane::ListenerIndex listener = 0);
  void remove(const dataplane::ClientId& id);

  // What the next broadcasts are told; kAccepted once used up.
  void refuse_next(dataplane::Submit submit, int times = 1);
  // While overloaded every broadcast is refused; set_ready() ends it and tells who waits.
  void set_overloaded();
  void set_ready();

  bool answer_one();  // returns whether there was one to give
  void answer_all();
  void answer_from_thread();
  // Gives what is left to give and ends the thread. Idempotent.
  void stop_answering();
  // Between these two the fake's thread gives no answer.
  void hold_answers();
  void release_answers();

  // Broadcasts accepted so far, in order; validate_only ones too.
  [[nodiscard]] std::vector<dataplane::Broadcast> sent() const;
  [[nodiscard]] std::size_t sent_count() const;
  [[nodiscard]] std::vector<dataplane::DisconnectRequest> disconnects() const;

  dataplane::Submit broadcast(const dataplane::Broadcast& broadcast,
                              dataplane::BroadcastDone done) override;
  void when_ready(std::function<void()> ready) override;
  void list(const dataplane::ListRequest& request,
            std::function<void(dataplane::ListPage)> done) override;
  [[nodiscard]] std::uint64_t count(
      std::optional<dataplane::ListenerIndex> listener) const override;
  void get(const dataplane::ClientId& id,
           std::function<void(std::optional<dataplane::ClientInfo>)> done) override;
  void disconnect(dataplane::DisconnectRequest request,
                  std::function<void(dataplane::DisconnectResult)> done) override;
  [[nodiscard]] std::uint64_t incarnation() const override { return incarnation_; }

  static constexpr std::uint64_t kIncarnation = 0xabcdef0123456;

 private:
  const std::uint64_t incarnation_;

  void later(std::function<void()> answer);
  void run();

  mutable std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::map<std::uint32_t, dataplane::ClientInfo> clients_;  // by slot
  std::uint32_t next_slot_ = 0;
  std::deque<dataplane::Submit> refusals_;
  bool overloaded_ = false;
  std::vector<std::function<void()>> waiting_;
  std::deque<std::function<void()>> answers_;
  std::vector<dataplane::Broadcast> sent_;
  std::vector<dataplane::DisconnectRequest> disconnects_;
  bool held_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace crier::services::control
