#include "dataplane/node/answers.hpp"

#include <pthread.h>

#include <iterator>
#include <utility>

namespace crier::dataplane {

void Answers::start() {
  thread_ = std::thread([this] {
    ::pthread_setname_np(::pthread_self(), "answers");
    run();
  });
}

void Answers::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Answers::push(std::vector<BroadcastJobPtr> jobs) {
  {
    const std::lock_guard lock(mutex_);
    if (jobs_.empty()) {
      jobs_ = std::move(jobs);
    } else {
      std::move(jobs.begin(), jobs.end(), std::back_inserter(jobs_));
    }
  }
  wake_.notify_one();
}

void Answers::push(std::function<void()> call) {
  {
    const std::lock_guard lock(mutex_);
    calls_.push_back(std::move(call));
  }
  wake_.notify_one();
}

void Answers::run() {
  for (;;) {
    // Under load more answers come meanwhile, and no one has to wake a thread for each.
    std::this_thread::yield();
    std::vector<BroadcastJobPtr> jobs;
    std::vector<std::function<void()>> calls;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !jobs_.empty() || !calls_.empty(); });
      if (jobs_.empty() && calls_.empty()) return;
      jobs.swap(jobs_);
      calls.swap(calls_);
    }
    for (const BroadcastJobPtr& job : jobs) answer_(*job);
    for (const auto& call : calls) call();
  }
}

}  // namespace crier::dataplane
