#include <charconv>
#include <string>
#include <utility>

#include "services/bus/redis/command.hpp"
#include "services/bus/redis/dial.hpp"
#include "services/bus/redis/printable.hpp"

namespace crier::services::bus::redis {
namespace {

std::optional<Endpoint> parse_master(const Reply& reply) {
  if (reply.elements.size() != 2) return std::nullopt;
  const std::string& host = reply.elements[0].text;
  const std::string& port = reply.elements[1].text;
  constexpr std::size_t kLongestName = 253;  // of the domain name system
  if (host.empty() || host.size() > kLongestName) return std::nullopt;
  Endpoint master{.host = host, .port = 0};
  const char* const last = port.data() + port.size();
  const auto [end, error] = std::from_chars(port.data(), last, master.port);
  if (error != std::errc() || end != last || master.port == 0) return std::nullopt;
  return master;
}

}  // namespace

Dial::Step Dial::ask_sentinel() {
  bool fine = co_await resolve(endpoint_);
  if (fine) fine = co_await open(short_, limits());
  Reply reply;
  if (fine) fine = co_await ask_for_master(*short_, reply);
  if (!fine) co_return false;
  short_->close();
  const std::string whose = "Sentinel " + links_.address;
  if (reply.is(Reply::Kind::kError)) co_return fail(whose + " says: " + printable(reply.text));
  if (reply.is(Reply::Kind::kNil)) {
    co_return fail(whose + " knows no master " + printable(options_.sentinel_master));
  }
  std::optional<Endpoint> master = parse_master(reply);
  if (!master) co_return fail(whose + " did not name a master", Loss::kProtocol);
  endpoint_ = std::move(*master);
  co_return true;
}

Dial::Step Dial::ask_for_master(Link& link, Reply& reply) {
  const std::string question =
      command({"SENTINEL", "get-master-addr-by-name", options_.sentinel_master});
  bool fine = co_await exchange(link, question, reply);
  // A Sentinel has a password of its own or none; it is given ours only where it asks for one.
  if (fine && reply.is_error("NOAUTH") && !password_.empty()) {
    fine = co_await log_in(link);
    if (fine) fine = co_await exchange(link, question, reply);
  }
  co_return fine;
}

Dial::Step Dial::check_role(Link& link) {
  if (options_.sentinel_master.empty()) co_return true;
  Reply reply;
  std::string question = command({"ROLE"});
  const bool fine = co_await ask(link, std::move(question), reply);
  if (!fine) co_return false;
  if (reply.elements.empty() || reply.elements[0].text != "master") {
    co_return fail(links_.address + " is not the master");
  }
  co_return true;
}

}  // namespace crier::services::bus::redis
