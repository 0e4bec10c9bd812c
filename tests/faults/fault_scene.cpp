#include "tests/faults/fault_scene.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "dataplane/framing/encoding.hpp"
#include "dataplane/queue/block.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;

// Frames that a publisher is ahead of the slowest witness at most.
constexpr std::uint64_t kAheadMax = 200;
// What a client's begun frame and unprocessed input may hold: two reads, or the frame.
constexpr std::uint64_t kPartialBytesMax = 128U << 10U;
// What an idle shard keeps: 64 blocks for reuse, the one that the next frame goes into, and one for
// replies.
constexpr std::uint64_t kIdleBytesMax = 68 * sizeof(SmallBlock);

Config config_for(const ListenerSetup& setup, const FaultScene::Options& options) {
  ListenerConfig listener = loopback_listener("default", options.processor, setup.framing);
  listener.max_frame_bytes = kFrameBytesMax;
  // A busy machine must not make a healthy client a slow one.
  listener.write_stall = kPatience;
  listener.partial_frame = kPatience;
  listener.handshake_timeout = kPatience;
  setup.adjust(listener);
  Config config = config_of({listener});
  config.linger = std::chrono::milliseconds(200);
  config.flush = std::chrono::milliseconds(200);
  if (options.adjust) options.adjust(config);
  return config;
}

}  // namespace

std::uint64_t ended(const Stats& stats) {
  const auto& rejected = stats.listeners[0].rejected;
  return closed(stats) + std::accumulate(rejected.begin(), rejected.end(), std::uint64_t{0});
}

FaultScene::FaultScene(const ListenerSetup& setup, const Options& options)
    : setup_(setup),
      witness_count_(options.witnesses),
      script_{setup.payload_bytes > 0 ? setup.payload_bytes : options.payload_bytes},
      published_(options.publishers) {
  const Config config = config_for(setup, options);
  const QueueConfig& queue = config.listeners[0].queue;
  queue_bytes_max_ = queue.max_bytes;
  shards_ = config.shards;
  retained_max_ = options.retained_max;
  // All publishers together fill half a queue at most.
  const std::uint64_t room =
      std::min<std::uint64_t>(queue.max_frames, queue.max_bytes / (script_.bytes + 1)) / 2;
  ahead_max_ =
      std::clamp<std::uint64_t>(room / std::max<std::size_t>(options.publishers, 1), 1, kAheadMax);
  plane_.emplace(config, [&](Dataplane& plane) {
    for (std::size_t i = 0; setup.prepare && i < config.listeners.size(); ++i) {
      setup.prepare(plane, static_cast<ListenerIndex>(i));
    }
  });
  witnesses_ = std::make_unique<Witnesses>(setup, plane_->address(), options.witnesses,
                                           options.publishers, script_, verdict_);
  plane_->await_connections(options.witnesses);
}

void FaultScene::publish(std::uint64_t count, std::size_t publisher) {
  std::uint64_t& sequence = published_[publisher];
  for (const std::uint64_t end = sequence + count; sequence < end && !verdict_.failed();) {
    const auto behind = [&] { return sequence - witnesses_->received_by_all(publisher); };
    if (behind() >= ahead_max_ &&
        !await([&] { return verdict_.failed() || behind() < ahead_max_; })) {
      verdict_.fail("a witness waits in vain for a frame");
      return;
    }
    Broadcast broadcast;
    broadcast.payload = script_.payload(publisher, sequence);
    Answer<BroadcastResult> last;
    const bool is_last = sequence + 1 == end;
    const Submit submit =
        (*plane_)->broadcast(broadcast, is_last ? BroadcastDone(last.callback()) : BroadcastDone());
    if (submit == Submit::kAccepted) {
      ++sequence;
      if (is_last) (void)last.get();
    } else if (submit != Submit::kOverloaded) {
      verdict_.fail("refused: " + std::to_string(static_cast<int>(submit)));
    }
  }
  const std::string wrong = problem();
  if (!wrong.empty()) verdict_.fail(wrong);
}

std::uint64_t FaultScene::published(std::size_t publisher) const {
  return published_[publisher];
}

void FaultScene::await_witnesses() {
  const bool complete = await([&] {
    if (verdict_.failed()) return true;
    for (std::size_t p = 0; p < published_.size(); ++p) {
      if (witnesses_->received_by_all(p) != published_[p]) return false;
    }
    return true;
  });
  if (!complete) verdict_.fail("frames for witnesses are missing");
}

std::string FaultScene::problem() {
  const Stats stats = (*plane_)->stats();
  if (std::string wrong = conservation_problem(stats); !wrong.empty()) return wrong;
  const std::uint64_t each = queue_bytes_max_ + script_.bytes + kFrameBytesMax + kFramingBytesMax;
  if (stats.shards.queued_bytes > stats.shards.connections * each) {
    return "queues hold " + std::to_string(stats.shards.queued_bytes) + " bytes";
  }
  if (stats.queue_memory.retained_bytes > retained_max(stats)) {
    return "queues retain " + std::to_string(stats.queue_memory.retained_bytes) + " bytes";
  }
  if (stats.partial_bytes > stats.shards.connections * kPartialBytesMax) {
    return "input holds " + std::to_string(stats.partial_bytes) + " bytes";
  }
  return verdict_.what();
}

// What is queued may be shared, but is no more than if each queue had its own; then there are
// blocks at both ends of each queue, what shards keep for reuse, and what is on its way.
std::uint64_t FaultScene::retained_max(const Stats& stats) const {
  if (retained_max_ > 0) return retained_max_;
  const std::uint64_t on_its_way =
      ahead_max_ * published_.size() * (script_.bytes + kFramingBytesMax) * shards_;
  return stats.shards.queued_bytes + on_its_way + shards_ * kIdleBytesMax +
         stats.shards.connections * 2 * sizeof(SmallBlock);
}

std::uint64_t FaultScene::closed(CloseReason reason) {
  return crier::testing::closed((*plane_)->stats(), reason);
}

std::uint64_t FaultScene::rejected(RejectReason reason) {
  return (*plane_)->stats().listeners[0].rejected[static_cast<std::size_t>(reason)];
}

void FaultScene::await_only_witnesses() {
  plane_->await_connections(witness_count_);
}

std::string FaultScene::problem_at_rest() {
  const bool rests = await([&] {
    const Stats stats = (*plane_)->stats();
    return stats.shards.queued_frames == 0 && stats.shards.queued_bytes == 0 &&
           stats.shards.connections_slow == 0 && stats.inflight_bytes == 0 &&
           stats.partial_bytes == 0 && stats.queue_memory.retained_bytes <= shards_ * kIdleBytesMax;
  });
  if (rests) return {};
  const Stats stats = (*plane_)->stats();
  return "without anything to do: " + std::to_string(stats.shards.queued_bytes) +
         " bytes queued, " + std::to_string(stats.queue_memory.retained_bytes) + " retained, " +
         std::to_string(stats.inflight_bytes) + " in flight, " +
         std::to_string(stats.partial_bytes) + " of input";
}

std::string FaultScene::finish() {
  await_witnesses();
  // Once more with nobody else there.
  await_only_witnesses();
  for (std::size_t p = 0; p < published_.size(); ++p) publish(1, p);
  await_witnesses();
  if (const std::string wrong = problem(); !wrong.empty()) return wrong;
  if (std::string wrong = problem_at_rest(); !wrong.empty()) return wrong;
  witnesses_->stop();
  witnesses_.reset();
  plane_->await_connections(0);
  (*plane_)->stop();
  const Stats stats = (*plane_)->stats();
  plane_.reset();
  if (std::string wrong = conservation_problem(stats); !wrong.empty()) return wrong;
  std::uint64_t accepted = 0;
  for (const ListenerStats& listener : stats.listeners) accepted += listener.accepted;
  const std::uint64_t closed = crier::testing::closed(stats);
  if (accepted != closed) {
    return std::to_string(accepted) + " accepted and " + std::to_string(closed) + " closed";
  }
  return verdict_.what();
}

}  // namespace crier::testing
