#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "dataplane/client_info.hpp"
#include "dataplane/close_reason.hpp"
#include "dataplane/connection/listener_context.hpp"
#include "dataplane/connection/peer_address.hpp"
#include "dataplane/connection/reply_line.hpp"
#include "dataplane/connection/session.hpp"
#include "dataplane/connection/shard_context.hpp"
#include "dataplane/connection/task.hpp"
#include "dataplane/framing/frame_reader.hpp"
#include "dataplane/limits/inbound_rate.hpp"
#include "dataplane/queue/channel.hpp"

namespace crier::dataplane {

// Our side of one client: a socket, a channel, and two tasks.
//
//   read_task   socket -> framing -> processor -> replies into the channel
//   write_task  channel -> socket, whenever the socket takes bytes again
//
// Life: active -> flushing (what is queued is still sent) -> lingering (our FIN is out, the rest is
// read and discarded) -> ended. Whoever closes first gives the reason; later calls change nothing.
//
// Shard thread only. Lives in its slot of the ConnectionTable, which destroys it at the end of the
// turn in which it ended.
class Connection {
 public:
  struct Origin {
    std::uint32_t slot = 0;
    std::uint64_t serial = 0;
    int fd = -1;  // owned from now on
    PeerAddress peer;
  };
  Connection(ShardContext& shard, ListenerContext& listener, const Origin& origin,
             std::unique_ptr<Session> session = nullptr);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  // `input`: what was received before it became a client.
  void start(std::string_view input = {});

  // --- Events.
  // The socket has become readable or writable since the last such event (edge-triggered).
  void on_ready(bool readable, bool writable);
  // The peer's FIN waits behind what there is to read. Comes before on_ready().
  void on_peer_finished() { fin_announced_ = true; }
  // Its turn among those that have more to read.
  void on_turn();
  // A deadline that it asked for may have passed.
  void on_deadline();
  // The node, which had no room for a relay or for replies, has some again.
  void on_node_room();
  // The level of QueueMemory has changed: what is overdue may have, too.
  void on_queue_memory();
  // A reply promised with Verdict::Kind::kLater.
  void on_reply(std::uint64_t sequence, std::optional<std::string> payload);

  // --- The way out. A frame offered is counted at once and ends as sent, dropped or discarded.
  // Takes all frames of `span`, or none where that is not plainly possible: then offer each.
  [[nodiscard]] bool try_offer(const Span& span, Source source);
  struct Offered {
    std::optional<DropReason> dropped;  // absent: queued
    std::uint32_t evicted = 0;
  };
  // REQUIRES: span.frames() == 1.
  Offered offer(const Span& span, OverflowPolicy policy, Source source);
  // A frame for this connection that never became bytes.
  void offer_nothing(DropReason reason, Source source);
  // Offers come in a group, which ends with the sending of what it has queued.
  // False where the group has begun before.
  bool begin_offers();
  // Sends as far as the kernel takes it. Returns how many of the group's frames were lost because
  // the peer is gone; they are dropped as kClosing.
  [[nodiscard]] std::uint32_t finish_offers();
  // The same in two halves, for sending together with others. The first says what is to be sent,
  // or false where this connection has to send by itself; nothing may happen to it in between.
  [[nodiscard]] bool prepare_send(Sockets::Send& send);
  [[nodiscard]] std::uint32_t finish_offers(const Sockets::Send& sent);

  // --- The end.
  void close(CloseReason reason) { close(reason, info(reason).farewell); }
  void close(CloseReason reason, Farewell farewell);
  // Closes with kDrain at that moment.
  void close_at(Time time);
  // For its tasks: where their frames live, and what happens when an exception ends one.
  [[nodiscard]] TaskRoom& task_room() { return task_room_; }
  void on_task_failed() { close(CloseReason::kInternalError); }

  // What waits because the socket takes no more, where something does.
  struct Backlog {
    Stamp oldest_age = 0;
    std::uint64_t bytes = 0;
    auto operator<=>(const Backlog&) const = default;
  };
  [[nodiscard]] std::optional<Backlog> backlog() const;

  [[nodiscard]] bool active() const { return state_ == State::kActive; }
  [[nodiscard]] bool ended() const { return state_ == State::kEnded; }
  [[nodiscard]] ClientId id() const;
  [[nodiscard]] std::uint64_t serial() const { return origin_.serial; }
  [[nodiscard]] int fd() const { return origin_.fd; }
  [[nodiscard]] ListenerContext& listener() const { return listener_; }
  [[nodiscard]] ClientInfo info_now(bool with_tcp) const;

 private:
  enum class State : std::uint8_t { kActive, kFlushing, kLingering, kEnded };

  // The tasks (connection.cpp).
  Task<Connection> read_task();
  Task<Connection> write_task();

  // Input (connection_input.cpp).
  void receive();
  void discard_input();
  void count_received(std::uint64_t bytes);
  void process(std::string_view input);
  void process_again();
  bool process_frame(std::string_view frame);
  bool process_payload(std::string_view payload);
  void carry(std::string_view rest);
  [[nodiscard]] bool input_held_back();
  void await_node();
  void await_turn();
  void use_room();

  // Input that is too fast (connection_rate.cpp).
  [[nodiscard]] bool too_fast();
  void hold_back_for_rate();
  [[nodiscard]] std::size_t readable_portion(std::size_t portion);
  void note_caught_up();

  // Through TLS, where there is some (connection_io.cpp).
  [[nodiscard]] TlsSession* tls() const { return encrypted_ ? session_->tls.get() : nullptr; }
  [[nodiscard]] Sockets::Result receive_some(std::span<char> into, bool& more);
  [[nodiscard]] Sockets::Result send_some(std::span<const iovec> from);
  void note_ciphertext(TlsSession& secure);
  [[nodiscard]] std::uint64_t begun_bytes() const;
  void shutdown_send();

  // What the envelope adds (connection_envelope.cpp).
  [[nodiscard]] EnvelopeState* envelope() const {
    return session_ ? session_->envelope.get() : nullptr;
  }
  bool process_envelope(std::string_view frame);
  void renew_credentials(std::string_view token);
  void on_pong(std::uint64_t id);
  void send_hello();
  void send_ping();
  void send_goaway();
  void count_missed(std::uint32_t frames);
  bool offer_notice(std::string_view message);
  [[nodiscard]] bool send_notices_once();
  void take_notices_result(std::uint64_t bytes);
  void note_ping_sent();
  void abandon_notices();
  [[nodiscard]] Time next_ping() const;
  [[nodiscard]] Time pong_deadline() const;

  // Output (connection_output.cpp).
  void flush();
  void send_queued();
  [[nodiscard]] bool send_once();
  [[nodiscard]] bool take_result(const Sockets::Result& sent, std::size_t wanted);
  void note_progress(std::size_t bytes, std::size_t wanted);
  [[nodiscard]] bool nothing_queued() const {
    return channel_.empty() && !notices_due_ && !tls_blocked_;
  }
  [[nodiscard]] bool mid_frame() const;
  void observe_wait();
  [[nodiscard]] std::optional<DropReason> offer_unqueued(const Span& span, OverflowPolicy policy);
  [[nodiscard]] std::optional<DropReason> overflow(const Span& span, OverflowPolicy policy,
                                                   std::uint32_t& evicted);
  [[nodiscard]] std::uint64_t next_reply() const;
  ReplyLine& reply_line(std::uint64_t next);
  void reply(std::uint64_t sequence, std::string_view payload);
  [[nodiscard]] bool send_reply(std::string_view payload);
  void deliver_replies();
  [[nodiscard]] Span log_frame(std::string_view wire);
  [[nodiscard]] bool room_for_reply(std::uint64_t bytes) const;
  [[nodiscard]] bool below_half() const;
  void push(const Span& span);
  void count_offered(Source source, std::uint32_t frames);
  void count_dropped(DropReason reason, std::uint32_t frames);
  void count_discarded(std::uint32_t frames);
  void count_sent(std::uint64_t bytes);
  void after_queue_change();

  // The end (connection.cpp).
  void abandon_queue();
  void finish_sending();
  void end();
  [[nodiscard]] ClosedClient closed_now() const;
  [[nodiscard]] bool stalled() const { return blocked_ && !nothing_queued(); }
  [[nodiscard]] std::chrono::milliseconds write_stall() const;
  [[nodiscard]] Time last_moment() const;
  [[nodiscard]] Time next_deadline() const;
  [[nodiscard]] std::optional<CloseReason> overdue() const;

  // Rarely needed, so made when first needed.
  struct ColdStats {
    DropCounts dropped{};
    std::uint64_t discarded_frames = 0;
    std::uint64_t high_water_bytes = 0;
    std::unique_ptr<InboundRate> rate;
  };
  ColdStats& cold();
  // Null: it may send as fast as it likes.
  [[nodiscard]] InboundRate* rate() const { return cold_ ? cold_->rate.get() : nullptr; }

  static constexpr std::uint32_t kNotDirect = 0xFFFF'FFFF;

  // Constant after construction, apart from what they refer to.
  ShardContext& shard_;
  ListenerContext& listener_;
  const Origin origin_;

  // What a broadcast touches, side by side.
  State state_ = State::kActive;
  CloseReason close_reason_ = CloseReason::kInternalError;
  bool readable_ = false;       // the socket may have more to read
  bool fin_announced_ = false;  // no further event will say so: read until it comes
  bool fin_received_ = false;
  bool blocked_ = false;          // the kernel took less than it was given; wait for writable
  bool held_back_ = false;        // not read: replies or relays have no room, or it is too fast
  bool slow_ = false;             // counted in connections_slow
  bool offering_ = false;         // between begin_offers() and finish_offers()
  bool tls_blocked_ = false;      // TLS has ciphertext that the kernel has not taken
  bool notices_due_ = false;      // codec envelope: there is something that only crier has to say
  const bool encrypted_ : 1;      // session_->tls is there
  bool busy_frame_ : 1 = false;   // the frame held back waits for the node, not for the queue
  bool reply_waits_ : 1 = false;  // the next reply is there, but had no room in the queue
  bool awaits_node_ : 1 = false;  // is in ShardContext::awaiting_node
  bool awaits_turn_ : 1 = false;  // is in ShardContext::readable
  std::uint32_t lost_direct_ = kNotDirect;
  Channel channel_;
  Time sent_at_{};               // never: the epoch
  Time stalled_since_ = kNever;  // since when a blocked queue has made no progress
  std::uint64_t offered_frames_ = 0;
  std::uint64_t sent_frames_ = 0;
  std::uint64_t sent_bytes_ = 0;

  // The rest.
  std::unique_ptr<PartialFrame> partial_;
  std::unique_ptr<BoundedBuffer> carry_;  // input behind the frame that was held back
  std::unique_ptr<ReplyLine> reply_line_;
  std::unique_ptr<ColdStats> cold_;
  std::unique_ptr<Session> session_;  // null: plain frames over plain TCP, from anybody
  Time connected_at_;
  Time received_at_{};      // never: the epoch
  Time deadline_ = kNever;  // of flushing, lingering or a planned drain
  std::uint64_t received_frames_ = 0;
  std::uint64_t received_bytes_ = 0;
  WaitPoint input_;   // bytes, FIN, or room to go on
  WaitPoint output_;  // the socket takes bytes again
  TaskRoom task_room_;
  Task<Connection> read_task_;
  Task<Connection> write_task_;
};

}  // namespace crier::dataplane
