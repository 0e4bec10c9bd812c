#include "tests/dataplane/model/shard_harness.hpp"

#include <algorithm>
#include <utility>

namespace crier::testing {

using namespace dataplane;

ShardHarness::ShardHarness(const std::vector<ListenerConfig>& configs,
                           std::unique_ptr<Processor> processor, std::uint64_t max_queue_memory)
    : queue_memory(max_queue_memory), fanout_(shard, table, [](const BroadcastJobPtr& job) {
        if (!job->finish_part()) return;
        job->answer();
        job->settle_frames();
      }) {
  shard.incarnation = 7;
  shard.now = Clock::now();
  std::vector<Encoding> encodings;
  for (const ListenerConfig& config : configs) {
    auto own = processor ? std::move(processor) : make_processor(config);
    listeners.push_back(std::make_unique<ListenerContext>(
        static_cast<ListenerIndex>(listeners.size()), config, std::move(own)));
    encodings.push_back(listeners.back()->encoding);
  }
  encoder_ = std::make_unique<Encoder>(std::move(encodings), queue_memory);
}

ShardHarness::~ShardHarness() {
  for (std::uint32_t slot = 0; slot < table.slots(); ++slot) {
    if (Connection* c = table.at(slot)) c->close(CloseReason::kHardStop);
  }
  end_turn();
  run();
}

int ShardHarness::connect(std::size_t listener, std::unique_ptr<Session> session,
                          std::string_view input) {
  const int fd = next_fd();
  listeners[listener]->connections.fetch_add(1);
  Connection& connection = table.add(*listeners[listener], fd, PeerAddress(), std::move(session));
  ids_.push_back(connection.id());
  connection.start(input);
  return fd;
}

Connection* ShardHarness::connection(int fd) {
  return table.find(ids_.at(fd));
}

std::shared_ptr<BroadcastResult> ShardHarness::broadcast(Broadcast broadcast) {
  auto result = std::make_shared<BroadcastResult>();
  auto job = std::make_shared<BroadcastJob>(
      1, [result](const BroadcastResult& answer) { *result = answer; });
  job->listener = broadcast.target.listener;
  job->overflow = broadcast.overflow;
  job->source = broadcast.source;
  job->validate_only = broadcast.validate_only;
  (void)encoder_->fill(*job, broadcast.payload);
  std::sort(broadcast.target.except.begin(), broadcast.target.except.end());
  job->parts[0].except = broadcast.target.except;
  if (broadcast.target.only) {
    job->narrow = true;
    job->parts[0].only = *broadcast.target.only;
  }
  job->expect_parts(1);
  fanout_.add({std::move(job)});
  return result;
}

void ShardHarness::step() {
  if (!fanout_.idle()) fanout_.step();
  end_turn();
}

void ShardHarness::run() {
  while (!fanout_.idle()) step();
}

void ShardHarness::client_sends(int fd, const std::string& bytes) {
  sockets[fd].to_read += bytes;
  if (Connection* c = connection(fd)) c->on_ready(true, false);
  end_turn();
}

void ShardHarness::client_ends(int fd) {
  client_sends_last(fd, "");
}

void ShardHarness::client_sends_last(int fd, const std::string& bytes) {
  sockets[fd].to_read += bytes;
  sockets[fd].fin = true;
  if (Connection* c = connection(fd)) {
    c->on_peer_finished();
    c->on_ready(true, false);
  }
  end_turn();
}

void ShardHarness::client_breaks(int fd, int error) {
  sockets[fd].broken = error;
  if (Connection* c = connection(fd)) c->on_ready(true, true);
  end_turn();
}

void ShardHarness::client_reads(int fd, std::size_t bytes) {
  auto& window = sockets[fd].window;
  const bool unlimited = bytes == ScriptedSockets::kUnlimited;
  if (window != ScriptedSockets::kUnlimited) window = unlimited ? bytes : window + bytes;
  if (Connection* c = connection(fd)) c->on_ready(false, true);
  end_turn();
}

void ShardHarness::advance(std::chrono::milliseconds time) {
  shard.now += time;
  shard.deadlines.expire(shard.now, [this](std::uint32_t slot) {
    if (Connection* c = table.at(slot)) c->on_deadline();
  });
  end_turn();
}

void ShardHarness::end_turn() {
  serve_readable();
  for (const std::uint32_t slot : shard.ended) {
    gone.push_back(table.at(slot)->info_now(false));
    table.remove(slot);
  }
  shard.ended.clear();
}

void ShardHarness::serve_readable() {
  while (!shard.readable.empty()) {
    for (const auto& handle : std::exchange(shard.readable, {})) {
      if (Connection* c = table.find(handle.slot, handle.serial)) c->on_turn();
    }
  }
}

Submit ShardHarness::relay(ListenerIndex, const ClientId&, std::string_view payload) {
  if (relay_answer == Submit::kAccepted) relayed.emplace_back(payload);
  return relay_answer;
}

void ShardHarness::node_has_room() {
  relay_answer = Submit::kAccepted;
  for (const auto& handle : std::exchange(shard.awaiting_node, {})) {
    if (Connection* c = table.find(handle.slot, handle.serial)) c->on_node_room();
  }
  end_turn();
}

void ShardHarness::complete_reply(const ClientId& client, std::uint64_t sequence,
                                  std::optional<std::string> payload) {
  if (Connection* c = table.find(client)) c->on_reply(sequence, std::move(payload));
  end_turn();
}

}  // namespace crier::testing
