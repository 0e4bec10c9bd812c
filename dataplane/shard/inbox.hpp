#pragma once

#include <mutex>
#include <utility>
#include <vector>

#include "dataplane/fanout/broadcast_job.hpp"

namespace crier::dataplane {

// Broadcasts on their way to one shard, in order. Bounded by the node's max_inflight_bytes, which
// counts every broadcast from its submission to its answer. Any thread.
class Inbox {
 public:
  // True where the inbox was empty, so that the shard must be woken.
  [[nodiscard]] bool push(BroadcastJobPtr job) {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
    return jobs_.size() == 1;
  }

  [[nodiscard]] std::vector<BroadcastJobPtr> take_all() {
    const std::lock_guard lock(mutex_);
    return std::exchange(jobs_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<BroadcastJobPtr> jobs_;
};

}  // namespace crier::dataplane
