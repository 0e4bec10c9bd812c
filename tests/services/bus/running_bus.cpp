#include "tests/services/bus/running_bus.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <asio/post.hpp>
#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>

#include "tests/support/deadline.hpp"

namespace crier::services::bus::redis {
namespace {

void await_or_throw(const std::function<bool()>& condition, const std::string& what) {
  if (!testing::await(condition)) throw std::runtime_error("never came: " + what);
}

}  // namespace

Options options_for(std::uint64_t node, std::uint16_t port, Mode mode) {
  using std::chrono::milliseconds;
  Options options;
  options.node = node;
  options.mode = mode;
  options.endpoints = {{.host = "127.0.0.1", .port = port}};
  options.probe_interval = milliseconds(20);
  // A test that is not about it must not lose a session to a busy machine.
  options.probe_timeout = testing::kPatience;
  options.backoff_min = milliseconds(5);
  options.backoff_max = milliseconds(50);
  return options;
}

RunningBus::RunningBus(Options options, bool started)
    : bus_(io_, std::move(options),
           [this](const std::string& sentence) {
             const std::lock_guard lock(mutex_);
             logged_ += sentence + "\n";
           }),
      thread_([this] { io_.run(); }) {
  if (started) start();
}

RunningBus::~RunningBus() {
  bus_.stop();
  work_.reset();
  io_.stop();
  thread_.join();
}

void RunningBus::publish(Lane lane, std::string bytes, std::uint64_t to) {
  bus_.publish(lane, to, std::move(bytes), nullptr);
}

Outcome RunningBus::ask(Lane lane, std::string bytes, std::uint64_t to) {
  const auto answer = std::make_shared<std::promise<Outcome>>();
  std::future<Outcome> outcome = answer->get_future();
  bus_.publish(lane, to, std::move(bytes), [answer](Outcome o) { answer->set_value(o); });
  if (outcome.wait_for(testing::kPatience) != std::future_status::ready) {
    throw std::runtime_error("nobody said what became of a message");
  }
  return outcome.get();
}

void RunningBus::await_up() {
  await_or_throw([this] { return bus_.up(); }, "up; the log says\n" + logged());
}

void RunningBus::await_down() {
  await_or_throw([this] { return !bus_.up(); }, "down");
}

void RunningBus::await_connects(std::uint64_t times) {
  await_or_throw([&] { return bus_.stats().connects >= times && bus_.up(); }, "a connection");
}

void RunningBus::await_loss(Loss loss, std::uint64_t count) {
  await_or_throw([&] { return losses(loss) >= count; },
                 std::string(kLossLabels[static_cast<std::size_t>(loss)]));
}

void RunningBus::await_log(const std::string& part) {
  await_or_throw([&] { return logged().find(part) != std::string::npos; }, part);
}

std::vector<std::string> RunningBus::await_messages(std::size_t count) {
  await_or_throw(
      [&] {
        const std::lock_guard lock(mutex_);
        return messages_.size() >= count;
      },
      std::to_string(count) + " messages");
  return messages();
}

void RunningBus::await_message(const std::string& bytes) {
  await_or_throw(
      [&] {
        const std::lock_guard lock(mutex_);
        return std::any_of(messages_.begin(), messages_.end(),
                           [&](const auto& message) { return message.second == bytes; });
      },
      bytes);
}

std::vector<std::string> RunningBus::messages() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> all;
  for (const auto& [lane, bytes] : messages_) all.push_back(bytes);
  return all;
}

std::vector<Lane> RunningBus::lanes() const {
  const std::lock_guard lock(mutex_);
  std::vector<Lane> all;
  for (const auto& [lane, bytes] : messages_) all.push_back(lane);
  return all;
}

std::vector<bool> RunningBus::states() const {
  const std::lock_guard lock(mutex_);
  return states_;
}

std::string RunningBus::logged() const {
  const std::lock_guard lock(mutex_);
  return logged_;
}

std::uint64_t RunningBus::losses(Loss loss) const {
  return bus_.stats().losses[static_cast<std::size_t>(loss)];
}

void RunningBus::resume() {
  run_on_loop([this] { bus_.resume(); });
}

void RunningBus::run_on_loop(const std::function<void()>& call) {
  std::promise<void> done;
  asio::post(io_, [&] {
    call();
    done.set_value();
  });
  done.get_future().wait();
}

bool RunningBus::on_message(Lane lane, std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  messages_.emplace_back(lane, bytes);
  return !pause_at_each_;
}

void RunningBus::on_state(bool up) {
  EXPECT_FALSE(bus_.up()) << "only as long as the receiver knows it";
  const std::lock_guard lock(mutex_);
  states_.push_back(up);
}

}  // namespace crier::services::bus::redis
