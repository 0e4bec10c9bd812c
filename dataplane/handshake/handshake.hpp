#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "dataplane/connection/listener_context.hpp"
#include "dataplane/handshake/arrival.hpp"
#include "dataplane/listener/acceptor.hpp"

namespace crier::dataplane {

// What lies between the accept of one socket and its being a client, as its listener asks for:
//
//   PROXY header -> a place for its address -> TLS handshake -> first frame (hello or token)
//   -> Arrival
//
// Until the end nothing is sent but what TLS itself has to say, and no more than kInputBytesMax of
// input is kept; what TLS needs for itself, some 45 KiB, it has from the first byte of the client
// on. Shard thread only.
class Handshake {
 public:
  static constexpr std::size_t kInputBytesMax = 4096;

  // `listener`, `sockets` and `memory` must outlive this.
  Handshake(ListenerContext& listener, AcceptedSocket socket, Sockets& sockets,
            QueueMemory& memory);
  Handshake(const Handshake&) = delete;
  Handshake& operator=(const Handshake&) = delete;
  ~Handshake();  // gives up what take() has not taken

  enum class State : std::uint8_t { kWaiting, kDone, kRejected };
  // Goes as far as what has arrived allows. `finished`: the peer will send nothing more.
  // REQUIRES: the last call, if any, returned kWaiting.
  State advance(bool finished, Time now);

  // Its address is counted in the listener. REQUIRES: kDone; once.
  [[nodiscard]] Arrival take();
  // Its address has room for another from now on. Needless before destruction.
  void leave_address();
  // After kRejected: why; in kWaiting: what it is called to wait no longer.
  [[nodiscard]] RejectReason reason() const { return reason_; }
  // More about that, for people; may be empty.
  [[nodiscard]] std::string_view detail() const { return detail_; }

  [[nodiscard]] ListenerContext& listener() const { return listener_; }
  [[nodiscard]] const PeerAddress& peer() const { return peer_; }
  [[nodiscard]] int fd() const { return fd_.get(); }

 private:
  enum class Step : std::uint8_t { kProxyHeader, kAddress, kTls, kFirstFrame, kEnd };
  enum class Outcome : std::uint8_t { kGoOn, kWait, kReject };

  [[nodiscard]] Step step_after(Step step) const;
  void enter(Step step);
  [[nodiscard]] Outcome take_step(Time now);
  [[nodiscard]] Outcome read_proxy_header();
  [[nodiscard]] Outcome enter_address();
  [[nodiscard]] Outcome do_tls(Time now);
  [[nodiscard]] Outcome read_first_frame(Time now);
  [[nodiscard]] Outcome receive_input();
  [[nodiscard]] Outcome take_frame(std::string_view payload, Time now);
  [[nodiscard]] Outcome take_credentials(Authenticator::Outcome outcome, Time now);
  [[nodiscard]] Outcome reject(RejectReason reason, std::string_view detail = {});
  Session& session();

  ListenerContext& listener_;
  Sockets& sockets_;
  QueueMemory& memory_;
  FileDescriptor fd_;
  PeerAddress peer_;
  bool address_counted_ = false;
  std::unique_ptr<Session> session_;
  std::string input_;
  Step step_;
  RejectReason reason_ = RejectReason::kStopping;
  std::string_view detail_;
};

}  // namespace crier::dataplane
