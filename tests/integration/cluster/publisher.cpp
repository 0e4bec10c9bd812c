#include "tests/integration/cluster/publisher.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>

#include "tests/support/deadline.hpp"

namespace crier::testing {
namespace {

using services::control::Status;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kUntilStopped = 0;
// Among so many broadcasts to everybody, one to each kind of named clients, and one that waits.
constexpr std::uint64_t kRound = 10;
constexpr int kSlower = 16;

}  // namespace

// A broadcast on its way to its answer.
struct Publisher::Call {
  v1::BroadcastRequest request;
  v1::BroadcastResponse response;
  bool to_everyone = true;
  Clock::time_point begun = Clock::now();
};

Publisher::Publisher(services::control::Control& control, const Streams& streams, Options options)
    : control_(control),
      streams_(streams),
      options_(std::move(options)),
      numbers_(streams.count()) {}

Publisher::~Publisher() {
  stop();
}

void Publisher::start() {
  start(kUntilStopped);
}

void Publisher::start(std::uint64_t count) {
  thread_ = std::thread([this, count] { run(count); });
}

void Publisher::request_stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
}

void Publisher::stop() {
  request_stop();
  if (thread_.joinable()) thread_.join();
  std::unique_lock lock(mutex_);
  stopping_ = false;
  if (!changed_.wait_for(lock, kPatience, [this] { return unanswered_ == 0; })) {
    throw std::runtime_error(std::to_string(unanswered_) + " broadcasts without an answer");
  }
}

void Publisher::run(std::uint64_t count) {
  for (std::uint64_t turn = 1; count == kUntilStopped || turn <= count; ++turn) {
    {
      std::unique_lock lock(mutex_);
      if (count == kUntilStopped) {
        changed_.wait_for(lock, options_.period * (behind_ ? kSlower : 1),
                          [this] { return stopping_; });
        if (stopping_) return;
      }
    }
    count == kUntilStopped ? publish_next(turn) : publish(streams_.to_everyone(options_.index));
  }
}

void Publisher::publish_next(std::uint64_t turn) {
  publish(streams_.to_everyone(options_.index), 0, options_.met && turn % kRound == 0);
  if (!options_.met) return;
  const std::uint64_t node = turn % kRound;
  if (node < streams_.nodes()) publish(streams_.to_one(options_.index, node));
  if (node == streams_.nodes()) publish(streams_.to_named(options_.index));
}

void Publisher::publish_each() {
  publish(streams_.to_everyone(options_.index));
  for (std::size_t node = 0; node < streams_.nodes(); ++node) {
    publish(streams_.to_one(options_.index, node));
  }
  publish(streams_.to_named(options_.index));
}

void Publisher::burst(std::uint64_t count, std::size_t padding) {
  for (std::uint64_t i = 0; i < count; ++i) publish(streams_.to_everyone(options_.index), padding);
}

v1::BroadcastRequest Publisher::request(std::size_t stream, std::size_t padding,
                                        bool wait_for_nodes) const {
  v1::BroadcastRequest request;
  std::string payload = std::to_string(stream) + " " + std::to_string(numbers_[stream]);
  if (padding > 0) payload += " " + std::string(padding, '.');
  request.set_payload(std::move(payload));
  request.set_wait_for_nodes(wait_for_nodes);
  if (stream == streams_.to_everyone(options_.index)) return request;
  for (std::size_t node = 0; node < streams_.nodes(); ++node) {
    if (streams_.reaches(stream, node, true)) {
      request.mutable_only()->add_client_ids(options_.named[node]);
    }
  }
  return request;
}

void Publisher::publish(std::size_t stream, std::size_t padding, bool wait_for_nodes) {
  {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, kPatience, [this] { return unanswered_ < options_.window; })) {
      problem_ = "no answer to any of " + std::to_string(unanswered_) + " broadcasts";
      return;
    }
    ++unanswered_;
  }
  ++numbers_[stream];
  const auto call = std::make_shared<Call>();
  call->request = request(stream, padding, wait_for_nodes);
  call->to_everyone = !call->request.has_only();
  control_.broadcast(call->request, call->response,
                     [this, call](const Status& status) { answered(*call, status); });
}

void Publisher::answered(const Call& call, const Status& status) {
  const auto took = Clock::now() - call.begun;
  std::string problem = problem_of(call, status);
  const std::lock_guard lock(mutex_);
  --unanswered_;
  ++answers_.published[call.response.published()];
  behind_ = call.response.published() == v1::PUBLISHED_UNCONFIRMED;
  if (call.request.wait_for_nodes()) {
    ++answers_.waited_for;
  } else {
    answers_.slowest = std::max<std::chrono::nanoseconds>(answers_.slowest, took);
  }
  if (problem_.empty()) problem_ = std::move(problem);
  changed_.notify_all();
}

std::string Publisher::problem_of(const Call& call, const Status& status) const {
  if (!status.ok()) return "refused: " + status.message;
  const v1::BroadcastResponse& response = call.response;
  const auto others = static_cast<int>(streams_.nodes()) - 1;
  const auto local = static_cast<std::int64_t>(options_.local_clients);
  const bool wrong = response.dropped_size() > 0 || response.unknown_client_ids_size() > 0 ||
                     (call.to_everyone && response.local().queued() != local) ||
                     (call.request.wait_for_nodes() &&
                      response.nodes_size() + response.unreachable_size() != others);
  return wrong ? "a wrong answer: " + response.ShortDebugString() : std::string();
}

Publisher::Answers Publisher::answers() const {
  const std::lock_guard lock(mutex_);
  return answers_;
}

std::uint64_t Publisher::count(v1::Published published) const {
  const std::lock_guard lock(mutex_);
  const auto found = answers_.published.find(published);
  return found == answers_.published.end() ? 0 : found->second;
}

std::string Publisher::problem() const {
  const std::lock_guard lock(mutex_);
  return problem_;
}

}  // namespace crier::testing
