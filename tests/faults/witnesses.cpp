#include "tests/faults/witnesses.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <stdexcept>

namespace crier::testing {
namespace {

// "p02 0000000017 " and then letters.
constexpr std::size_t kHeadBytes = 15;

}  // namespace

std::string FrameScript::payload(std::size_t publisher, std::uint64_t sequence) const {
  std::array<char, 40> head{};
  (void)std::snprintf(head.data(), head.size(), "p%02zu %010lu ", publisher,
                      static_cast<unsigned long>(sequence));
  std::string text(head.data());
  text.reserve(bytes);
  while (text.size() < bytes) {
    text.push_back(static_cast<char>('a' + (7 * publisher + sequence + text.size()) % 26));
  }
  return text;
}

FrameScript::Origin FrameScript::origin(std::string_view payload) const {
  if (payload.size() >= kHeadBytes && payload[0] == 'p') {
    const Origin origin{std::stoul(std::string(payload.substr(1, 2))),
                        std::stoull(std::string(payload.substr(4, 10)))};
    if (this->payload(origin.publisher, origin.sequence) == payload) return origin;
  }
  throw std::runtime_error("no frame of ours: " + std::string(payload.substr(0, 100)));
}

Witnesses::Witnesses(const ListenerSetup& setup, const std::string& address, std::size_t count,
                     std::size_t publishers, FrameScript script, Verdict& verdict)
    : script_(script), verdict_(verdict), slowest_(publishers) {
  for (std::size_t i = 0; i < count; ++i) {
    witnesses_.push_back({setup.connect(address, 0), std::vector<std::uint64_t>(publishers)});
    addresses_.insert(witnesses_.back().client->local_address());
  }
  thread_ = std::thread([this] {
    try {
      run();
    } catch (const std::exception& error) {
      verdict_.fail(std::string("a witness: ") + error.what());
    }
  });
}

void Witnesses::stop() {
  running_ = false;
  if (thread_.joinable()) thread_.join();
}

void Witnesses::run() {
  std::vector<pollfd> waited;
  for (const Witness& witness : witnesses_) waited.push_back({witness.client->fd(), POLLIN, 0});
  while (running_) {
    ::poll(waited.data(), waited.size(), 5);
    for (std::size_t i = 0; i < witnesses_.size(); ++i) {
      if (waited[i].revents != 0) read(witnesses_[i]);
    }
    for (std::size_t p = 0; p < slowest_.size(); ++p) {
      std::uint64_t least = UINT64_MAX;
      for (const Witness& witness : witnesses_) least = std::min(least, witness.next[p]);
      slowest_[p] = least;
    }
  }
}

void Witnesses::read(Witness& witness) {
  for (const std::string& payload : witness.client->arrived()) {
    const auto origin = script_.origin(payload);
    std::uint64_t& next = witness.next.at(origin.publisher);
    if (origin.sequence != next) {
      throw std::runtime_error("awaited " + std::to_string(next) + " and got " +
                               std::to_string(origin.sequence));
    }
    ++next;
  }
}

}  // namespace crier::testing
