#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "crier/v1/control.pb.h"
#include "services/control/control.hpp"
#include "tests/integration/cluster/streams.hpp"

namespace crier::testing {

// Somebody who calls one node's control API: broadcasts numbers in every stream of that node, in
// order and without waiting for the answer before the next.
class Publisher final {
 public:
  struct Options {
    std::size_t index = 0;           // of its node
    std::size_t local_clients = 0;   // whom each broadcast to everybody has to match there
    std::vector<std::string> named;  // the named client of each node
    bool met = true;  // the nodes know each other: clients of others can be named, counts awaited
    // Between two broadcasts, and much longer while the bus confirms too late: whatever
    // the machine is busy with, what is published does not pile up for ever.
    std::chrono::microseconds period{0};
    std::size_t window = 256;  // broadcasts without an answer, at most
  };
  // What came of all of it. A value.
  struct Answers {
    std::map<v1::Published, std::uint64_t> published;
    std::uint64_t waited_for = 0;         // broadcasts that waited for nodes
    std::chrono::nanoseconds slowest{0};  // of those that did not
  };

  Publisher(services::control::Control& control, const Streams& streams, Options options);
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;
  ~Publisher();

  // Publishes to everybody from now on, and to named clients in between, until stop().
  void start();
  // So many broadcasts to everybody, on its own thread; stop() waits for them.
  void start(std::uint64_t count);
  // Ends start() soon.
  void request_stop();
  // Waits for the thread, and for the answers of all broadcasts.
  void stop();

  // One broadcast in each of its streams. While its thread does not run.
  void publish_each();
  // So many broadcasts to everybody, with so many further bytes, on the calling thread.
  void burst(std::uint64_t count, std::size_t padding);

  // Numbers published so far, by stream. While its thread does not run.
  [[nodiscard]] const std::vector<std::uint64_t>& numbers() const { return numbers_; }
  // Any thread.
  [[nodiscard]] Answers answers() const;
  [[nodiscard]] std::uint64_t count(v1::Published published) const;
  // What is wrong with an answer, or empty.
  [[nodiscard]] std::string problem() const;

 private:
  struct Call;

  void run(std::uint64_t count);
  void publish_next(std::uint64_t turn);
  void publish(std::size_t stream, std::size_t padding = 0, bool wait_for_nodes = false);
  [[nodiscard]] v1::BroadcastRequest request(std::size_t stream, std::size_t padding,
                                             bool wait_for_nodes) const;
  void answered(const Call& call, const services::control::Status& status);
  [[nodiscard]] std::string problem_of(const Call& call,
                                       const services::control::Status& status) const;

  services::control::Control& control_;
  const Streams streams_;
  const Options options_;
  std::thread thread_;
  std::vector<std::uint64_t> numbers_;  // of whoever publishes

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  bool stopping_ = false;
  bool behind_ = false;  // the last answer was that the bus has not confirmed it yet
  std::size_t unanswered_ = 0;
  Answers answers_;
  std::string problem_;
};

}  // namespace crier::testing
