// How frames leave a connection: offers, the channel, the socket.
#include <array>

#include "dataplane/connection/connection.hpp"

namespace crier::dataplane {
namespace {

// One send call gathers from at most this many blocks: 1 MiB of small frames.
constexpr std::size_t kSendBlocksMax = 64;

}  // namespace

bool Connection::try_offer(const Span& span, Source source) {
  const QueueConfig& limits = listener_.config.queue;
  if (!active() || limits.max_frames == 0) return false;
  if (!channel_.fits(span.frames(), span.bytes(), limits)) return false;
  if (!blocked_ && channel_.needs_heap()) {
    send_queued();
    if (!active()) return false;
  }
  count_offered(source, span.frames());
  push(span);
  return true;
}

Connection::Offered Connection::offer(const Span& span, OverflowPolicy policy, Source source) {
  const QueueConfig& limits = listener_.config.queue;
  count_offered(source, 1);
  // Nothing is dropped for fullness before the kernel has said that it is full, too.
  if (active() && !channel_.fits(1, span.bytes(), limits)) send_queued();
  Offered offered;
  if (!active()) {
    offered.dropped = DropReason::kClosing;
  } else if (limits.max_frames == 0) {
    offered.dropped = offer_unqueued(span, policy);
  } else if (channel_.fits(1, span.bytes(), limits)) {
    push(span);
  } else {
    offered.dropped = overflow(span, policy, offered.evicted);
  }
  if (offered.dropped) count_dropped(*offered.dropped, 1);
  count_missed(offered.evicted + (offered.dropped == DropReason::kQueueFull ? 1 : 0));
  // Only now: the frame that costs the client its connection is counted before the close.
  if (offered.dropped == DropReason::kTooSlow) close(CloseReason::kSlowConsumer);
  return offered;
}

// max_frames 0: the frame leaves at once, at least in part, or it is dropped.
std::optional<DropReason> Connection::offer_unqueued(const Span& span, OverflowPolicy policy) {
  const DropReason full =
      policy == OverflowPolicy::kDisconnect ? DropReason::kTooSlow : DropReason::kQueueFull;
  if (!channel_.empty() || blocked_) return full;
  push(span);
  send_queued();
  if (channel_.empty() || channel_.head_partly_sent() || begun_bytes() > 0) return std::nullopt;
  // Not a byte of it left.
  shard_.stats.queued_frames -= channel_.frames();
  shard_.stats.queued_bytes -= channel_.bytes();
  channel_.drop_unsent(begun_bytes());
  return full;
}

std::optional<DropReason> Connection::overflow(const Span& span, OverflowPolicy policy,
                                               std::uint32_t& evicted) {
  switch (policy) {
    case OverflowPolicy::kDropNewest:
      return DropReason::kQueueFull;
    case OverflowPolicy::kDisconnect:
      return DropReason::kTooSlow;
    case OverflowPolicy::kDropOldest:
      break;
  }
  const std::uint64_t bytes = channel_.bytes();
  evicted = channel_.evict_for(span.bytes(), listener_.config.queue, begun_bytes());
  if (evicted == 0) return DropReason::kQueueFull;
  shard_.stats.queued_frames -= evicted;
  shard_.stats.queued_bytes -= bytes - channel_.bytes();
  count_dropped(DropReason::kEvicted, evicted);
  push(span);
  return std::nullopt;
}

void Connection::offer_nothing(DropReason reason, Source source) {
  count_offered(source, 1);
  count_dropped(reason, 1);
}

bool Connection::begin_offers() {
  if (offering_) return false;
  offering_ = true;
  if (channel_.empty()) lost_direct_ = 0;
  return true;
}

std::uint32_t Connection::finish_offers() {
  send_queued();
  offering_ = false;
  const std::uint32_t lost = lost_direct_ == kNotDirect ? 0 : lost_direct_;
  lost_direct_ = kNotDirect;
  if (held_back_ || reply_waits_) use_room();
  return lost;
}

bool Connection::prepare_send(Sockets::Send& send) {
  if (blocked_ || !channel_.contiguous() || notices_due_ || tls() != nullptr) return false;
  observe_wait();
  ++shard_.stats.send_calls;
  send.fd = origin_.fd;
  (void)channel_.gather({&send.from, 1});
  return true;
}

std::uint32_t Connection::finish_offers(const Sockets::Send& sent) {
  if (!take_result(sent.result, sent.from.iov_len)) close(CloseReason::kReset);
  return finish_offers();
}

void Connection::flush() {
  send_queued();
  use_room();
}

// Sends until the channel is empty or the kernel is full. Called directly after frames were
// queued, and by write_task once a full kernel has room again.
void Connection::send_queued() {
  if (!blocked_ && !channel_.empty()) observe_wait();
  while (!blocked_ && !nothing_queued()) {
    if (!(notices_due_ ? send_notices_once() : send_once())) {
      close(CloseReason::kReset);
      return;
    }
  }
  after_queue_change();
  if (nothing_queued() && !active()) finish_sending();
}

// How long the oldest frame waited, where it did.
void Connection::observe_wait() {
  const Stamp wait = shard_.stamp() - channel_.oldest();
  if (wait > 0) shard_.stats.queue_wait.observe(static_cast<double>(wait) / 1000.0);
}

// False where the peer is gone.
bool Connection::send_once() {
  std::array<iovec, kSendBlocksMax> parts;
  const std::size_t count = channel_.gather(parts);
  std::size_t wanted = 0;
  for (std::size_t i = 0; i < count; ++i) wanted += parts[i].iov_len;
  ++shard_.stats.send_calls;
  return take_result(send_some({parts.data(), count}), wanted);
}

bool Connection::take_result(const Sockets::Result& sent, std::size_t wanted) {
  if (sent.error != 0 && !sent.would_block()) return false;
  count_sent(sent.bytes);
  note_progress(sent.bytes, wanted);
  return true;
}

void Connection::note_progress(std::size_t bytes, std::size_t wanted) {
  // A short count is the kernel's way to say the same as EAGAIN.
  blocked_ = bytes < wanted || tls_blocked_;
  if (!blocked_) {
    stalled_since_ = kNever;
  } else if (bytes > 0 || stalled_since_ == kNever) {
    stalled_since_ = shard_.now;
    shard_.deadlines.wake_by(origin_.slot, stalled_since_ + write_stall());
  }
}

// --- Replies.

// Room for at least something: asked before a frame is processed, when the size of its reply is
// not known yet.
bool Connection::room_for_reply(std::uint64_t bytes) const {
  const QueueConfig& limits = listener_.config.queue;
  if (limits.max_frames == 0) return channel_.empty();
  return channel_.fits(1, bytes, limits);
}

// Where reading may go on after it was held back, so that it does not stop again at once.
bool Connection::below_half() const {
  const QueueConfig& limits = listener_.config.queue;
  return channel_.empty() ||
         (2ULL * channel_.frames() < limits.max_frames && 2 * channel_.bytes() < limits.max_bytes);
}

// What the reply to the frame at hand is called, until it is counted as received.
std::uint64_t Connection::next_reply() const {
  return reply_line_ ? reply_line_->next_sequence() : received_frames_;
}

ReplyLine& Connection::reply_line(std::uint64_t next) {
  if (!reply_line_) reply_line_ = std::make_unique<ReplyLine>(shard_.queue_memory, next);
  return *reply_line_;
}

void Connection::reply(std::uint64_t sequence, std::string_view payload) {
  if (!reply_line_ && send_reply(payload)) return;
  reply_waits_ = reply_waits_ || !reply_line_;
  reply_line(sequence).push_ready(payload);
}

// False where the queue has no room for it, even after a flush.
bool Connection::send_reply(std::string_view payload) {
  std::string& wire = shard_.wire_scratch;
  wire.clear();
  const bool encodable = can_encode(listener_.encoding, payload);
  if (encodable) encode(listener_.encoding, payload, wire);
  if (!encodable || wire.size() > listener_.config.queue.max_bytes) {
    offer_nothing(DropReason::kUnencodable, Source::kReply);
    return true;
  }
  if (!room_for_reply(wire.size())) send_queued();
  if (!active() || !room_for_reply(wire.size())) return false;
  const Span span = log_frame(wire);
  count_offered(Source::kReply, 1);
  push(span);
  shard_.replies.settle();
  return true;
}

// Stays readable until shard_.replies is used again.
Span Connection::log_frame(std::string_view wire) {
  const Stamp now = shard_.stamp();
  if (wire.size() < kLargeFrameBytes) return shard_.replies.append(wire, now);
  auto frame = std::make_shared<LargeFrame>(std::string(wire), shard_.queue_memory);
  frame->settle();
  return shard_.replies.append(std::move(frame), now);
}

void Connection::deliver_replies() {
  reply_waits_ = false;
  while (active() && reply_line_ && reply_line_->front_ready()) {
    if (reply_line_->front() && !send_reply(*reply_line_->front())) {
      reply_waits_ = active();
      return;
    }
    reply_line_->pop_front();
  }
  if (reply_line_ && reply_line_->empty()) reply_line_.reset();
}

void Connection::on_reply(std::uint64_t sequence, std::optional<std::string> payload) {
  if (!active() || !reply_line_) return;
  reply_line_->complete(sequence, std::move(payload));
  deliver_replies();
  flush();
}

// --- Accounting. offered = sent + dropped + discarded + queued, after each of these.

void Connection::push(const Span& span) {
  channel_.push(span);
  shard_.stats.queued_frames += span.frames();
  shard_.stats.queued_bytes += span.bytes();
}

void Connection::count_offered(Source source, std::uint32_t frames) {
  offered_frames_ += frames;
  shard_.stats.offered[static_cast<std::size_t>(source)] += frames;
}

void Connection::count_dropped(DropReason reason, std::uint32_t frames) {
  if (frames == 0) return;
  shard_.stats.dropped[static_cast<std::size_t>(reason)] += frames;
  cold().dropped[static_cast<std::size_t>(reason)] += frames;
}

void Connection::count_discarded(std::uint32_t frames) {
  if (frames == 0) return;
  shard_.stats.discarded[static_cast<std::size_t>(close_reason_)] += frames;
  cold().discarded_frames += frames;
}

void Connection::count_sent(std::uint64_t bytes) {
  if (bytes == 0) return;
  const std::uint32_t frames = channel_.commit(bytes);
  sent_at_ = shard_.now;
  sent_frames_ += frames;
  sent_bytes_ += bytes;
  shard_.stats.sent_frames += frames;
  shard_.stats.sent_bytes += bytes;
  shard_.stats.queued_frames -= frames;
  shard_.stats.queued_bytes -= bytes;
}

// What is derived from the length of the queue, once it has settled.
void Connection::after_queue_change() {
  const bool slow = channel_.half_full(listener_.config.queue);
  if (slow != slow_) {
    slow_ = slow;
    shard_.stats.connections_slow += slow ? 1 : -1;
  }
  if (channel_.bytes() > 0 && channel_.bytes() > cold().high_water_bytes) {
    cold().high_water_bytes = channel_.bytes();
  }
}

}  // namespace crier::dataplane
