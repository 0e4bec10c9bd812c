#pragma once

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <list>
#include <thread>

#include "dataplane/dataplane.hpp"
#include "services/app/drain.hpp"
#include "services/control/control.hpp"
#include "services/control/server.hpp"
#include "services/ops/readiness.hpp"

namespace crier::services::app {

// After the last client has gone, so long broadcasts are answered UNAVAILABLE, before the server
// goes: a call that it meets on its way out ends as CANCELLED, which callers do not retry.
inline constexpr std::chrono::milliseconds kFarewell{100};
// How long other calls of the control API may go on after that.
inline constexpr std::chrono::milliseconds kEndCallsLimit{2'000};

// The steps of a drain on the real parts. Every `done` runs on the loop's thread.
class ProcessDrainSteps final : public DrainSteps {
 public:
  struct Parts {
    asio::io_context& loop;
    ops::Readiness& readiness;
    control::Control& control;
    control::Server& server;
    dataplane::Dataplane& dataplane;
  };

  // The parts must outlive this object, and the loop must not run after its end.
  explicit ProcessDrainSteps(Parts parts) : parts_(parts) {}
  ProcessDrainSteps(const ProcessDrainSteps&) = delete;
  ProcessDrainSteps& operator=(const ProcessDrainSteps&) = delete;
  ~ProcessDrainSteps() override { stop(); }

  // Waits for what runs beside the loop, at most kEndCallsLimit. Idempotent.
  void stop();

  void refuse_readiness() override;
  void wait(std::chrono::milliseconds time, Done done) override;
  void stop_accepting(Done done) override;
  void close_clients(std::chrono::milliseconds spread, std::chrono::milliseconds flush,
                     Done done) override;
  void end_calls(Done done) override;
  void abandon() override;

 private:
  [[nodiscard]] Done on_loop(Done done);

  Parts parts_;
  std::list<asio::steady_timer> timers_;
  std::thread calls_;  // waits for the last calls
};

}  // namespace crier::services::app
