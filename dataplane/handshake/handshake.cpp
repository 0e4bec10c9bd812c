#include "dataplane/handshake/handshake.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

#include "dataplane/envelope/client_frame.hpp"
#include "dataplane/framing/base64.hpp"
#include "dataplane/handshake/proxy_step.hpp"

namespace crier::dataplane {
namespace {

// Bytes, an end or an error.
bool something_to_read(int fd) {
  char first = 0;
  return ::recv(fd, &first, 1, MSG_PEEK | MSG_DONTWAIT) >= 0 || errno != EAGAIN;
}

}  // namespace

Handshake::Handshake(ListenerContext& listener, AcceptedSocket socket, Sockets& sockets,
                     QueueMemory& memory)
    : listener_(listener),
      sockets_(sockets),
      memory_(memory),
      fd_(std::move(socket.fd)),
      peer_(socket.peer),
      step_(Step::kEnd) {
  enter(listener.proxied() ? Step::kProxyHeader : Step::kAddress);
}

Handshake::~Handshake() {
  leave_address();
}

void Handshake::leave_address() {
  if (std::exchange(address_counted_, false)) listener_.addresses.leave(peer_);
}

Handshake::Step Handshake::step_after(Step step) const {
  const ListenerConfig& config = listener_.config;
  switch (step) {
    case Step::kProxyHeader:
      return Step::kAddress;
    case Step::kAddress:
      if (config.tls) return Step::kTls;
      [[fallthrough]];
    case Step::kTls:
      if (config.codec == Codec::kEnvelope || config.authentication == Authentication::kToken) {
        return Step::kFirstFrame;
      }
      [[fallthrough]];
    case Step::kFirstFrame:
    case Step::kEnd:
      break;
  }
  return Step::kEnd;
}

void Handshake::enter(Step step) {
  step_ = step;
  switch (step) {
    case Step::kProxyHeader:
      reason_ = RejectReason::kProxyIncomplete;
      break;
    case Step::kTls:
      reason_ = RejectReason::kTlsIncomplete;
      break;
    case Step::kFirstFrame:
      reason_ = RejectReason::kAuthIncomplete;
      break;
    case Step::kAddress:
    case Step::kEnd:
      break;
  }
}

Handshake::State Handshake::advance(bool finished, Time now) {
  while (step_ != Step::kEnd) {
    switch (take_step(now)) {
      case Outcome::kGoOn:
        enter(step_after(step_));
        break;
      case Outcome::kWait:
        // Whoever has finished sending will not complete it.
        return finished ? State::kRejected : State::kWaiting;
      case Outcome::kReject:
        return State::kRejected;
    }
  }
  return State::kDone;
}

Arrival Handshake::take() {
  if (listener_.config.codec == Codec::kEnvelope) {
    session().envelope = std::make_unique<EnvelopeState>();
  }
  address_counted_ = false;
  return {std::move(fd_), peer_, std::move(session_), std::move(input_)};
}

Handshake::Outcome Handshake::take_step(Time now) {
  switch (step_) {
    case Step::kProxyHeader:
      return read_proxy_header();
    case Step::kAddress:
      return enter_address();
    case Step::kTls:
      return do_tls(now);
    case Step::kFirstFrame:
      return read_first_frame(now);
    case Step::kEnd:
      break;
  }
  return Outcome::kGoOn;
}

Handshake::Outcome Handshake::read_proxy_header() {
  const ProxyStep proxy = take_proxy_header(fd_.get());
  switch (proxy.status) {
    case ProxyStep::Status::kDone:
      peer_ = proxy.source.value_or(peer_);
      return Outcome::kGoOn;
    case ProxyStep::Status::kWaiting:
      return Outcome::kWait;
    case ProxyStep::Status::kMalformed:
      return reject(RejectReason::kProxyMalformed);
    case ProxyStep::Status::kClosed:
      break;
  }
  return Outcome::kReject;
}

Handshake::Outcome Handshake::enter_address() {
  address_counted_ = listener_.addresses.enter(peer_);
  return address_counted_ ? Outcome::kGoOn : reject(RejectReason::kAddressLimit);
}

Handshake::Outcome Handshake::do_tls(Time now) {
  if (!session().tls) {
    if (!something_to_read(fd_.get())) return Outcome::kWait;
    session_->tls = std::make_unique<TlsSession>(listener_.tls.get(), sockets_, memory_, fd_.get());
  }
  switch (session_->tls->handshake()) {
    case TlsSession::Handshake::kDone:
      break;
    case TlsSession::Handshake::kWaiting:
      return Outcome::kWait;
    case TlsSession::Handshake::kClosed:
      return Outcome::kReject;
    case TlsSession::Handshake::kFailed:
      return reject(RejectReason::kTlsFailed, session_->tls->problem());
  }
  if (listener_.config.authentication != Authentication::kCertificate) return Outcome::kGoOn;
  const TlsSession& tls = *session_->tls;
  return take_credentials(
      listener_.authenticator->check_certificate(tls.peer_subject(), tls.peer_expires()), now);
}

// --- The first frame.

Handshake::Outcome Handshake::read_first_frame(Time now) {
  for (;;) {
    const Framing::Scan scan = listener_.framing.scan(input_);
    if (scan.status == Framing::Status::kFrame) {
      const Outcome outcome = take_frame(scan.payload, now);
      input_.erase(0, scan.frame_bytes);
      return outcome;
    }
    if (scan.status != Framing::Status::kNeedMore || input_.size() >= kInputBytesMax) {
      return reject(RejectReason::kAuthMalformed, "the first frame is too large");
    }
    const Outcome received = receive_input();
    if (received != Outcome::kGoOn) return received;
  }
}

Handshake::Outcome Handshake::receive_input() {
  std::array<char, kInputBytesMax> bytes;
  const std::span<char> room(bytes.data(), kInputBytesMax - input_.size());
  bool more = false;
  const Sockets::Result read = session_ && session_->tls ? session_->tls->receive(room, more)
                                                         : sockets_.receive(fd_.get(), room);
  // Where TLS has more, it is not for us: nobody needs so many records for a token.
  if (read.would_block()) return more ? Outcome::kReject : Outcome::kWait;
  if (read.error != 0 || read.bytes == 0) return Outcome::kReject;
  input_.append(bytes.data(), read.bytes);
  return Outcome::kGoOn;
}

Handshake::Outcome Handshake::take_frame(std::string_view payload, Time now) {
  std::string_view token = payload;
  std::string decoded;
  if (listener_.config.codec == Codec::kEnvelope) {
    if (listener_.config.framing.kind == FramingKind::kLine) {
      if (!append_from_base64(decoded, payload)) {
        return reject(RejectReason::kAuthMalformed, "the first line is not base64");
      }
      payload = decoded;
    }
    const envelope::ClientFrame frame = envelope::parse_client_frame(payload);
    if (frame.kind != envelope::ClientFrame::Kind::kHello) {
      return reject(RejectReason::kAuthMalformed, "the first frame is no hello");
    }
    token = frame.bytes;
  }
  if (listener_.config.authentication != Authentication::kToken) return Outcome::kGoOn;
  return take_credentials(listener_.authenticator->check_token(token), now);
}

Handshake::Outcome Handshake::take_credentials(Authenticator::Outcome outcome, Time now) {
  if (const auto* problem = std::get_if<AuthProblem>(&outcome)) {
    return reject(RejectReason::kAuthFailed, text(*problem));
  }
  session().identity = std::get<Identity>(std::move(outcome));
  session().expires = expiry(*session_->identity, listener_.config.expiry_grace, now);
  return Outcome::kGoOn;
}

Handshake::Outcome Handshake::reject(RejectReason reason, std::string_view detail) {
  reason_ = reason;
  detail_ = detail;
  return Outcome::kReject;
}

Session& Handshake::session() {
  if (!session_) session_ = std::make_unique<Session>();
  return *session_;
}

}  // namespace crier::dataplane
