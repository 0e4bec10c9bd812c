#include "services/app/process_drain_steps.hpp"

#include <asio/post.hpp>
#include <system_error>
#include <utility>

#include "services/logging/log.hpp"

namespace crier::services::app {

using logging::Level;
using std::chrono::milliseconds;

void ProcessDrainSteps::stop() {
  if (calls_.joinable()) calls_.join();
}

void ProcessDrainSteps::refuse_readiness() {
  parts_.readiness.set(ops::Readiness::State::kDraining);
  parts_.server.set_not_ready();
  logging::log(Level::kInfo, "draining", {{"clients", parts_.dataplane.clients()}});
}

void ProcessDrainSteps::wait(milliseconds time, Done done) {
  asio::steady_timer& timer = timers_.emplace_back(parts_.loop, time);
  timer.async_wait([done = std::move(done)](std::error_code ec) {
    if (!ec) done();
  });
}

void ProcessDrainSteps::stop_accepting(Done done) {
  logging::log(Level::kInfo, "closing the listeners");
  parts_.dataplane.stop_accepting(on_loop(std::move(done)));
}

void ProcessDrainSteps::close_clients(milliseconds spread, milliseconds flush, Done done) {
  logging::log(Level::kInfo, "closing the clients",
               {{"clients", parts_.dataplane.clients()},
                {"spread_ms", spread.count()},
                {"flush_ms", flush.count()}});
  parts_.dataplane.drain(spread, flush, on_loop(std::move(done)));
}

void ProcessDrainSteps::end_calls(Done done) {
  logging::log(Level::kInfo, "ending the last calls");
  parts_.control.set_drained();
  wait(kFarewell, [this, done = on_loop(std::move(done))] {
    calls_ = std::thread([this, done] {
      parts_.server.stop(kEndCallsLimit);
      done();
    });
  });
}

void ProcessDrainSteps::abandon() {
  parts_.dataplane.close_all();
}

DrainSteps::Done ProcessDrainSteps::on_loop(Done done) {
  return [this, done = std::move(done)] { asio::post(parts_.loop, done); };
}

}  // namespace crier::services::app
