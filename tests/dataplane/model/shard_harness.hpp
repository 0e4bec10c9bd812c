#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dataplane/fanout/fanout.hpp"
#include "dataplane/node/encoder.hpp"
#include "dataplane/processors/registry.hpp"
#include "dataplane/shard/connection_table.hpp"
#include "tests/support/scripted_sockets.hpp"

namespace crier::testing {

// A shard without its thread, its timer and its sockets: connections, fan-out and accounting, moved
// by hand, over scripted sockets.
class ShardHarness : private dataplane::NodePort {
 public:
  explicit ShardHarness(const std::vector<dataplane::ListenerConfig>& listeners,
                        std::unique_ptr<dataplane::Processor> processor = nullptr,
                        std::uint64_t max_queue_memory = 0);
  ~ShardHarness() override;

  // The new client's descriptor, by which it goes here.
  // `input`: what it has sent before it became a client.
  int connect(std::size_t listener = 0, std::unique_ptr<dataplane::Session> session = nullptr,
              std::string_view input = {});
  [[nodiscard]] int next_fd() const { return static_cast<int>(ids_.size()); }
  [[nodiscard]] dataplane::Connection* connection(int fd);
  [[nodiscard]] dataplane::ClientId id(int fd) const { return ids_.at(fd); }
  [[nodiscard]] const std::vector<dataplane::ClientId>& ids() const { return ids_; }

  // Submits; step() or run() carries it out.
  std::shared_ptr<dataplane::BroadcastResult> broadcast(dataplane::Broadcast broadcast);
  void step();
  void run();  // until the fan-out is idle

  void client_sends(int fd, const std::string& bytes);
  void client_ends(int fd);                                  // FIN
  void client_sends_last(int fd, const std::string& bytes);  // with the FIN right behind
  void client_breaks(int fd, int error);
  // The client has read: `bytes` more fit into the kernel.
  void client_reads(int fd, std::size_t bytes);
  void node_has_room();
  void advance(std::chrono::milliseconds time);
  void end_turn();

  ScriptedSockets sockets;
  dataplane::MemoryBudget partial_memory{1U << 20U};
  dataplane::QueueMemory queue_memory;
  dataplane::ShardContext shard{sockets, *this, partial_memory, queue_memory};
  std::vector<std::unique_ptr<dataplane::ListenerContext>> listeners;
  dataplane::ConnectionTable table{shard};
  dataplane::Submit relay_answer = dataplane::Submit::kAccepted;
  std::vector<std::string> relayed;
  std::vector<dataplane::ClientInfo> gone;  // as they were when they ended
  std::vector<dataplane::ClosedClient> closed;

 private:
  dataplane::Submit relay(dataplane::ListenerIndex, const dataplane::ClientId&,
                          std::string_view payload) override;
  void complete_reply(const dataplane::ClientId& client, std::uint64_t sequence,
                      std::optional<std::string> payload) override;
  void on_closed(const dataplane::ClosedClient& client) override { closed.push_back(client); }
  void serve_readable();

  std::unique_ptr<dataplane::Encoder> encoder_;
  dataplane::Fanout fanout_;
  std::vector<dataplane::ClientId> ids_;  // by descriptor
};

}  // namespace crier::testing
