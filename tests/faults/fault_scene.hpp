#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/faults/listener_setup.hpp"
#include "tests/faults/witnesses.hpp"
#include "tests/stress/oracle.hpp"
#include "tests/support/running_dataplane.hpp"

namespace crier::testing {

// Connections of the first listener that came to an end, as a client or before.
[[nodiscard]] std::uint64_t ended(const dataplane::Stats& stats);

// The oracle of every fault test: a data plane with healthy clients, the witnesses. Whatever a test
// does to it with other clients,
//   - witnesses get every frame once, in order and whole,
//   - frames offered = sent + dropped + discarded + queued, at any moment,
//   - queues and begun frames hold no more than they may, and nothing at the end,
//   - every connection counted as accepted is counted as closed.
// That descriptors return to the start is checked by FaultTest, after everything else has gone.
class FaultScene {
 public:
  struct Options {
    std::string processor = "echo";
    std::size_t witnesses = 5;
    std::size_t publishers = 1;
    std::size_t payload_bytes = 200;  // where the setup leaves the choice
    // By all queues together, at any moment; 0: what follows from what they hold, a few MiB.
    std::uint64_t retained_max = 0;
    std::function<void(dataplane::Config&)> adjust = {};  // of listeners[0], too
  };

  FaultScene(const ListenerSetup& setup, const Options& options);

  RunningDataplane& plane() { return *plane_; }
  [[nodiscard]] const ListenerSetup& setup() const { return setup_; }
  [[nodiscard]] const std::set<std::string>& witnesses() const { return witnesses_->addresses(); }
  [[nodiscard]] const FrameScript& script() const { return script_; }

  // Broadcasts the next frames of a publisher, never so far ahead of the slowest witness that its
  // queue could be full. At the return they have been handed to every client. One thread for each
  // publisher.
  void publish(std::uint64_t count, std::size_t publisher = 0);
  [[nodiscard]] std::uint64_t published(std::size_t publisher = 0) const;
  // Waits until every witness has all that was published.
  void await_witnesses();
  // What is wrong right now; empty where nothing is. Any thread.
  [[nodiscard]] std::string problem();
  [[nodiscard]] std::uint64_t closed(dataplane::CloseReason reason);
  [[nodiscard]] std::uint64_t rejected(dataplane::RejectReason reason);
  // Waits until only the witnesses are left.
  void await_only_witnesses();

  // Stops everything and says what was wrong, now or earlier; empty where nothing was.
  [[nodiscard]] std::string finish();

 private:
  [[nodiscard]] std::string problem_at_rest();
  [[nodiscard]] std::uint64_t retained_max(const dataplane::Stats& stats) const;

  const ListenerSetup& setup_;
  const std::size_t witness_count_;
  const FrameScript script_;
  Verdict verdict_;
  std::optional<RunningDataplane> plane_;
  std::unique_ptr<Witnesses> witnesses_;
  std::vector<std::uint64_t> published_;  // each its publisher's thread
  std::uint64_t ahead_max_ = 1;
  std::uint64_t queue_bytes_max_ = 0;  // of one client
  std::uint64_t retained_max_ = 0;
  std::uint64_t shards_ = 0;
};

}  // namespace crier::testing
