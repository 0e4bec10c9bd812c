#include "services/bus/redis/dial.hpp"

#include <algorithm>
#include <asio/co_spawn.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <exception>
#include <system_error>
#include <utility>

#include "services/bus/redis/command.hpp"
#include "services/bus/redis/printable.hpp"
#include "services/files/bounded_file.hpp"

namespace crier::services::bus::redis {
namespace {

constexpr const char* kNotAcknowledged = "it did not acknowledge SUBSCRIBE";

bool acknowledges(const Reply& reply, const std::string& channel) {
  return reply.elements.size() == 3 && reply.elements[0].text == "subscribe" &&
         reply.elements[1].text == channel;
}

}  // namespace

Dial::Dial(asio::io_context& io, Options options, Endpoint endpoint,
           std::shared_ptr<History> history)
    : io_(io),
      options_(std::move(options)),
      names_(options_.prefix, options_.node),
      endpoint_(std::move(endpoint)),
      history_(std::move(history)),
      resolver_(io) {}

void Dial::start(std::function<void(Result)> done) {
  done_ = std::move(done);
  ++history_->dials;
  const auto self = shared_from_this();
  asio::co_spawn(io_, run(self), [self](const std::exception_ptr& escaped) {
    if (self->cancelled_) return;
    if (escaped) self->fail("an unexpected error");
    Result result{.links = {}, .loss = self->loss_, .problem = self->problem_};
    if (self->problem_.empty()) result.links = std::move(self->links_);
    // It may hold what holds this.
    std::exchange(self->done_, nullptr)(std::move(result));
  });
}

void Dial::cancel() {
  cancelled_ = true;
  done_ = nullptr;
  resolver_.cancel();
  for (Link* link :
       {links_.publish.get(), links_.subscribe.get(), links_.stream.get(), short_.get()}) {
    if (link != nullptr) link->close();
  }
}

bool Dial::fail(std::string problem, Loss loss) {
  if (problem_.empty()) {
    problem_ = std::move(problem);
    loss_ = loss;
  }
  return false;
}

ReplyReader::Limits Dial::limits(int item_depth) const {
  return {.max_bulk_bytes = options_.max_message_bytes, .item_depth = item_depth};
}

asio::awaitable<void> Dial::run(std::shared_ptr<Dial> self) {
  const bool complete = co_await self->dial_all();
  if (!complete) self->fail("it ended");
}

Dial::Step Dial::dial_all() {
  if (!read_password() || !read_tls()) co_return false;
  if (!options_.sentinel_master.empty()) {
    const bool answered = co_await ask_sentinel();
    if (!answered) co_return false;
  }
  bool fine = co_await resolve(endpoint_);
  if (fine) fine = co_await open(links_.publish, limits());
  if (fine) fine = co_await log_in(*links_.publish);
  if (fine) fine = co_await check_role(*links_.publish);
  if (fine) fine = co_await open(links_.subscribe, limits());
  if (fine) fine = co_await log_in(*links_.subscribe);
  if (fine) fine = co_await subscribe(*links_.subscribe);
  if (fine && options_.mode == Mode::kStream) {
    fine = co_await find_newest();
    constexpr int kEntryDepth = 3;  // in a reply to XREAD: streams, name and entries, entry
    if (fine) fine = co_await open(links_.stream, limits(kEntryDepth));
    if (fine) fine = co_await log_in(*links_.stream);
  }
  co_return fine;
}

bool Dial::read_password() {
  password_ = options_.password;
  if (options_.password_file.empty()) return true;
  constexpr std::size_t kLongest = 4096;  // of the file
  auto text = files::read_bounded(options_.password_file, kLongest);
  if (const auto* problem = std::get_if<files::FileProblem>(&text)) {
    return fail("the password file " + options_.password_file + " " + problem->reason);
  }
  password_ = std::get<std::string>(std::move(text));
  if (password_.ends_with('\n')) password_.pop_back();
  if (password_.ends_with('\r')) password_.pop_back();
  return true;
}

bool Dial::read_tls() {
  if (!options_.tls.enabled) return true;
  std::string problem;
  links_.tls = make_tls_context(options_.tls, problem);
  return links_.tls != nullptr || fail(problem);
}

Dial::Step Dial::resolve(const Endpoint& endpoint) {
  links_.address = printable(endpoint.host) + ":" + std::to_string(endpoint.port);
  std::error_code ec;
  const asio::ip::address literal = asio::ip::make_address(endpoint.host, ec);
  addresses_.clear();
  if (!ec) {
    addresses_.emplace_back(literal, endpoint.port);
    co_return true;
  }
  if (history_->looking_up) co_return fail("the last look-up of a name has not ended yet");
  history_->looking_up = true;
  const auto found = co_await resolver_.async_resolve(
      endpoint.host, std::to_string(endpoint.port), asio::ip::resolver_base::numeric_service,
      asio::redirect_error(asio::use_awaitable, ec));
  history_->looking_up = false;
  if (cancelled_) co_return false;
  if (ec) co_return fail("looking up " + printable(endpoint.host) + ": " + ec.message());
  for (const auto& entry : found) addresses_.push_back(entry.endpoint());
  if (addresses_.empty()) co_return fail(printable(endpoint.host) + " has no address");
  const std::size_t first = history_->dials % addresses_.size();
  std::rotate(addresses_.begin(), addresses_.begin() + static_cast<std::ptrdiff_t>(first),
              addresses_.end());
  co_return true;
}

Dial::Step Dial::open(std::unique_ptr<Link>& link, ReplyReader::Limits limits) {
  const std::string& name =
      options_.tls.server_name.empty() ? endpoint_.host : options_.tls.server_name;
  std::string problem;
  const std::vector<asio::ip::tcp::endpoint> candidates = addresses_;
  for (const asio::ip::tcp::endpoint& address : candidates) {
    link = std::make_unique<Link>(io_, limits, links_.tls.get());
    problem = co_await link->connect(address, name);
    if (cancelled_) co_return false;
    if (problem.empty()) {
      // All connections of a session see the same Redis.
      addresses_.assign(1, address);
      co_return true;
    }
  }
  co_return fail(std::move(problem));
}

Dial::Step Dial::exchange(Link& link, std::string question, Reply& reply) {
  std::string problem = co_await link.send(std::move(question));
  if (cancelled_) co_return false;
  if (problem.empty()) problem = co_await link.receive(reply);
  if (cancelled_) co_return false;
  if (!problem.empty()) {
    co_return fail(std::move(problem), link.broken() ? Loss::kProtocol : Loss::kConnect);
  }
  co_return true;
}

Dial::Step Dial::ask(Link& link, std::string question, Reply& reply) {
  const bool answered = co_await exchange(link, std::move(question), reply);
  if (!answered) co_return false;
  if (reply.is(Reply::Kind::kError)) {
    co_return fail("Redis says: " + printable(reply.text));
  }
  co_return true;
}

// Commands are made before they are awaited: GCC 12 loses temporary lists in such an expression.
Dial::Step Dial::log_in(Link& link) {
  Reply reply;
  bool fine = true;
  if (!password_.empty()) {
    std::string auth = options_.username.empty() ? command({"AUTH", password_})
                                                 : command({"AUTH", options_.username, password_});
    fine = co_await ask(link, std::move(auth), reply);
  }
  // Only for CLIENT LIST; a user may not be allowed to, and that is no reason to fail.
  std::string set_name = command({"CLIENT", "SETNAME", "crier-" + hex(options_.node)});
  if (fine) fine = co_await exchange(link, std::move(set_name), reply);
  if (fine && options_.database != 0) {
    std::string select = command({"SELECT", std::to_string(options_.database)});
    fine = co_await ask(link, std::move(select), reply);
  }
  co_return fine;
}

Dial::Step Dial::subscribe(Link& link) {
  Reply reply;
  std::string subscribe = command({"SUBSCRIBE", names_.all, names_.own});
  const bool fine = co_await ask(link, std::move(subscribe), reply);
  if (!fine) co_return false;
  if (!acknowledges(reply, names_.all)) co_return fail(kNotAcknowledged, Loss::kProtocol);
  // Redis acknowledges both before it sends anything else.
  std::string problem = co_await link.receive(reply);
  if (cancelled_) co_return false;
  if (problem.empty() && !acknowledges(reply, names_.own)) problem = kNotAcknowledged;
  co_return problem.empty() || fail(std::move(problem), Loss::kProtocol);
}

Dial::Step Dial::find_newest() {
  constexpr int kEntryDepth = 1;  // in a reply to XREVRANGE
  bool fine = co_await open(short_, limits(kEntryDepth));
  if (fine) fine = co_await log_in(*short_);
  if (!fine) co_return false;
  std::string question = command({"XREVRANGE", names_.stream, "+", "-", "COUNT", "1"});
  std::string problem = co_await short_->send(std::move(question));
  Reply reply;
  Reply entry;
  if (problem.empty()) problem = co_await short_->receive(reply, &entry);
  if (cancelled_) co_return false;
  if (reply.is(Reply::Kind::kError)) problem = "Redis says: " + printable(reply.text);
  std::string id = entry.elements.empty() ? std::string() : entry.elements.front().text;
  // Too large for us, but it has an id.
  if (short_->broken()) id = short_->reader().broken_item_head();
  const auto newest = parse_stream_id(id);
  if (newest) {
    links_.newest = *newest;
  } else if (!problem.empty()) {
    co_return fail(std::move(problem), short_->broken() ? Loss::kProtocol : Loss::kConnect);
  } else if (!id.empty()) {
    co_return fail("it did not understand XREVRANGE", Loss::kProtocol);
  }
  short_->close();
  co_return true;
}

}  // namespace crier::services::bus::redis
