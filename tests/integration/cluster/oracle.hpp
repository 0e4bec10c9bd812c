#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/integration/cluster/crowd.hpp"
#include "tests/integration/cluster/publisher.hpp"
#include "tests/integration/cluster/streams.hpp"

namespace crier::testing {

// Compares what was published with what the clients got. While nobody publishes.
class Oracle {
 public:
  // Publisher i is that of node i, whose clients are group i; the first of them is the named one.
  Oracle(const Streams& streams, const std::vector<std::unique_ptr<Publisher>>& publishers,
         const Crowd& crowd);

  // Whether every client has the newest number of every stream that is for it.
  [[nodiscard]] bool up_to_date() const;

  // How many numbers of other nodes' publishers never reached this node.
  [[nodiscard]] std::uint64_t missing(std::size_t node) const;

  // What is wrong beside that, or empty: clients of a node that did not get the same, something
  // that was for others, a number of the node's own publisher that is missing.
  [[nodiscard]] std::string problem(std::size_t node) const;

 private:
  [[nodiscard]] std::string problem_of(std::size_t node, std::size_t client, std::size_t stream,
                                       const Tally& tally, const Tally& first) const;
  // What the named client has.
  [[nodiscard]] std::vector<Tally> first(std::size_t node) const;

  const Streams streams_;
  std::vector<std::uint64_t> published_;  // by stream
  const Crowd& crowd_;
};

}  // namespace crier::testing
