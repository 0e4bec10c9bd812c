#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "dataplane/dataplane.hpp"
#include "tests/support/deadline.hpp"
#include "tests/support/tcp_client.hpp"

namespace crier::testing {

// Listeners for tests: on a free loopback port.
[[nodiscard]] dataplane::ListenerConfig loopback_listener(std::string name = "default",
                                                          std::string processor = "discard",
                                                          dataplane::FramingConfig framing = {});
// Two shards, so that whatever crosses shards does.
[[nodiscard]] dataplane::Config config_of(std::vector<dataplane::ListenerConfig> listeners);

[[nodiscard]] std::uint64_t total(const dataplane::DropCounts& counts);
// Of one end only, or of all ends.
[[nodiscard]] std::uint64_t closed(const dataplane::Stats& stats, dataplane::CloseReason reason);
[[nodiscard]] std::uint64_t closed(const dataplane::Stats& stats);
// What breaks offered = sent + dropped + discarded + queued, in words; empty where it holds.
[[nodiscard]] std::string conservation_problem(const dataplane::Stats& stats);

// The answer of a call that answers through a callback.
template <class T>
class Answer {
 public:
  [[nodiscard]] auto callback() {
    return [promise = promise_](T value) { promise->set_value(std::move(value)); };
  }
  // Waits for it; throws where it does not come.
  [[nodiscard]] T get() {
    if (!ready_in(kPatience)) throw std::runtime_error("no answer in time");
    return future_.get();
  }
  [[nodiscard]] bool ready() const { return ready_in(std::chrono::seconds(0)); }

 private:
  [[nodiscard]] bool ready_in(std::chrono::seconds patience) const {
    return future_.wait_for(patience) == std::future_status::ready;
  }

  std::shared_ptr<std::promise<T>> promise_ = std::make_shared<std::promise<T>>();
  std::future<T> future_ = promise_->get_future();
};

// A started data plane with calls that wait for their answers. Throws where one does not come.
class RunningDataplane {
 public:
  // `prepare`: what is to be done before the start.
  using Prepare = std::function<void(dataplane::Dataplane&)>;
  explicit RunningDataplane(const dataplane::Config& config, const Prepare& prepare = {});
  RunningDataplane(const RunningDataplane&) = delete;
  RunningDataplane& operator=(const RunningDataplane&) = delete;

  dataplane::Dataplane* operator->() { return &dataplane_; }
  dataplane::Dataplane& operator*() { return dataplane_; }
  [[nodiscard]] std::string address(std::size_t listener = 0) const;

  // Connects, and returns when the client is active: from now on it is in every broadcast.
  [[nodiscard]] std::unique_ptr<TcpClient> connect(std::size_t listener = 0,
                                                   TcpClient::Options options = {});
  [[nodiscard]] std::vector<std::unique_ptr<TcpClient>> connect(std::size_t listener,
                                                                std::size_t count);
  // Waits until the shards hold exactly so many connections.
  void await_connections(std::uint64_t count);
  void await_closed(dataplane::CloseReason reason, std::uint64_t count = 1);
  // Waits until `condition` holds for the numbers.
  void await_stats(const std::function<bool(const dataplane::Stats&)>& condition);

  [[nodiscard]] dataplane::BroadcastResult broadcast(const dataplane::Broadcast& broadcast);
  [[nodiscard]] dataplane::BroadcastResult broadcast(std::string payload,
                                                     dataplane::Target target = {});
  [[nodiscard]] dataplane::ListPage list(dataplane::ListRequest request);
  [[nodiscard]] std::vector<dataplane::ClientInfo> list_all(dataplane::ListRequest request = {});
  [[nodiscard]] std::optional<dataplane::ClientInfo> get(const dataplane::ClientId& id);
  [[nodiscard]] dataplane::ClientId id_of(const TcpClient& client);
  [[nodiscard]] dataplane::DisconnectResult disconnect(dataplane::DisconnectRequest request);
  void stop_accepting();

 private:
  dataplane::Dataplane dataplane_;
};

}  // namespace crier::testing
