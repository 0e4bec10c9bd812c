#include "tests/support/running_dataplane.hpp"

#include <iterator>
#include <numeric>

namespace crier::testing {

using namespace dataplane;  // NOLINT(google-build-using-namespace): the one thing under test

ListenerConfig loopback_listener(std::string name, std::string processor, FramingConfig framing) {
  ListenerConfig listener;
  listener.name = std::move(name);
  listener.address = "127.0.0.1:0";
  listener.processor = std::move(processor);
  listener.framing = framing;
  return listener;
}

Config config_of(std::vector<ListenerConfig> listeners) {
  Config config;
  config.listeners = std::move(listeners);
  config.shards = 2;
  return config;
}

std::uint64_t total(const DropCounts& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

std::uint64_t closed(const Stats& stats, CloseReason reason) {
  return stats.shards.closed[static_cast<std::size_t>(reason)];
}

std::uint64_t closed(const Stats& stats) {
  const auto& all = stats.shards.closed;
  return std::accumulate(all.begin(), all.end(), std::uint64_t{0});
}

std::string conservation_problem(const Stats& stats) {
  const ShardStats& s = stats.shards;
  const auto offered = std::accumulate(s.offered.begin(), s.offered.end(), std::uint64_t{0});
  const auto discarded = std::accumulate(s.discarded.begin(), s.discarded.end(), std::uint64_t{0});
  const auto dropped = total(s.dropped);
  if (offered == s.sent_frames + dropped + discarded + s.queued_frames) return {};
  return "offered " + std::to_string(offered) + " != sent " + std::to_string(s.sent_frames) +
         " + dropped " + std::to_string(dropped) + " + discarded " + std::to_string(discarded) +
         " + queued " + std::to_string(s.queued_frames);
}

RunningDataplane::RunningDataplane(const Config& config, const Prepare& prepare)
    : dataplane_(config) {
  if (const auto error = validate(config)) {
    throw std::runtime_error(error->key + ": " + error->message);
  }
  if (prepare) prepare(dataplane_);
  dataplane_.start();
}

std::string RunningDataplane::address(std::size_t listener) const {
  return dataplane_.listeners().at(listener).address;
}

std::unique_ptr<TcpClient> RunningDataplane::connect(std::size_t listener,
                                                     TcpClient::Options options) {
  const std::uint64_t before = dataplane_.stats().shards.connections;
  auto client = std::make_unique<TcpClient>(address(listener), options);
  await_connections(before + 1);
  return client;
}

std::vector<std::unique_ptr<TcpClient>> RunningDataplane::connect(std::size_t listener,
                                                                  std::size_t count) {
  const std::uint64_t before = dataplane_.stats().shards.connections;
  const std::string to = address(listener);
  std::vector<std::unique_ptr<TcpClient>> clients;
  while (clients.size() < count) clients.push_back(std::make_unique<TcpClient>(to));
  await_connections(before + count);
  return clients;
}

void RunningDataplane::await_connections(std::uint64_t count) {
  await_stats([count](const Stats& stats) { return stats.shards.connections == count; });
}

void RunningDataplane::await_closed(CloseReason reason, std::uint64_t count) {
  await_stats([=](const Stats& stats) { return closed(stats, reason) >= count; });
}

void RunningDataplane::await_stats(const std::function<bool(const Stats&)>& condition) {
  if (await([&] { return condition(dataplane_.stats()); })) return;
  const Stats stats = dataplane_.stats();
  throw std::runtime_error("did not come in time; connections " +
                           std::to_string(stats.shards.connections) + ", closed " +
                           std::to_string(closed(stats)));
}

BroadcastResult RunningDataplane::broadcast(const Broadcast& broadcast) {
  Answer<BroadcastResult> answer;
  const Submit submit = dataplane_.broadcast(broadcast, answer.callback());
  if (submit != Submit::kAccepted) {
    throw std::runtime_error("refused: " + std::to_string(static_cast<int>(submit)));
  }
  return answer.get();
}

BroadcastResult RunningDataplane::broadcast(std::string payload, Target target) {
  Broadcast broadcast;
  broadcast.payload = std::move(payload);
  broadcast.target = std::move(target);
  return this->broadcast(broadcast);
}

ListPage RunningDataplane::list(ListRequest request) {
  Answer<ListPage> answer;
  dataplane_.list(request, answer.callback());
  return answer.get();
}

std::vector<ClientInfo> RunningDataplane::list_all(ListRequest request) {
  std::vector<ClientInfo> all;
  for (;;) {
    ListPage page = list(request);
    std::move(page.clients.begin(), page.clients.end(), std::back_inserter(all));
    if (!page.next) return all;
    request.from = *page.next;
  }
}

std::optional<ClientInfo> RunningDataplane::get(const ClientId& id) {
  Answer<std::optional<ClientInfo>> answer;
  dataplane_.get(id, answer.callback());
  return answer.get();
}

ClientId RunningDataplane::id_of(const TcpClient& client) {
  const std::string address = client.local_address();
  for (const ClientInfo& info : list_all()) {
    if (info.remote_address == address) return info.id;
  }
  throw std::runtime_error("not listed: " + address);
}

DisconnectResult RunningDataplane::disconnect(DisconnectRequest request) {
  Answer<DisconnectResult> answer;
  dataplane_.disconnect(std::move(request), answer.callback());
  return answer.get();
}

void RunningDataplane::stop_accepting() {
  Answer<bool> answer;
  dataplane_.stop_accepting([done = answer.callback()] { done(true); });
  (void)answer.get();
}

}  // namespace crier::testing
