#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "crier/v1/control.pb.h"
#include "services/control/control.hpp"
#include "services/control/peers.hpp"

namespace crier::services::control {

// One page of a listing over all nodes. The nodes are walked in the order of their epochs, each
// with its own page tokens, until the page is full; all of them are asked meanwhile how many
// clients they have. A node that does not answer ends the page, so that a page never waits for more
// than one of them. Lives until the page is answered.
class ClusterListing final : public std::enable_shared_from_this<ClusterListing> {
 public:
  // REQUIRES: page_size is not negative and the listener exists. Both messages live until `done`.
  static void start(Control& control, Peers& peers, const v1::ListClientsRequest& request,
                    v1::ListClientsResponse& response, Control::Done done);

  ClusterListing(Control& control, Peers& peers, const v1::ListClientsRequest& request,
                 v1::ListClientsResponse& response, Control::Done done);

 private:
  struct Node {
    std::uint64_t epoch;
    bool reachable;
  };

  [[nodiscard]] bool seek();
  void count();
  void next_page();
  void on_page(std::optional<v1::ListClientsResponse> page);
  void end_page();
  void next_node();
  void skip_unreachable();
  void note_unreachable(std::uint64_t epoch);
  void one_done();

  Control& control_;
  Peers& peers_;
  const v1::ListClientsRequest& request_;
  v1::ListClientsResponse& response_;
  const Control::Done done_;
  const int page_size_;

  // The walk; one step at a time.
  std::vector<Node> nodes_;
  std::size_t at_ = 0;
  std::string token_;  // of the node at at_
  v1::ListClientsResponse own_page_;

  // The counts, beside it.
  std::atomic<std::size_t> left_{1};
  std::atomic<std::int64_t> total_{0};
  std::mutex mutex_;
  std::vector<std::uint64_t> unreachable_;  // mutex_; sorted, distinct
};

}  // namespace crier::services::control
