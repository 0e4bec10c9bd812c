#include "tests/integration/cluster/oracle.hpp"

namespace crier::testing {

Oracle::Oracle(const Streams& streams, const std::vector<std::unique_ptr<Publisher>>& publishers,
               const Crowd& crowd)
    : streams_(streams), crowd_(crowd) {
  for (std::size_t s = 0; s < streams_.count(); ++s) {
    published_.push_back(publishers.at(streams_.publisher_of(s))->numbers()[s]);
  }
}

bool Oracle::up_to_date() const {
  for (std::size_t node = 0; node < streams_.nodes(); ++node) {
    const auto has_newest = [&](std::size_t client, const std::vector<Tally>& tallies) {
      for (std::size_t s = 0; s < published_.size(); ++s) {
        const bool for_it = streams_.reaches(s, node, client == 0);
        if (for_it && tallies[s].last != published_[s]) return false;
      }
      return true;
    };
    if (!crowd_.each(node, has_newest)) return false;
  }
  return true;
}

std::vector<Tally> Oracle::first(std::size_t node) const {
  std::vector<Tally> first;
  crowd_.each(node, [&](std::size_t /*client*/, const std::vector<Tally>& tallies) {
    first = tallies;
    return false;
  });
  return first;
}

std::uint64_t Oracle::missing(std::size_t node) const {
  const std::vector<Tally> got = first(node);
  std::uint64_t missing = 0;
  for (std::size_t s = 0; s < published_.size(); ++s) {
    if (streams_.publisher_of(s) == node || !streams_.reaches(s, node, true)) continue;
    missing += published_[s] - got[s].count;
  }
  return missing;
}

std::string Oracle::problem(std::size_t node) const {
  const std::vector<Tally> first = this->first(node);
  std::string problem;
  crowd_.each(node, [&](std::size_t client, const std::vector<Tally>& tallies) {
    for (std::size_t s = 0; s < tallies.size() && problem.empty(); ++s) {
      problem = problem_of(node, client, s, tallies[s], first[s]);
    }
    return problem.empty();
  });
  return problem;
}

std::string Oracle::problem_of(std::size_t node, std::size_t client, std::size_t stream,
                               const Tally& tally, const Tally& first) const {
  const std::string got = "client " + std::to_string(client) + " got " +
                          std::to_string(tally.count) + " of stream " + std::to_string(stream) +
                          " up to " + std::to_string(tally.last);
  if (!streams_.reaches(stream, node, client == 0)) {
    return tally.count == 0 ? std::string() : got + ", which was not for it";
  }
  if (tally != first) {
    return got + ", another one " + std::to_string(first.count) + " up to " +
           std::to_string(first.last);
  }
  if (streams_.publisher_of(stream) == node && tally.count != published_[stream]) {
    return got + " of " + std::to_string(published_[stream]) + " from its own node";
  }
  return {};
}

}  // namespace crier::testing
