#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "dataplane/fanout/broadcast_job.hpp"

namespace crier::dataplane {

// The thread on which callers get their answers, in batches: answering an RPC costs more than a
// delivery, so shards do not do it. Bounded by what was accepted and not answered.
class Answers {
 public:
  // `answer` gets each finished broadcast.
  explicit Answers(std::function<void(BroadcastJob&)> answer) : answer_(std::move(answer)) {}
  Answers(const Answers&) = delete;
  Answers& operator=(const Answers&) = delete;
  ~Answers() { stop(); }

  void start();
  // Answers what is there, then joins. Idempotent.
  void stop();

  // Any thread.
  void push(std::vector<BroadcastJobPtr> jobs);
  void push(std::function<void()> call);

 private:
  void run();

  std::function<void(BroadcastJob&)> answer_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<BroadcastJobPtr> jobs_;
  std::vector<std::function<void()>> calls_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace crier::dataplane
