#include "bench/macro/clients/tally.hpp"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <utility>

#include "bench/macro/message.hpp"
#include "bench/macro/system.hpp"

namespace crier::bench {

Tally::Tally(const Expectation& expectation, std::vector<bool> members, std::size_t places)
    : expectation_(expectation),
      members_(std::move(members)),
      next_(members_.size() * expectation.publishers),
      start_ns_(now_ns()),
      latencies_(places),
      slowest_ns_(expectation.count) {
  unfinished_ = static_cast<std::uint64_t>(std::count(members_.begin(), members_.end(), true)) *
                expectation.publishers;
}

void Tally::check(std::size_t subscriber, std::string_view text, std::uint64_t now_ns) {
  if (subscriber >= members_.size() || !members_[subscriber]) {
    ++counts_.unasked;
    return;
  }
  const auto message = read_message(text);
  if (!message || text.size() != expectation_.bytes || message->stamp_ns > now_ns ||
      message->publisher >= expectation_.publishers) {
    ++counts_.corrupt;
    return;
  }
  std::uint32_t& next = next_[subscriber * expectation_.publishers + message->publisher];
  const std::uint32_t position = message->sequence - expectation_.first;
  if (message->sequence < expectation_.first || position >= expectation_.count || position < next) {
    ++counts_.disorder;
    return;
  }
  counts_.missing += position - next;
  next = position + 1;
  if (next == expectation_.count) --unfinished_;
  ++counts_.delivered;
  const std::uint64_t took_ns = now_ns - message->stamp_ns;
  latencies_[subscriber % latencies_.size()].add(took_ns);
  slowest_ns_[position] = std::max(slowest_ns_[position], took_ns);
  first_stamp_ns_ = std::min(first_stamp_ns_, message->stamp_ns);
  last_ns_ = now_ns;
}

std::uint64_t Tally::end_ns() const {
  const auto ns = [](double seconds) { return static_cast<std::uint64_t>(seconds * 1e9); };
  const std::uint64_t latest = start_ns_ + ns(expectation_.seconds);
  return last_ns_ == 0 ? latest : std::min(latest, last_ns_ + ns(expectation_.quiet_seconds));
}

bool Tally::is_over(std::uint64_t now_ns) const {
  return unfinished_ == 0 || now_ns >= end_ns();
}

TallyCounts Tally::counts() const {
  TallyCounts counts = counts_;
  for (std::size_t i = 0; i < next_.size(); ++i) {
    if (members_[i / expectation_.publishers]) counts.missing += expectation_.count - next_[i];
  }
  return counts;
}

void Tally::print() const {
  const TallyCounts all = counts();
  Latencies latencies;
  for (const Latencies& place : latencies_) latencies += place;
  const auto us = [&](double part) {
    return static_cast<double>(latencies.quantile_ns(part)) / 1e3;
  };
  std::printf("\"delivered\": %" PRIu64 ", \"missing\": %" PRIu64 ", \"disorder\": %" PRIu64
              ", \"corrupt\": %" PRIu64 ", \"unasked\": %" PRIu64
              ", \"seconds\": %.6f, \"p50_us\": %.1f, \"p99_us\": %.1f, \"p999_us\": %.1f, "
              "\"max_us\": %.1f",
              all.delivered, all.missing, all.disorder, all.corrupt, all.unasked,
              all.delivered == 0 ? 0.0 : static_cast<double>(last_ns_ - first_stamp_ns_) / 1e9,
              us(0.5), us(0.99), us(0.999), static_cast<double>(latencies.max_ns()) / 1e3);
}

void Tally::print_details() const {
  const char* separator = "";
  std::printf("\"slowest_us\": [");
  for (const std::uint64_t ns : slowest_ns_) {
    std::printf("%s%.1f", std::exchange(separator, ", "), static_cast<double>(ns) / 1e3);
  }
  std::printf("], \"places\": [");
  separator = "";
  for (const Latencies& place : latencies_) {
    std::printf("%s[", std::exchange(separator, ", "));
    const char* inner = "";
    place.for_each([&](std::uint64_t ns, std::uint64_t count) {
      std::printf("%s[%.1f, %" PRIu64 "]", std::exchange(inner, ", "),
                  static_cast<double>(ns) / 1e3, count);
    });
    std::printf("]");
  }
  std::printf("]");
}

}  // namespace crier::bench
