#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "dataplane/connection/sockets.hpp"
#include "dataplane/pressure/queue_memory.hpp"
#include "dataplane/tls/client_hello_guard.hpp"
#include "dataplane/tls/tls_context.hpp"

namespace crier::dataplane {

// TLS over one socket, with the same calls as the socket itself, none of which waits.
//
//   send      plaintext -> one record of at most 16 KiB -> kernel
//   receive   kernel -> records -> plaintext
//
// A record that the kernel does not take at once is kept, and nothing more is encrypted before the
// kernel has all of it; only then do the bytes in it count as sent. Shard thread only.
//
// A peer can make OpenSSL work without ever sending data: with records of one byte or none, with
// new keys again and again. So each call takes a bounded part of what has arrived, and messages of
// TLS itself are bounded, too.
class TlsSession {
 public:
  // `sockets` and `memory` must outlive this; `fd` is not owned. What the kernel does not take is
  // memory of queues.
  TlsSession(TlsContextPtr context, Sockets& sockets, QueueMemory& memory, int fd);
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;
  ~TlsSession();

  // Ciphertext that all of the handshake takes at most, and one receive().
  static constexpr std::size_t kCiphertextBytesMax = 64U << 10U;
  // Messages of TLS itself that the peer may send within so much data; new keys are worth having
  // after some hundred GiB.
  static constexpr std::uint32_t kOwnMessagesMax = 16;
  static constexpr std::uint64_t kOwnMessagesBytes = 1U << 20U;

  enum class Handshake : std::uint8_t {
    kDone,
    kWaiting,  // for the socket to become readable or writable
    kClosed,   // the peer went, or the socket broke
    kFailed,   // what the peer sent is no TLS, none that can be agreed upon, or too much
  };
  [[nodiscard]] Handshake handshake();
  // After kFailed: why, in OpenSSL's words or ours; may be empty. Lives for ever.
  [[nodiscard]] std::string_view problem() const { return problem_; }

  // As Sockets::receive(). An error of EPROTO: what came is not valid TLS, or more messages of TLS
  // itself than are allowed. Fewer bytes than asked for mean that there is nothing more, unless
  // `more` says that no event will tell of what follows: an end, an error, or the part of it that
  // was too much for one call.
  [[nodiscard]] Sockets::Result receive(std::span<char> into, bool& more);
  // As Sockets::send(): the bytes of `from` that the kernel has taken.
  [[nodiscard]] Sockets::Result send(std::span<const iovec> from);
  // Bytes at the front of what send() is to be given next that are in a record already. They lie
  // in one entry of `from`.
  [[nodiscard]] std::size_t begun_bytes() const { return begun_bytes_; }
  // What is in a record is not sent as far as its owner is concerned: it has given it up.
  void forget_begun() { begun_bytes_ = 0; }
  // Ciphertext that waits for the kernel, be it a record with data or an answer of TLS itself;
  // send() with whatever there is takes it on.
  [[nodiscard]] std::size_t untaken_bytes() const { return untaken_.size(); }
  // Whether the kernel has taken any ciphertext since this was last asked.
  [[nodiscard]] bool take_progress() { return std::exchange(progress_, false); }
  // Tells the peer that nothing more follows, if the kernel takes it.
  void finish();

  // After the handshake: the subject of the peer's certificate as RFC 2253 text; empty: it showed
  // none.
  [[nodiscard]] std::string peer_subject() const;
  // When that certificate expires; long ago where it showed none.
  [[nodiscard]] std::chrono::system_clock::time_point peer_expires() const;
  [[nodiscard]] std::string_view version() const;

 private:
  friend struct SocketBio;

  // Kept while the kernel is full: a record, or what the protocol itself answers with.
  static constexpr std::size_t kUntakenBytesMax = 64U << 10U;

  [[nodiscard]] bool encrypt(std::string_view plaintext);
  // False where the socket broke.
  [[nodiscard]] bool push_untaken();
  [[nodiscard]] Sockets::Result send_records(std::span<const iovec> from);
  void count_untaken();
  void watch_own_messages();
  void on_own_message();

  struct Native;
  const TlsContextPtr context_;
  Sockets& sockets_;
  QueueMemory& memory_;
  const int fd_;
  std::unique_ptr<Native> native_;
  std::string untaken_;            // ciphertext that the kernel has not taken
  std::size_t counted_bytes_ = 0;  // of it, in memory_
  std::size_t begun_bytes_ = 0;
  std::unique_ptr<ClientHelloGuard> hello_guard_;  // null after the handshake
  std::string_view problem_;                       // of the handshake
  std::size_t ciphertext_left_ = kCiphertextBytesMax;
  std::uint32_t own_messages_ = 0;
  std::uint64_t own_messages_since_ = 0;  // bytes of data since they were last forgotten
  int error_ = 0;                         // of the socket, or EPROTO
  bool exhausted_ = false;                // more has come, or is announced, than is taken
  bool progress_ = false;
  bool read_end_ = false;  // of the stream: FIN, or the peer's close_notify
  bool read_failed_ = false;
};

}  // namespace crier::dataplane
