#pragma once

#include <string>
#include <utility>
#include <vector>

#include "services/app/drain.hpp"

namespace crier::services::app {

// Notes what it is told and keeps every `done` for the test to call.
class FakeDrainSteps final : public DrainSteps {
 public:
  void refuse_readiness() override { told.push_back("refuse readiness"); }
  void wait(std::chrono::milliseconds time, Done done) override {
    timers.emplace_back(time, std::move(done));
  }
  void stop_accepting(Done done) override {
    told.push_back("stop accepting");
    listeners_closed = std::move(done);
  }
  void close_clients(std::chrono::milliseconds spread, std::chrono::milliseconds flush,
                     Done done) override {
    told.push_back("close clients " + std::to_string(spread.count()) + " " +
                   std::to_string(flush.count()));
    clients_gone = std::move(done);
  }
  void end_calls(Done done) override {
    told.push_back("end calls");
    calls_ended = std::move(done);
  }
  void abandon() override { told.push_back("abandon"); }

  // Lets the pending timer of this length run out.
  void expire(std::chrono::milliseconds time) {
    for (auto& [length, done] : timers) {
      if (length == time) return done();
    }
    told.push_back("no timer of " + std::to_string(time.count()));
  }

  std::vector<std::string> told;
  std::vector<std::pair<std::chrono::milliseconds, Done>> timers;
  Done listeners_closed;
  Done clients_gone;
  Done calls_ended;
};

}  // namespace crier::services::app
