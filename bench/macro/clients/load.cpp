#include "bench/macro/clients/load.hpp"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <utility>
#include <vector>

#include "bench/macro/system.hpp"
#include "bench/macro/topic.hpp"

namespace crier::bench {
namespace {

constexpr std::size_t kGroupEvery = 10;
// Connections on their way at once: fewer than the shortest backlog of the servers, which is 100.
constexpr std::size_t kSubscribingMax = 64;
constexpr std::uint64_t kSubscribeNs = 60'000'000'000U;
// Who was stalled and gets nothing for so long has got everything.
constexpr std::uint64_t kQuietNs = 500'000'000U;
constexpr int kWatchMs = 50;

}  // namespace

Load::Load(const Protocol& protocol, const std::vector<std::uint16_t>& ports, bool grouped)
    : protocol_(protocol), grouped_(grouped) {
  for (const std::uint16_t port : ports) {
    all_.push_back(Endpoint(protocol, port, {kTopicOfAll}));
    group_.push_back(Endpoint(protocol, port, {kTopicOfAll, kTopicOfGroup}));
  }
  poller_.add(STDIN_FILENO, nullptr);
}

bool Load::in_group(const Subscriber& subscriber) const {
  return grouped_ && subscriber.index % kGroupEvery == 0;
}

const Endpoint& Load::endpoint_of(const Subscriber& subscriber) const {
  const auto& endpoints = in_group(subscriber) ? group_ : all_;
  return endpoints[subscriber.index % endpoints.size()];
}

bool Load::step() {
  bool command = false;
  poller_.wait(wait_ms(), [&](Subscriber* subscriber) {
    if (subscriber == nullptr) {
      command = true;
    } else {
      receive(*subscriber);
    }
  });
  const std::uint64_t now = now_ns();
  if (churn_) churn_due_ns_ = churn_->advance(now);
  if (tally_ && tally_->is_over(now)) finish_expectation();
  if (quiet_since_ns_ > 0 && now - quiet_since_ns_ > kQuietNs) finish_resumption();
  return command;
}

int Load::wait_ms() const {
  if (churn_) {
    const std::uint64_t now = now_ns();
    return churn_due_ns_ <= now ? 0 : static_cast<int>((churn_due_ns_ - now) / 1'000'000U + 1);
  }
  return tally_ || quiet_since_ns_ > 0 || subscribing_ > 0 ? kWatchMs : -1;
}

void Load::receive(Subscriber& subscriber) {
  const bool subscribing = !subscriber.is_subscribed();
  const Subscriber::Read read = subscriber.read(protocol_, scratch_);
  if (read == Subscriber::Read::kNothing) return;
  if (read == Subscriber::Read::kClosed) {
    note_closed(subscriber);
    return;
  }
  if (subscriber.role == Subscriber::Role::kMeasured && subscribing && subscriber.is_subscribed()) {
    --subscribing_;
  }
  check(subscriber, now_ns());
}

void Load::check(Subscriber& subscriber, std::uint64_t now_ns) {
  const Protocol::Found& found = scratch_.found;
  if (subscriber.role == Subscriber::Role::kMeasured) {
    if (tally_) {
      for (const std::string_view text : found.payloads) {
        tally_->check(subscriber.index, text, now_ns);
      }
      if (found.malformed) tally_->add_malformed();
    } else {
      unexpected_ += found.payloads.size() + (found.malformed ? 1 : 0);
    }
    return;
  }
  const bool churning = subscriber.role == Subscriber::Role::kChurning;
  Onlookers& onlookers = churning ? churn_->onlookers : stalled_;
  for (const std::string_view text : found.payloads) onlookers.check(subscriber, text);
  if (found.malformed) ++onlookers.corrupt;
  if (!churning && quiet_since_ns_ > 0) quiet_since_ns_ = now_ns;
}

void Load::note_closed(const Subscriber& subscriber) {
  switch (subscriber.role) {
    case Subscriber::Role::kMeasured:
      ++closed_;
      break;
    case Subscriber::Role::kStalled:
      ++stalled_.closed;
      break;
    case Subscriber::Role::kChurning:
      ++churn_->onlookers.closed;
      break;
  }
}

void Load::connect(std::size_t count) {
  const std::uint64_t start = now_ns();
  const std::uint64_t closed_before = closed_;
  const auto settle = [&](std::size_t most) {
    while (subscribing_ > most) {
      step();
      if (closed_ > closed_before) fail("the server closed a connection that wanted to subscribe");
      if (now_ns() - start > kSubscribeNs) fail("the server does not acknowledge subscriptions");
    }
  };
  for (std::size_t i = 0; i < count; ++i) {
    settle(kSubscribingMax);
    Subscriber& added = subscribers_.emplace_back(subscribers_.size(), Subscriber::Role::kMeasured);
    added.open(endpoint_of(added));
    if (!added.is_subscribed()) ++subscribing_;
    poller_.add(added.fd(), &added);
  }
  settle(0);
  std::printf("{\"connected\": %zu, \"seconds\": %.6f}\n", count,
              static_cast<double>(now_ns() - start) / 1e9);
}

void Load::disconnect(std::size_t keep) {
  const std::size_t before = subscribers_.size();
  while (subscribers_.size() > keep) subscribers_.pop_back();
  std::printf("{\"disconnected\": %zu}\n", before - subscribers_.size());
}

void Load::print_group() const {
  const char* separator = "";
  std::printf("{\"addresses\": [");
  for (const Subscriber& subscriber : subscribers_) {
    if (!in_group(subscriber)) continue;
    std::printf("%s\"%s\"", std::exchange(separator, ", "), subscriber.local_address().c_str());
  }
  std::printf("]}\n");
}

void Load::expect(const Expectation& expectation, bool group_only) {
  std::vector<bool> members;
  members.reserve(subscribers_.size());
  for (const Subscriber& subscriber : subscribers_) {
    members.push_back(subscriber.role == Subscriber::Role::kMeasured &&
                      (!group_only || in_group(subscriber)));
  }
  tally_.emplace(expectation, std::move(members), all_.size());
  std::printf("{\"ready\": true}\n");
}

void Load::finish_expectation() {
  std::printf("{");
  tally_->print();
  std::printf(", \"unexpected\": %" PRIu64 ", \"closed\": %" PRIu64 "}\n", unexpected_, closed_);
  last_tally_ = std::move(tally_);
  tally_.reset();
}

void Load::print_details() const {
  std::printf("{");
  if (last_tally_) last_tally_->print_details();
  std::printf("}\n");
}

void Load::stall(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    Subscriber& subscriber = subscribers_.at(i);
    if (subscriber.fd() >= 0) poller_.remove(subscriber.fd());
    subscriber.role = Subscriber::Role::kStalled;
  }
  std::printf("{\"stalled\": %zu}\n", count);
}

void Load::resume() {
  for (Subscriber& subscriber : subscribers_) {
    if (subscriber.role != Subscriber::Role::kStalled || subscriber.fd() < 0) continue;
    poller_.add(subscriber.fd(), &subscriber);
  }
  quiet_since_ns_ = now_ns();
}

void Load::finish_resumption() {
  std::printf("{\"received\": %" PRIu64 ", \"skipped\": %" PRIu64 ", \"disorder\": %" PRIu64
              ", \"corrupt\": %" PRIu64 ", \"closed\": %" PRIu64 "}\n",
              stalled_.received, stalled_.skipped, stalled_.disorder, stalled_.corrupt,
              stalled_.closed);
  quiet_since_ns_ = 0;
}

void Load::churn(double rate) {
  if (rate > 0) {
    churn_.emplace(all_.front(), poller_, rate);
    churn_due_ns_ = 0;
    std::printf("{\"churning\": true}\n");
    return;
  }
  const Onlookers& seen = churn_->onlookers;
  std::printf("{\"connects\": %" PRIu64 ", \"received\": %" PRIu64 ", \"skipped\": %" PRIu64
              ", \"disorder\": %" PRIu64 ", \"corrupt\": %" PRIu64 ", \"closed\": %" PRIu64 "}\n",
              churn_->connects(), seen.received, seen.skipped, seen.disorder, seen.corrupt,
              seen.closed);
  churn_.reset();
}

}  // namespace crier::bench
