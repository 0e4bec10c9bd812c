#include <array>
#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <string_view>

#include "services/crierctl/commands.hpp"
#include "services/crierctl/control.hpp"
#include "services/crierctl/escape.hpp"
#include "services/crierctl/node_options.hpp"
#include "services/crierctl/output.hpp"
#include "services/crierctl/tcp_connection.hpp"

namespace crier::services::crierctl {
namespace {

using asio::ip::tcp;
using Clock = std::chrono::steady_clock;

constexpr int kPageSize = 1000;
constexpr std::size_t kReadBytes = 64U << 10U;
constexpr std::chrono::milliseconds kLookAgain{50};

struct CheckOptions {
  std::string address = "127.0.0.1:8082";
  std::string listener;
};

// Text that nobody else sends. It is looked for as it is in what arrives, since every framing sends
// a payload in one piece.
std::string unique_payload() {
  std::random_device random;
  std::ostringstream text;
  text << "crierctl check " << std::hex;
  for (int i = 0; i < 4; ++i) text << random();
  return text.str();
}

std::string text_of(const tcp::endpoint& endpoint) {
  std::ostringstream text;
  text << endpoint;
  return text.str();
}

// One round trip of a client of its own: nobody else's connection is touched.
class RoundTrip {
 public:
  RoundTrip(const GlobalOptions& global, const CheckOptions& options)
      : global_(global),
        options_(options),
        control_(global),
        until_(Clock::now() + global.timeout) {}

  int run() {
    const auto ec = connect(socket_, context_, options_.address, global_.timeout);
    if (ec) return fail(kFailed, "cannot connect to " + options_.address + ": " + ec.message());
    if (const int code = find_self(); code != kOk) return code;
    if (const int code = receive_broadcast(); code != kOk) return code;
    return be_disconnected();
  }

 private:
  // Sets id_. crier accepts a connection a little after the kernel has.
  int find_self() {
    const std::string self = text_of(socket_.local_endpoint());
    // Another node may have a client of the same loopback address, which is somebody else.
    const bool loopback = socket_.local_endpoint().address().is_loopback();
    while (id_.empty()) {
      v1::ListClientsRequest request;
      request.set_page_size(kPageSize);
      request.set_listener(options_.listener);
      request.set_scope(scope_of(loopback));
      do {
        v1::ListClientsResponse page;
        const auto status = control_.call(&v1::Control::Stub::ListClients, request, page);
        if (!status.ok()) return fail(status, global_);
        for (const auto& client : page.clients()) {
          if (client.remote_address() == self) id_ = client.client_id();
        }
        request.set_page_token(page.next_page_token());
      } while (id_.empty() && !request.page_token().empty());
      if (!id_.empty()) break;
      if (Clock::now() > until_) {
        return fail(kFailed, "connected as " + self +
                                 ", but crier lists no such client; is it "
                                 "another crier, or are addresses translated on the way?");
      }
      wait_for_input(kLookAgain);
    }
    return kOk;
  }

  int receive_broadcast() {
    v1::BroadcastRequest request;
    request.set_payload(unique_payload());
    request.mutable_only()->add_client_ids(id_);
    request.set_wait_for_nodes(true);  // another node may have the client
    v1::BroadcastResponse response;
    const auto status = control_.call(&v1::Control::Stub::Broadcast, request, response);
    if (!status.ok()) return fail(status, global_);
    if (response.queued() != 1) {
      return fail(kFailed, "the broadcast was not queued for " + escaped(id_));
    }
    while (received_.find(request.payload()) == std::string::npos) {
      if (!read()) return fail(kFailed, "the broadcast was queued, but did not arrive");
    }
    return kOk;
  }

  int be_disconnected() {
    v1::DisconnectRequest request;
    request.mutable_only()->add_client_ids(id_);
    request.set_reason("crierctl check");
    v1::DisconnectResponse response;
    const auto status = control_.call(&v1::Control::Stub::Disconnect, request, response);
    if (!status.ok()) return fail(status, global_);
    if (response.disconnected() != 1) return fail(kFailed, escaped(id_) + " was not disconnected");
    while (read()) {
    }
    if (!ended_) return fail(kFailed, "the client was disconnected, but its connection is open");
    print_line("connected as " + escaped(id_) + ", received a broadcast, was disconnected");
    return kOk;
  }

  // False: the time is over, or the connection (then ended_ is set).
  bool read() {
    received_.erase(0, received_.size() > kReadBytes ? received_.size() - kReadBytes : 0);
    if (!wait_for_input(until_ - Clock::now())) return false;
    std::array<char, kReadBytes> buffer{};
    asio::error_code ec;
    const std::size_t bytes = socket_.read_some(asio::buffer(buffer), ec);
    ended_ = static_cast<bool>(ec);
    received_.append(buffer.data(), bytes);
    return !ended_;
  }

  bool wait_for_input(Clock::duration time) {
    bool ready = false;
    socket_.async_wait(tcp::socket::wait_read, [&](asio::error_code ec) { ready = !ec; });
    context_.restart();
    context_.run_for(time);
    if (!ready) {
      socket_.cancel();
      context_.restart();
      context_.run();
    }
    return ready;
  }

  const GlobalOptions& global_;
  const CheckOptions& options_;
  Control control_;
  const Clock::time_point until_;
  asio::io_context context_;
  tcp::socket socket_{context_};
  std::string id_;
  std::string received_;
  bool ended_ = false;
};

}  // namespace

void add_check(CLI::App& app, const GlobalOptions& global, Command& selected) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* command =
      app.add_subcommand("check", "Be a client, get a message, be disconnected: does crier work?");
  command->add_option("--connect", options->address, "Where crier's clients connect")
      ->check(tcp_address())
      ->type_name("HOST:PORT")
      ->capture_default_str();
  command->add_option("--listener", options->listener, "Look only there for the client")
      ->type_name("NAME");
  command->callback([&global, &selected, options] {
    selected = [&global, options] { return RoundTrip(global, *options).run(); };
  });
}

}  // namespace crier::services::crierctl
