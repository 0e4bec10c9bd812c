#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

#include "bench/macro/clients/onlookers.hpp"
#include "bench/macro/clients/poller.hpp"
#include "bench/macro/clients/subscriber.hpp"

namespace crier::bench {

// Subscribers that come and go at a steady rate: the one that has been there longest leaves, and
// one that was away comes back.
class Churn {
 public:
  Churn(const Endpoint& endpoint, const Poller<Subscriber>& poller, double rate);

  // Does what is due; returns when there is more to do.
  std::uint64_t advance(std::uint64_t now_ns);

  [[nodiscard]] std::uint64_t connects() const { return connects_; }

  Onlookers onlookers;

 private:
  static constexpr std::size_t kSubscribers = 100;

  const Endpoint& endpoint_;
  const Poller<Subscriber>& poller_;
  const std::uint64_t period_ns_;
  std::uint64_t due_ns_;
  std::uint64_t connects_ = 0;
  std::deque<Subscriber> subscribers_;
};

}  // namespace crier::bench
