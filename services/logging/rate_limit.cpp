#include "services/logging/rate_limit.hpp"

#include <utility>

namespace crier::services::logging {
namespace {

constexpr std::string_view kOtherSites = "other";

}  // namespace

RateLimit::RateLimit(Options options, Clock clock) : options_(options), clock_(std::move(clock)) {}

bool RateLimit::admit(std::string_view site) {
  const auto now = clock_();
  const std::lock_guard lock(mutex_);
  auto found = sites_.find(site);
  if (found == sites_.end()) {
    const auto name = sites_.size() < options_.sites_max ? site : kOtherSites;
    found = sites_.try_emplace(std::string(name), Site{now}).first;
  }
  Site& state = found->second;
  if (now - state.begin >= options_.interval) {
    state.ended += std::exchange(state.suppressed, 0);
    state.begin = now;
    state.admitted = 0;
  }
  if (state.admitted < options_.per_interval) {
    ++state.admitted;
    return true;
  }
  ++state.suppressed;
  ++suppressed_;
  return false;
}

std::vector<RateLimit::Summary> RateLimit::take_ended() {
  return take(true);
}

std::vector<RateLimit::Summary> RateLimit::take_all() {
  return take(false);
}

std::vector<RateLimit::Summary> RateLimit::take(bool ended_only) {
  const auto now = clock_();
  const std::lock_guard lock(mutex_);
  std::vector<Summary> summaries;
  for (auto& [name, site] : sites_) {
    if (!ended_only || now - site.begin >= options_.interval) {
      site.ended += std::exchange(site.suppressed, 0);
    }
    if (site.ended != 0) {
      summaries.push_back({name, std::exchange(site.ended, 0)});
    }
  }
  return summaries;
}

std::uint64_t RateLimit::suppressed() const {
  const std::lock_guard lock(mutex_);
  return suppressed_;
}

}  // namespace crier::services::logging
