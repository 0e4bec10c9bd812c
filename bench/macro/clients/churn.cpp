#include "bench/macro/clients/churn.hpp"

#include "bench/macro/system.hpp"

namespace crier::bench {

Churn::Churn(const Endpoint& endpoint, const Poller<Subscriber>& poller, double rate)
    : endpoint_(endpoint),
      poller_(poller),
      period_ns_(static_cast<std::uint64_t>(1e9 / rate)),
      due_ns_(now_ns()) {
  for (std::size_t i = 0; i < kSubscribers; ++i) {
    subscribers_.emplace_back(i, Subscriber::Role::kChurning);
  }
}

std::uint64_t Churn::advance(std::uint64_t now_ns) {
  for (; due_ns_ <= now_ns; due_ns_ += period_ns_) {
    Subscriber& next = subscribers_[connects_ % kSubscribers];
    next.close();
    next.open(endpoint_);
    poller_.add(next.fd(), &next);
    ++connects_;
  }
  return due_ns_;
}

}  // namespace crier::bench
