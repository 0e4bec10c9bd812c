#include "tests/faults/guarded_client.hpp"

#include <poll.h>

#include <stdexcept>
#include <utility>

#include "crier/v1/frame.pb.h"
#include "tests/faults/wire.hpp"
#include "tests/support/deadline.hpp"

namespace crier::testing {

namespace {

// The frame by which it says who it is; empty where nobody asks.
std::string first_frame(const Guard& guard) {
  if (guard.codec != dataplane::Codec::kEnvelope) return guard.token;
  v1::ClientFrame hello;
  hello.mutable_hello()->set_token(guard.token);
  return hello.SerializeAsString();
}

}  // namespace

std::string GuardedClient::opening(const Guard& guard, dataplane::FramingConfig framing) {
  if (guard.tls) return SecureLayer().take_ciphertext();
  return to_wire(framing, first_frame(guard));
}

GuardedClient::GuardedClient(Guard guard, dataplane::FramingConfig framing,
                             const std::string& address, int receive_buffer_bytes)
    : guard_(std::move(guard)), framing_(framing), client_(address, {receive_buffer_bytes}) {
  if (guard_.tls) secure_.emplace();
  if (const std::string frame = first_frame(guard_); !frame.empty()) send_frame(frame);
  push();
}

void GuardedClient::await_handshake() {
  const Deadline deadline;
  while (secure_ && !secure_->connected()) {
    pollfd waited{client_.fd(), POLLIN, 0};
    if (::poll(&waited, 1, deadline.left_ms()) <= 0) throw std::runtime_error("no handshake");
    stream_ += secure_->receive(client_.read_available());
    push();
  }
}

void GuardedClient::send(std::string_view payload) {
  if (guard_.codec == dataplane::Codec::kEnvelope) {
    v1::ClientFrame frame;
    frame.set_payload(std::string(payload));
    send_frame(frame.SerializeAsString());
  } else {
    send_frame(payload);
  }
}

void GuardedClient::send_frame(std::string_view frame) {
  const std::string wire = to_wire(framing_, frame);
  if (secure_) {
    secure_->send(wire);
    push();
  } else {
    client_.send(wire);
  }
}

void GuardedClient::push() {
  if (secure_) client_.send(secure_->take_ciphertext());
}

std::vector<std::string> GuardedClient::arrived() {
  const std::string bytes = client_.read_available();
  stream_ += secure_ ? secure_->receive(bytes) : bytes;
  push();
  std::vector<std::string> payloads;
  const auto frames = take_payloads(framing_, stream_);
  for (const std::string& frame : frames) {
    if (guard_.codec == dataplane::Codec::kPlain) {
      payloads.push_back(frame);
    } else if (auto payload = take_message(frame)) {
      payloads.push_back(std::move(*payload));
    }
  }
  if (frames.empty() && client_.at_end()) throw std::runtime_error("the stream has ended");
  return payloads;
}

std::optional<std::string> GuardedClient::take_message(const std::string& message) {
  v1::ServerFrame frame;
  if (!frame.ParseFromString(message)) throw std::runtime_error("no message of the envelope");
  if (frame.has_ping()) {
    v1::ClientFrame answer;
    answer.mutable_pong()->set_id(frame.ping().id());
    send_frame(answer.SerializeAsString());
  }
  if (frame.has_payload()) return frame.payload();
  return std::nullopt;
}

}  // namespace crier::testing
