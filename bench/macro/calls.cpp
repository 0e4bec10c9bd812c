// What a call for clients of another node takes, one call at a time: three ways in turn, so that
// all see one machine.
//
//   bench_calls list|get|disconnect|broadcast|broadcast-waiting COUNT CLIENTS
//               HOLDER FORWARDER CALLED DATA
//
// Connects CLIENTS to DATA, where the node HOLDER serves them (where they are to be disconnected,
// as many as there are calls), and makes COUNT calls each way: `direct` of HOLDER in scope LOCAL,
// `forwarded` by bench_forward at FORWARDER, and `bus` of CALLED, another node of HOLDER's cluster.
// One line of JSON with the times; a call that is not answered as it must be ends the program.
#include <grpcpp/grpcpp.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/macro/latencies.hpp"
#include "bench/macro/system.hpp"
#include "crier/v1/control.grpc.pb.h"

namespace crier::bench {
namespace {

constexpr int kPageSize = 1000;
constexpr std::size_t kPayloadBytes = 64;
constexpr int kWaitSeconds = 30;
constexpr std::uint64_t kAwaitNs = 30'000'000'000U;
constexpr std::uint64_t kAwaitStepNs = 5'000'000U;

// One of the three ways.
struct Way {
  const char* name;
  std::unique_ptr<v1::Control::Stub> stub;
  bool whole_cluster;
  std::vector<std::string> clients = {};  // whom its calls are for, in turn
  Latencies latencies = {};
};

Way make_way(const char* name, const std::string& address, bool whole_cluster) {
  return {name,
          v1::Control::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials())),
          whole_cluster};
}

void require(const grpc::Status& status, const char* what) {
  if (!status.ok()) fail(std::string(what) + ": " + status.error_message());
}

template <class Request>
Request request_of(const Way& way) {
  Request request;
  request.set_scope(way.whole_cluster ? v1::SCOPE_CLUSTER : v1::SCOPE_LOCAL);
  return request;
}

v1::ListClientsResponse list(Way& way, const std::string& token = {}) {
  auto request = request_of<v1::ListClientsRequest>(way);
  request.set_page_size(kPageSize);
  request.set_page_token(token);
  grpc::ClientContext context;
  v1::ListClientsResponse page;
  require(way.stub->ListClients(&context, request, &page), "ListClients");
  return page;
}

void list_page(Way& way, const std::string& /*client*/) {
  if (list(way).clients().empty()) fail("ListClients: an empty page");
}

void get(Way& way, const std::string& client) {
  auto request = request_of<v1::GetClientRequest>(way);
  request.set_client_id(client);
  grpc::ClientContext context;
  v1::Client found;
  require(way.stub->GetClient(&context, request, &found), "GetClient");
  if (found.client_id() != client) fail("GetClient: another client");
}

void disconnect(Way& way, const std::string& client) {
  auto request = request_of<v1::DisconnectRequest>(way);
  request.mutable_only()->add_client_ids(client);
  request.mutable_wait_timeout()->set_seconds(kWaitSeconds);
  grpc::ClientContext context;
  v1::DisconnectResponse answer;
  require(way.stub->Disconnect(&context, request, &answer), "Disconnect");
  if (answer.disconnected() != 1) fail("Disconnect: not one client");
}

v1::BroadcastResponse broadcast(Way& way, bool waiting) {
  auto request = request_of<v1::BroadcastRequest>(way);
  request.set_payload(std::string(kPayloadBytes, 'x'));
  if (waiting) {
    request.set_wait_for_nodes(true);
    request.mutable_wait_timeout()->set_seconds(kWaitSeconds);
  }
  grpc::ClientContext context;
  v1::BroadcastResponse answer;
  require(way.stub->Broadcast(&context, request, &answer), "Broadcast");
  return answer;
}

// The counts of another node's clients are in the answer only if it was waited for.
void broadcast_unaware(Way& way, const std::string& /*client*/) {
  const v1::BroadcastResponse answer = broadcast(way, false);
  const bool told = answer.published() == v1::PUBLISHED_CONFIRMED ||
                    answer.published() == v1::PUBLISHED_UNCONFIRMED;
  if (way.whole_cluster ? !told : answer.queued() == 0) fail("Broadcast: to nobody");
}

void broadcast_waiting(Way& way, const std::string& /*client*/) {
  if (broadcast(way, true).queued() == 0) fail("Broadcast: to nobody");
}

using Call = std::function<void(Way&, const std::string& client)>;

Call call_of(std::string_view kind) {
  if (kind == "list") return list_page;
  if (kind == "get") return get;
  if (kind == "disconnect") return disconnect;
  if (kind == "broadcast") return broadcast_unaware;
  if (kind == "broadcast-waiting") return broadcast_waiting;
  return nullptr;
}

// Until this way leads to so many clients; whatever is not ready then, will not be.
std::vector<std::string> await_clients(Way& way, std::size_t wanted) {
  const std::uint64_t deadline = now_ns() + kAwaitNs;
  std::vector<std::string> found;
  do {
    found.clear();
    std::string token;
    do {
      const v1::ListClientsResponse page = list(way, token);
      for (const v1::Client& client : page.clients()) found.push_back(client.client_id());
      token = page.next_page_token();
    } while (!token.empty());
    if (found.size() == wanted) return found;
    wait_until_ns(now_ns() + kAwaitStepNs);
  } while (now_ns() < deadline);
  fail(std::string(way.name) + " leads to " + std::to_string(found.size()) + " clients");
}

using Ways = std::array<Way, 3>;

// To each way clients of its own, as a client can be disconnected only once.
void share(const std::vector<std::string>& clients, Ways& ways) {
  std::array<std::vector<std::string>, std::tuple_size_v<Ways>> shares;
  for (std::size_t i = 0; i < clients.size(); ++i) {
    shares[i % shares.size()].push_back(clients[i]);
  }
  for (std::size_t i = 0; i < shares.size(); ++i) ways[i].clients = std::move(shares[i]);
}

void measure(const Call& call, std::size_t count, Ways& ways) {
  for (std::size_t i = 0; i < count; ++i) {
    for (Way& way : ways) {
      const std::string& client = way.clients[i % way.clients.size()];
      const std::uint64_t start = now_ns();
      call(way, client);
      way.latencies.add(now_ns() - start);
    }
  }
}

void print(std::size_t count, const Ways& ways) {
  std::printf("{\"calls\": %zu", count);
  for (const Way& way : ways) {
    for (const auto& [name, part] : {std::pair{"p50", 0.5}, {"p99", 0.99}}) {
      std::printf(", \"%s_%s_us\": %.1f", way.name, name,
                  static_cast<double>(way.latencies.quantile_ns(part)) / 1e3);
    }
  }
  std::printf("}\n");
}

void run(std::string_view kind, std::size_t count, std::size_t clients, Ways& ways,
         std::uint16_t port) {
  if (kind == "disconnect") clients = count * ways.size();
  std::vector<int> sockets;
  for (std::size_t i = 0; i < clients; ++i) sockets.push_back(connect_to(port, i));
  for (Way& way : ways) way.clients = await_clients(way, clients);
  if (kind == "disconnect") share(ways.front().clients, ways);
  measure(call_of(kind), count, ways);
  print(count, ways);
  for (const int socket : sockets) close(socket);
}

}  // namespace
}  // namespace crier::bench

int main(int argc, char** argv) {
  using crier::bench::make_way;
  if (argc != 8 || !crier::bench::call_of(argv[1])) {
    std::fprintf(stderr,
                 "usage: bench_calls list|get|disconnect|broadcast|broadcast-waiting COUNT CLIENTS "
                 "HOLDER FORWARDER CALLED DATA\n");
    return 2;
  }
  crier::bench::raise_open_files();
  crier::bench::Ways ways{make_way("direct", argv[4], false), make_way("forwarded", argv[5], false),
                          make_way("bus", argv[6], true)};
  crier::bench::run(argv[1], std::stoul(argv[2]), std::stoul(argv[3]), ways,
                    crier::bench::port_of(argv[7]));
}
