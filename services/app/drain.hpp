#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

#include "services/config/convert.hpp"

namespace crier::services::app {

// What a drain does to the rest of the process. Every call returns at once and reports its end
// through `done`, which is called at most once, on the thread of Drain, also within the call.
class DrainSteps {
 public:
  using Done = std::function<void()>;

  virtual ~DrainSteps() = default;
  virtual void refuse_readiness() = 0;  // for load balancers: not ready, NOT_SERVING
  virtual void wait(std::chrono::milliseconds time, Done done) = 0;
  virtual void stop_accepting(Done done) = 0;
  virtual void close_clients(std::chrono::milliseconds spread, std::chrono::milliseconds flush,
                             Done done) = 0;
  virtual void end_calls(Done done) = 0;  // of the control API
  virtual void abandon() = 0;             // clients and calls are cut off now
};

// The way down, step by step:
//
//   serving -> settling -> closing listeners -> closing clients -> ending calls -> ended
//
// Each step follows the end of the one before. The deadline and a second request skip to the end
// from wherever it is. Not thread-safe: one thread calls it and the `done`s.
class Drain {
 public:
  enum class Phase : std::uint8_t {
    kServing,
    kSettling,
    kClosingListeners,
    kClosingClients,
    kEndingCalls,
    kEnded,
  };
  enum class Pace : std::uint8_t {
    kSpread,  // SIGTERM: let load balancers notice, close clients over time
    kAtOnce,  // SIGINT: a person waits; flush every client now
  };
  enum class Outcome : std::uint8_t { kComplete, kDeadline, kSecondRequest };
  using Ended = std::function<void(Outcome)>;

  // `steps` must outlive this object and be silent after its end. `ended` is called once.
  Drain(const config::Drain& times, DrainSteps& steps, Ended ended);
  Drain(const Drain&) = delete;
  Drain& operator=(const Drain&) = delete;

  // The first request begins the drain, the second ends it; more do nothing.
  void request(Pace pace);
  [[nodiscard]] Phase phase() const { return phase_; }

 private:
  void begin(Pace pace);
  void close_listeners();
  void close_clients();
  void end_calls();
  void end(Outcome outcome);
  void abandon(Outcome outcome);
  // What to do when a step is done, unless the drain has left that step meanwhile.
  [[nodiscard]] DrainSteps::Done then(void (Drain::*next)());

  const config::Drain times_;
  DrainSteps& steps_;
  const Ended ended_;
  Phase phase_ = Phase::kServing;
  Pace pace_ = Pace::kSpread;
};

}  // namespace crier::services::app
