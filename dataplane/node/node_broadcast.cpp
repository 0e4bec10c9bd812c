// A broadcast's way in and its answer's way out.
#include <algorithm>
#include <utility>

#include "dataplane/node/node.hpp"
#include "dataplane/node/sorted_unique.hpp"

namespace crier::dataplane {
namespace {

// What a broadcast holds beside its bytes, roughly.
constexpr std::uint64_t kJobBytes = 512;

std::uint64_t footprint(const BroadcastJob& job, std::size_t payload_bytes, const Target& target) {
  const auto encoded = static_cast<std::uint64_t>(std::count_if(
      job.frames.begin(), job.frames.end(),
      [](const EncodedFrame& frame) { return frame.state == EncodedFrame::State::kEncoded; }));
  const std::size_t ids = target.except.size() + (target.only ? target.only->size() : 0);
  return kJobBytes + encoded * payload_bytes + ids * sizeof(ClientId);
}

}  // namespace

Submit Dataplane::Impl::broadcast(const Broadcast& broadcast, BroadcastDone done) {
  if (broadcast.payload.size() > config_.max_payload_bytes) return Submit::kTooLarge;
  return encode_and_submit(broadcast, std::move(done));
}

Submit Dataplane::Impl::encode_and_submit(const Broadcast& broadcast, BroadcastDone done) {
  auto job = std::make_shared<BroadcastJob>(shards_.size(), std::move(done));
  job->listener = broadcast.target.listener;
  job->overflow = broadcast.overflow;
  job->source = broadcast.source;
  job->validate_only = broadcast.validate_only;
  if (!encoder_.fill(*job, broadcast.payload)) return Submit::kUnencodable;
  const std::uint64_t bytes = footprint(*job, broadcast.payload.size(), broadcast.target);
  if (!inflight_.try_take(bytes)) {
    overloaded_.fetch_add(1, std::memory_order_relaxed);
    return Submit::kOverloaded;
  }
  job->inflight_bytes = bytes;
  address(*job, broadcast.target);
  return submit(std::move(job));
}

Submit Dataplane::Impl::relay(ListenerIndex listener, const ClientId& from,
                              std::string_view payload) {
  Broadcast broadcast;
  broadcast.payload = payload;
  broadcast.target.listener = listener;
  broadcast.target.except = {from};
  broadcast.source = Source::kRelay;
  // max_frame_bytes bounds what clients send, not max_payload_bytes.
  return encode_and_submit(broadcast, nullptr);
}

// Sorts the ids out to their shards.
void Dataplane::Impl::address(BroadcastJob& job, const Target& target) const {
  const std::vector<ClientId> except = sorted_unique(target.except);
  for (const ClientId& id : except) {
    if (routable(id)) job.parts[id.shard].except.push_back(id);
  }
  if (!target.only) return;
  job.narrow = true;
  for (const ClientId& id : sorted_unique(*target.only)) {
    if (std::binary_search(except.begin(), except.end(), id)) continue;
    if (routable(id)) {
      job.parts[id.shard].only.push_back(id);
    } else {
      job.unroutable.unknown.push_back(id);
    }
  }
}

bool Dataplane::Impl::routable(const ClientId& id) const {
  return id.incarnation == incarnation_ && id.shard < shards_.size();
}

Submit Dataplane::Impl::submit(BroadcastJobPtr job) {
  std::vector<Shard*> shards;
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    // Whoever was active before this call made its shard populated before.
    if (job->narrow ? !job->parts[i].only.empty() : shards_[i]->populated()) {
      shards.push_back(shards_[i].get());
    }
  }
  job->expect_parts(static_cast<std::uint32_t>(shards.size()));
  const std::lock_guard lock(sequencer_);
  if (stopped_) {
    give_back(job->inflight_bytes);
    return Submit::kStopped;
  }
  job->submitted_at = Clock::now();
  for (Shard* shard : shards) shard->submit(job);
  if (shards.empty()) answers_.push(std::vector<BroadcastJobPtr>{std::move(job)});
  return Submit::kAccepted;
}

void Dataplane::Impl::on_broadcasts_done(std::vector<BroadcastJobPtr> jobs) {
  answers_.push(std::move(jobs));
}

// On the answer thread.
void Dataplane::Impl::answer(BroadcastJob& job) {
  const std::chrono::duration<double> took = Clock::now() - job.submitted_at;
  const std::uint64_t bytes = job.inflight_bytes;
  const BroadcastResult total = job.answer();
  {
    const std::lock_guard lock(answered_mutex_);
    enqueue_.observe(took.count());
    width_.observe(static_cast<double>(total.matched));
  }
  give_back(bytes);
}

// --- Overload. Whoever was refused is told when half of the room is free again.

void Dataplane::Impl::give_back(std::uint64_t bytes) {
  inflight_.give_back(bytes);
  if (inflight_.used() > config_.max_inflight_bytes / 2) return;
  const std::lock_guard lock(waiting_mutex_);
  for (auto& ready : waiting_for_room_) answers_.push(std::move(ready));
  waiting_for_room_.clear();
}

void Dataplane::Impl::when_ready(std::function<void()> ready) {
  {
    const std::lock_guard lock(waiting_mutex_);
    waiting_for_room_.push_back(std::move(ready));
  }
  give_back(0);  // the room may have become free before we waited for it
}

void Dataplane::Impl::on_waiting_for_room(std::uint8_t shard) {
  when_ready([this, shard] { shards_[shard]->node_has_room(); });
}

void Dataplane::Impl::complete_reply(const ClientId& client, std::uint64_t sequence,
                                     std::optional<std::string> payload) {
  if (routable(client)) {
    shards_[client.shard]->complete_reply(client, sequence, std::move(payload));
  }
}

}  // namespace crier::dataplane
