// How bytes become frames and frames are processed.
#include <algorithm>
#include <cerrno>
#include <utility>

#include "dataplane/connection/connection.hpp"

namespace crier::dataplane {
namespace {

CloseReason to_close_reason(FrameReader::Status status) {
  switch (status) {
    case FrameReader::Status::kTooLarge:
      return CloseReason::kFrameTooLarge;
    case FrameReader::Status::kMalformed:
      return CloseReason::kMalformedFrame;
    case FrameReader::Status::kNoRoom:
      return CloseReason::kPartialMemory;
    case FrameReader::Status::kFrame:
    case FrameReader::Status::kNeedMore:
      break;
  }
  return CloseReason::kInternalError;
}

}  // namespace

// One read, into memory that the whole shard shares; a connection with more to read queues up
// behind the others.
void Connection::receive() {
  const std::size_t portion = readable_portion(
      channel_.empty() ? ShardContext::kReadBytes : ShardContext::kReadBytesWhileQueued);
  if (portion == 0) return;
  const std::span<char> scratch(shard_.read_scratch.data(), portion);
  bool more = false;
  const Sockets::Result read = receive_some(scratch, more);
  if (read.would_block()) {
    readable_ = more;
    if (more) await_turn();
    note_caught_up();
    return;
  }
  if (read.error != 0) {
    close(read.error == EPROTO ? CloseReason::kTlsError : CloseReason::kReset);
    return;
  }
  if (read.bytes == 0) {
    readable_ = false;
    fin_received_ = true;
    return;
  }
  received_at_ = shard_.now;
  count_received(read.bytes);
  readable_ = read.bytes == portion || fin_announced_ || more;
  if (readable_) await_turn();
  process({scratch.data(), read.bytes});
  note_caught_up();
}

void Connection::discard_input() {
  const Sockets::Result read =
      shard_.sockets.receive(origin_.fd, {shard_.read_scratch.data(), ShardContext::kReadBytes});
  count_received(read.bytes);
  readable_ = read.bytes == ShardContext::kReadBytes || (fin_announced_ && read.bytes > 0);
  if (readable_) {
    await_turn();
  } else if (read.error != 0 ? !read.would_block() : read.bytes == 0) {
    fin_received_ = true;
    if (read.error != 0 || state_ == State::kLingering) end();
  }
}

void Connection::count_received(std::uint64_t bytes) {
  if (rate() != nullptr) rate()->take_bytes(bytes, shard_.now);
  received_bytes_ += bytes;
  shard_.stats.received_bytes += bytes;
}

// Takes `input` apart until it is used up, the connection closes, or what comes out of it has no
// room; then the rest is carried over.
void Connection::process(std::string_view input) {
  const bool begun = partial_ != nullptr;
  FrameReader reader(listener_.framing, partial_, shard_.partial_memory, input);
  bool popped = false;
  while (active()) {
    if (input_held_back()) {
      flush();
      if (!active()) return;
      if (input_held_back()) {
        held_back_ = true;
        carry(reader.rest());
        return;
      }
    }
    const FrameReader::Result frame = reader.peek();
    if (frame.status == FrameReader::Status::kNeedMore) break;
    if (frame.status != FrameReader::Status::kFrame) {
      close(to_close_reason(frame.status));
      return;
    }
    if (too_fast()) {
      flush();
      if (!active()) return;
      held_back_ = true;
      carry(reader.rest());
      return;
    }
    if (!process_frame(frame.payload)) continue;
    reader.pop();
    popped = true;
  }
  if (partial_ && (popped || !begun)) {
    partial_->since = shard_.now;
    shard_.deadlines.wake_by(origin_.slot, partial_->since + listener_.config.partial_frame);
  }
  flush();
}

// False where the frame was not taken.
bool Connection::process_frame(std::string_view frame) {
  const bool taken = envelope() != nullptr ? process_envelope(frame) : process_payload(frame);
  if (taken && rate() != nullptr) rate()->take_message(shard_.now);
  return taken;
}

bool Connection::process_payload(std::string_view payload) {
  const std::uint64_t sequence = next_reply();
  const InboundFrame frame{
      payload, listener_.index, {&shard_.node, id(), sequence}, shard_.reply_scratch};
  const Verdict verdict = listener_.processor->process(frame);
  if (verdict.kind == Verdict::Kind::kBusy) {
    busy_frame_ = true;
    await_node();
    return false;
  }
  ++received_frames_;
  ++shard_.stats.received_frames;
  switch (verdict.kind) {
    case Verdict::Kind::kReply:
      reply(sequence, verdict.reply);
      break;
    case Verdict::Kind::kLater:
      reply_line(sequence).push_pending();
      break;
    case Verdict::Kind::kRejected:
      close(payload.empty() ? CloseReason::kEmptyFrame : CloseReason::kFrameRejected);
      break;
    case Verdict::Kind::kNone:
    case Verdict::Kind::kBusy:
      break;
  }
  return true;
}

// Whether the next frame must wait: for the node, for its turn, for room for its reply, or because
// the client is too fast.
bool Connection::input_held_back() {
  if (busy_frame_ || (held_back_ && too_fast())) return true;
  if (!listener_.processor->replies()) return false;
  if (shard_.queue_memory.full()) {
    await_node();
    return true;
  }
  if (reply_line_ && (reply_line_->full() || reply_line_->front_ready())) return true;
  if (held_back_) return !below_half();
  return !room_for_reply(1);
}

void Connection::carry(std::string_view rest) {
  if (rest.empty()) return;
  if (!carry_) carry_ = std::make_unique<BoundedBuffer>(shard_.partial_memory);
  if (!carry_->append(rest, ShardContext::kReadBytes)) close(CloseReason::kPartialMemory);
}

void Connection::process_again() {
  held_back_ = false;
  const auto input = std::move(carry_);
  process(input ? input->view() : std::string_view());
  // What arrived meanwhile was announced while nobody listened.
  if (readable_ && !held_back_) await_turn();
  note_caught_up();
}

// Room in the queue or at the node goes to replies that wait for it, then to input that was held
// back. REQUIRES: what is queued has been sent as far as possible.
void Connection::use_room() {
  if (reply_waits_) {
    deliver_replies();
    send_queued();
  }
  if (active() && held_back_ && !input_held_back()) input_.notify();
}

void Connection::await_node() {
  if (awaits_node_) return;
  awaits_node_ = true;
  shard_.awaiting_node.push_back({origin_.slot, origin_.serial});
}

void Connection::on_node_room() {
  awaits_node_ = false;
  busy_frame_ = false;
  use_room();
}

}  // namespace crier::dataplane
