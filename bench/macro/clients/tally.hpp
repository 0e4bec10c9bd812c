#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "bench/macro/latencies.hpp"

namespace crier::bench {

// What every member has to get: from each publisher `count` messages of `bytes`, from the sequence
// `first` on.
struct Expectation {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  unsigned publishers = 1;
  std::size_t bytes = 0;
  double seconds = 0;        // the longest that all of it may take
  double quiet_seconds = 0;  // nothing for so long, after something came: nothing more will come
};

struct TallyCounts {
  std::uint64_t delivered = 0;
  std::uint64_t missing = 0;   // did not come, or not before a later one
  std::uint64_t disorder = 0;  // came again or too late
  std::uint64_t corrupt = 0;   // have a wrong byte
  std::uint64_t unasked = 0;   // came to somebody else
};

// What came of it.
class Tally {
 public:
  // members: by the index of a subscriber, whether it is to get the messages. A subscriber is at
  // the place index % places.
  Tally(const Expectation& expectation, std::vector<bool> members, std::size_t places = 1);

  void check(std::size_t subscriber, std::string_view text, std::uint64_t now_ns);
  void add_malformed() { ++counts_.corrupt; }

  [[nodiscard]] bool is_over(std::uint64_t now_ns) const;
  [[nodiscard]] TallyCounts counts() const;
  // One line of JSON, without its braces.
  void print() const;
  // The same: for each sequence how long it took to the last who got it, and for each place how
  // many deliveries took how long.
  void print_details() const;

 private:
  [[nodiscard]] std::uint64_t end_ns() const;

  Expectation expectation_;
  std::vector<bool> members_;
  std::vector<std::uint32_t> next_;  // by subscriber, then publisher; counted from `first`
  std::uint64_t unfinished_ = 0;     // of next_, those that have not got the last message

  TallyCounts counts_;  // missing: those that were skipped so far
  std::uint64_t start_ns_;
  std::uint64_t first_stamp_ns_ = UINT64_MAX;
  std::uint64_t last_ns_ = 0;
  std::vector<Latencies> latencies_;       // by place
  std::vector<std::uint64_t> slowest_ns_;  // by sequence, counted from `first`
};

}  // namespace crier::bench
