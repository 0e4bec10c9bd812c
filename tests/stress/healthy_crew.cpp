#include "tests/stress/healthy_crew.hpp"

#include <poll.h>

#include <algorithm>
#include <exception>

#include "tests/stress/frames.hpp"

namespace crier::testing {

HealthyCrew::Member::Member(const Berth& berth, std::string source_in, Verdict& verdict)
    : role(berth.role),
      source(std::move(source_in)),
      client(berth.address),
      oracle(source, verdict) {}

HealthyCrew::HealthyCrew(const std::vector<Berth>& berths, std::size_t publishers, Verdict& verdict)
    : verdict_(verdict), slowest_(publishers) {
  for (const Berth& berth : berths) {
    const char* kind = berth.role == Role::kRelay ? "r" : berth.role == Role::kEcho ? "e" : "l";
    std::string source = kind + std::to_string(members_.size());
    members_.push_back(std::make_unique<Member>(berth, std::move(source), verdict));
    addresses_.insert(members_.back()->client.local_address());
  }
}

void HealthyCrew::start() {
  thread_ = std::thread([this] {
    try {
      run();
    } catch (const std::exception& error) {
      verdict_.fail(std::string("a healthy client broke: ") + error.what());
    }
  });
}

void HealthyCrew::stop() {
  running_ = false;
  if (thread_.joinable()) thread_.join();
}

void HealthyCrew::run() {
  while (running_ && !verdict_.failed()) {
    read_ready();
    for (const auto& member : members_) send_next(*member);
    count_up();
  }
}

void HealthyCrew::read_ready() {
  std::vector<pollfd> waited;
  for (const auto& member : members_) waited.push_back({member->client.fd(), POLLIN, 0});
  ::poll(waited.data(), waited.size(), 1);
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (waited[i].revents == 0) continue;
    const std::string got = members_[i]->client.read_available();
    if (got.empty()) verdict_.fail(members_[i]->source + " was closed");
    members_[i]->oracle.take(got);
  }
}

void HealthyCrew::send_next(Member& member) {
  const bool may = sending_ && member.role != Role::kListen;
  if (may && member.unsent.empty() && member.sent < arrived(member) + kAheadMax) {
    member.unsent = stress_frame(member.source, member.sent++);
  }
  if (member.unsent.empty()) return;
  member.unsent.erase(0, member.client.send_some(member.unsent));
}

std::uint64_t HealthyCrew::arrived(const Member& sender) const {
  if (sender.role == Role::kEcho) return sender.oracle.frames(sender.source);
  std::uint64_t least = sender.sent;
  for (const auto& member : members_) {
    if (member->role != Role::kRelay || member.get() == &sender) continue;
    least = std::min(least, member->oracle.frames(sender.source));
  }
  return least;
}

void HealthyCrew::count_up() {
  for (std::size_t i = 0; i < slowest_.size(); ++i) {
    std::uint64_t least = UINT64_MAX;
    const std::string source = "b" + std::to_string(i);
    for (const auto& member : members_) least = std::min(least, member->oracle.frames(source));
    slowest_[i] = least;
  }
  settled_ = std::all_of(members_.begin(), members_.end(), [this](const auto& member) {
    return member->role == Role::kListen ||
           (member->unsent.empty() && arrived(*member) == member->sent);
  });
}

}  // namespace crier::testing
