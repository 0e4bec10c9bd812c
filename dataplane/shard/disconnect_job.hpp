#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "dataplane/broadcast.hpp"

namespace crier::dataplane {

// A Disconnect on its way through the shards. Each shard writes its own part; the one that
// finishes last has the sums to itself.
class DisconnectJob {
 public:
  struct Part {
    std::vector<ClientId> only;  // of this shard; means something where `named`
    DisconnectResult result;
  };

  DisconnectJob(DisconnectRequest request_in, std::size_t shards,
                std::function<void(DisconnectResult)> done)
      : request(std::move(request_in)),
        named(request.only.has_value()),
        parts(shards),
        open_parts_(static_cast<std::uint32_t>(shards)),
        done_(std::move(done)) {}
  DisconnectJob(const DisconnectJob&) = delete;
  DisconnectJob& operator=(const DisconnectJob&) = delete;

  const DisconnectRequest request;
  const bool named;
  std::vector<Part> parts;
  std::vector<ClientId> unroutable;  // ids that name no shard of this node

  // True for the last one.
  [[nodiscard]] bool finish_part() {
    return open_parts_.fetch_sub(1, std::memory_order_acq_rel) == 1;
  }

  // REQUIRES: every part is finished.
  void answer() {
    DisconnectResult total;
    total.unknown = std::move(unroutable);
    for (Part& part : parts) {
      total.matched += part.result.matched;
      total.disconnected += part.result.disconnected;
      total.unknown.insert(total.unknown.end(), part.result.unknown.begin(),
                           part.result.unknown.end());
    }
    done_(std::move(total));
  }

 private:
  std::atomic<std::uint32_t> open_parts_;
  std::function<void(DisconnectResult)> done_;
};
using DisconnectJobPtr = std::shared_ptr<DisconnectJob>;

}  // namespace crier::dataplane
