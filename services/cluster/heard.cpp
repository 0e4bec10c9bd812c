#include "services/cluster/heard.hpp"

namespace crier::services::cluster {

Heard::Verdict Heard::accept(std::uint64_t publisher, bool named, std::uint64_t sequence) {
  if (sequence == 0) return Verdict::kDuplicate;  // numbers begin at 1
  Publisher& from = find(publisher);
  std::uint64_t& heard = last(from, named, sequence - 1);
  if (sequence <= heard) return Verdict::kDuplicate;
  add_gap(from, sequence - heard - 1);
  heard = sequence;
  return Verdict::kNew;
}

void Heard::note(std::uint64_t publisher, bool named, std::uint64_t sequence) {
  Publisher& from = find(publisher);
  std::uint64_t& heard = last(from, named, sequence);
  if (sequence <= heard) return;
  add_gap(from, sequence - heard);
  heard = sequence;
}

bool Heard::reached(std::uint64_t publisher, std::uint64_t everyone, std::uint64_t named) const {
  const auto found = publishers_.find(publisher);
  const Publisher heard = found == publishers_.end() ? Publisher() : found->second;
  return heard.everyone.value_or(0) >= everyone && heard.named >= named;
}

bool Heard::unsettled(std::uint64_t publisher) const {
  const auto found = publishers_.find(publisher);
  return found != publishers_.end() && !found->second.settled;
}

void Heard::settle(std::uint64_t publisher, std::uint64_t sequence) {
  const auto found = publishers_.find(publisher);
  if (found == publishers_.end() || found->second.settled) return;
  Publisher& from = found->second;
  from.settled = true;
  if (!from.everyone) {
    from.everyone = sequence;
  } else if (sequence < from.heard_from) {
    add_gap(from, from.heard_from - sequence);
  }
}

void Heard::settle_whole(std::uint64_t publisher) {
  const auto found = publishers_.find(publisher);
  if (found != publishers_.end()) found->second.settled = true;
}

std::uint64_t Heard::gaps(std::uint64_t publisher) const {
  const auto found = publishers_.find(publisher);
  return found == publishers_.end() ? 0 : found->second.gaps;
}

Heard::Publisher& Heard::find(std::uint64_t publisher) {
  const auto found = publishers_.find(publisher);
  if (found != publishers_.end()) return found->second;
  // Forged epochs must not grow this without end: whoever is pushed out is settled anew.
  if (publishers_.size() >= kPublishersMax) publishers_.erase(publishers_.begin());
  return publishers_[publisher];
}

// What was published to this node alone was for it from the beginning.
std::uint64_t& Heard::last(Publisher& publisher, bool named, std::uint64_t first) {
  if (named) return publisher.named;
  if (!publisher.everyone) {
    publisher.everyone = first;
    publisher.heard_from = first;
    publisher.settled = publisher.settled || first == 0;  // there was nothing earlier
  }
  return *publisher.everyone;
}

void Heard::add_gap(Publisher& publisher, std::uint64_t count) {
  publisher.gaps += count;
  gaps_ += count;
}

}  // namespace crier::services::cluster
