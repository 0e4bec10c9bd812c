#include "services/app/drain.hpp"

#include <utility>

namespace crier::services::app {

using std::chrono::milliseconds;

Drain::Drain(const config::Drain& times, DrainSteps& steps, Ended ended)
    : times_(times), steps_(steps), ended_(std::move(ended)) {}

void Drain::request(Pace pace) {
  if (phase_ == Phase::kServing) {
    begin(pace);
  } else {
    abandon(Outcome::kSecondRequest);
  }
}

void Drain::begin(Pace pace) {
  pace_ = pace;
  phase_ = Phase::kSettling;
  steps_.refuse_readiness();
  steps_.wait(times_.deadline, [this] { abandon(Outcome::kDeadline); });
  if (pace_ == Pace::kAtOnce || times_.settle == milliseconds(0)) {
    close_listeners();
  } else {
    steps_.wait(times_.settle, then(&Drain::close_listeners));
  }
}

void Drain::close_listeners() {
  phase_ = Phase::kClosingListeners;
  steps_.stop_accepting(then(&Drain::close_clients));
}

void Drain::close_clients() {
  phase_ = Phase::kClosingClients;
  const milliseconds spread = pace_ == Pace::kAtOnce ? milliseconds(0) : times_.spread;
  steps_.close_clients(spread, times_.flush, then(&Drain::end_calls));
}

void Drain::end_calls() {
  phase_ = Phase::kEndingCalls;
  steps_.end_calls([this] {
    if (phase_ == Phase::kEndingCalls) end(Outcome::kComplete);
  });
}

void Drain::end(Outcome outcome) {
  phase_ = Phase::kEnded;
  ended_(outcome);
}

void Drain::abandon(Outcome outcome) {
  if (phase_ == Phase::kEnded) return;
  phase_ = Phase::kEnded;  // before the call: what it cuts off may report its end within it
  steps_.abandon();
  ended_(outcome);
}

DrainSteps::Done Drain::then(void (Drain::*next)()) {
  return [this, next, expected = phase_] {
    if (phase_ == expected) (this->*next)();
  };
}

}  // namespace crier::services::app
