#include "services/bus/redis/probe.hpp"

#include <cstddef>
#include <random>

namespace crier::services::bus::redis {
namespace {

// A protobuf message never begins with a zero byte.
constexpr std::string_view kMark{"\0crier probe ", 13};
constexpr std::size_t kNonceBytes = 32;

std::string make_nonce() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::random_device random;
  std::string nonce;
  while (nonce.size() < kNonceBytes) {
    for (unsigned bits = random(), i = 0; i < 8; ++i, bits >>= 4U) nonce += kDigits[bits & 15U];
  }
  return nonce;
}

}  // namespace

Probe::Step Probe::step(Clock::time_point now) {
  if (paused_ || now < due_) return Step::kWait;
  if (on_its_way_) return Step::kLost;
  on_its_way_ = true;
  nonce_ = make_nonce();
  sent_ = now;
  due_ = now + timeout_;
  return Step::kSend;
}

std::optional<Probe::Clock::time_point> Probe::next_step() const {
  if (paused_) return std::nullopt;
  return due_;
}

std::optional<Probe::Clock::duration> Probe::come_back(std::string_view nonce,
                                                       Clock::time_point now) {
  if (!on_its_way_ || nonce != nonce_) return std::nullopt;
  on_its_way_ = false;
  proven_ = true;
  due_ = sent_ + interval_;
  return now - sent_;
}

void Probe::extend(Clock::time_point now) {
  if (on_its_way_) due_ = now + timeout_;
}

void Probe::pause(Clock::time_point now) {
  if (!paused_) paused_ = now;
}

void Probe::resume(Clock::time_point now) {
  if (!paused_) return;
  due_ += now - *paused_;
  paused_.reset();
}

std::string probe_message(std::string_view nonce) {
  std::string bytes(kMark);
  bytes += nonce;
  return bytes;
}

std::optional<std::string_view> parse_probe_message(std::string_view bytes) {
  if (bytes.size() != kMark.size() + kNonceBytes) return std::nullopt;
  if (!bytes.starts_with(kMark)) return std::nullopt;
  return bytes.substr(kMark.size());
}

}  // namespace crier::services::bus::redis
