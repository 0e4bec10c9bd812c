#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dataplane/access/authenticator.hpp"
#include "dataplane/broadcast.hpp"
#include "dataplane/client_id.hpp"
#include "dataplane/client_info.hpp"
#include "dataplane/config.hpp"
#include "dataplane/stats.hpp"
#include "dataplane/tls/tls_context.hpp"

namespace crier::dataplane {

// The only door to the TCP side: everything that services do goes through here.
//
// All methods may be called from any thread, between start() and stop() unless said otherwise.
// Callbacks run on the data plane's own answer thread, one at a time, never inside the call that
// passed them; they must not block. Every accepted call is answered exactly once, at the latest
// by stop().
class Dataplane {
 public:
  // REQUIRES: validate(config) found nothing.
  explicit Dataplane(Config config);
  Dataplane(const Dataplane&) = delete;
  Dataplane& operator=(const Dataplane&) = delete;
  ~Dataplane();  // calls stop()

  // Tells of every client that has gone. Unlike all other callbacks this one runs on the shards'
  // threads, several at a time: it must be quick. REQUIRES: before start().
  void on_closed(std::function<void(const ClosedClient&)> closed);

  // Tells of every connection that was closed before it became a client. The same holds for it.
  void on_rejected(const std::function<void(const RejectedClient&)>& rejected);

  // Whom a listener lets in. REQUIRES: before start(), for each with an authentication.
  void use_authenticator(ListenerIndex listener, std::shared_ptr<Authenticator> authenticator);

  // What a listener with TLS speaks it with. REQUIRES: once before start(); later as often as
  // certificates change: connections keep what they began with.
  void use_tls(ListenerIndex listener, TlsContextPtr context);

  // Raises the open-file limit, binds every listener and starts the shards. Throws
  // std::system_error or std::runtime_error with a sentence for people; then nothing is left
  // running.
  void start();

  // Closes what is left (CloseReason::kHardStop) and joins every thread. Idempotent.
  void stop();

  struct Listener {
    std::string name;
    std::string address;  // as bound: the port is never 0
  };
  [[nodiscard]] std::vector<Listener> listeners() const;
  [[nodiscard]] std::optional<ListenerIndex> find_listener(std::string_view name) const;
  [[nodiscard]] std::uint64_t incarnation() const;

  // Starts a broadcast. After kAccepted `done` is called once; after anything else never.
  // Clients see accepted broadcasts in the order in which this accepted them.
  [[nodiscard]] Submit broadcast(const Broadcast& broadcast, BroadcastDone done);

  // Calls `ready` once, when a broadcast that was refused as kOverloaded or kMemoryFull is worth
  // trying again.
  void when_ready(std::function<void()> ready);

  // One page, in the order of shard and slot; costs O(page), see ListRequest::scan_max.
  void list(ListRequest request, std::function<void(ListPage)> done);
  // Clients there are now: all, or those of one listener.
  [[nodiscard]] std::uint64_t clients(std::optional<ListenerIndex> listener = {}) const;
  void get(const ClientId& id, std::function<void(std::optional<ClientInfo>)> done);
  void disconnect(DisconnectRequest request, std::function<void(DisconnectResult)> done);

  // Takes what waits in the backlogs, then closes the listeners; calls `done` when they are closed.
  void stop_accepting(std::function<void()> done);
  // Closes every client (CloseReason::kDrain), each at a random moment within `spread`, after
  // sending what it has queued within `flush`; calls `empty` when the last one has gone.
  void drain(std::chrono::milliseconds spread, std::chrono::milliseconds flush,
             std::function<void()> empty);
  // Closes every client now, without sending what is queued (CloseReason::kHardStop).
  void close_all();

  // Also after stop().
  [[nodiscard]] Stats stats() const;
  // Since the shard that is most behind last ran its timer; the base of liveness.
  [[nodiscard]] std::chrono::milliseconds oldest_tick() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace crier::dataplane
