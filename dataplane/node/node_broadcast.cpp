// A broadcast's way in and its answer's way out.
#include <algorithm>
#include <utility>

#include "dataplane/node/node.hpp"
#include "dataplane/node/sorted_unique.hpp"
#include "dataplane/pressure/admission.hpp"

namespace crier::dataplane {
namespace {

// What a broadcast holds beside its bytes, roughly.
constexpr std::uint64_t kJobBytes = 512;

std::uint64_t encodings_of(const BroadcastJob& job) {
  return static_cast<std::uint64_t>(std::count_if(
      job.frames.begin(), job.frames.end(),
      [](const EncodedFrame& frame) { return frame.state == EncodedFrame::State::kEncoded; }));
}

std::uint64_t id_bytes(const Target& target) {
  return (target.except.size() + (target.only ? target.only->size() : 0)) * sizeof(ClientId);
}

// What it takes until its answer, and queues for ever after that: its ids are sorted in a copy.
std::uint64_t reservation(const BroadcastJob& job, const Broadcast& broadcast) {
  if (job.validate_only) return 0;
  constexpr std::size_t kAnswerBytes = 256;  // how to answer it, and its place in lines
  const std::size_t shards = job.parts.size();
  std::uint64_t frames = 0;
  for (std::size_t i = 0; i < kEncodings; ++i) {
    if (job.frames[i].state != EncodedFrame::State::kEncoded) continue;
    frames +=
        queue_cost(frame_bytes_max(static_cast<Encoding>(i), broadcast.payload.size()), shards);
  }
  return allocation_bytes(sizeof(BroadcastJob)) +
         allocation_bytes(shards * sizeof(BroadcastJob::Part)) + kAnswerBytes +
         2 * id_bytes(broadcast.target) + frames;
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
  if (!encoder_.choose(*job, broadcast.payload)) return Submit::kUnencodable;
  const Submit admitted = admit(*job, broadcast);
  if (admitted != Submit::kAccepted) return admitted;
  encoder_.encode(*job, broadcast.payload);
  address(*job, broadcast.target);
  return submit(std::move(job));
}

// Makes sure of the memory for it, before it takes any.
Submit Dataplane::Impl::admit(BroadcastJob& job, const Broadcast& broadcast) {
  const std::uint64_t inflight =
      kJobBytes + encodings_of(job) * broadcast.payload.size() + id_bytes(broadcast.target);
  if (!inflight_.try_take(inflight)) {
    overloaded_.fetch_add(1, std::memory_order_relaxed);
    return Submit::kOverloaded;
  }
  const std::uint64_t reserved = reservation(job, broadcast);
  const auto admission = queue_memory_.try_reserve(reserved);
  if (admission == QueueMemory::Admission::kAdmitted) {
    job.inflight_bytes = inflight;
    job.reserved_bytes = reserved;
    return Submit::kAccepted;
  }
  inflight_.give_back(inflight);
  if (admission == QueueMemory::Admission::kQueuesFull) return Submit::kMemoryFull;
  overloaded_.fetch_add(1, std::memory_order_relaxed);
  return Submit::kOverloaded;
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
    give_back(*job);
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
  const BroadcastResult total = job.answer();
  {
    const std::lock_guard lock(answered_mutex_);
    enqueue_.observe(took.count());
    width_.observe(static_cast<double>(total.matched));
  }
  job.settle_frames();
  give_back(job);
}

// --- Overload. Whoever was refused is told when half of the room is free again, and queues do not
// hold too much.

void Dataplane::Impl::give_back(const BroadcastJob& job) {
  inflight_.give_back(job.inflight_bytes);
  queue_memory_.release(job.reserved_bytes);
  tell_room();
}

void Dataplane::Impl::tell_room() {
  if (inflight_.used() > config_.max_inflight_bytes / 2 || !queue_memory_.has_room()) return;
  const std::lock_guard lock(waiting_mutex_);
  for (auto& ready : waiting_for_room_) answers_.push(std::move(ready));
  waiting_for_room_.clear();
}

void Dataplane::Impl::when_ready(std::function<void()> ready) {
  {
    const std::lock_guard lock(waiting_mutex_);
    waiting_for_room_.push_back(std::move(ready));
  }
  tell_room();  // the room may have become free before we waited for it
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
