#pragma once

#include <memory>
#include <string>

#include "crier/v1/frame.pb.h"
#include "dataplane/framing/base64.hpp"
#include "tests/support/tcp_client.hpp"

namespace crier::testing {

// A client of a listener with codec envelope, framing length of 4 bytes or line, which speaks it
// with protobuf's own code.
class EnvelopeClient {
 public:
  enum class Framing { kLength4, kLine };
  EnvelopeClient(const std::string& address, Framing framing, TcpClient::Options options = {})
      : tcp_(address, options), framing_(framing) {}

  void send(const v1::ClientFrame& frame) { tcp_.send(wire(frame.SerializeAsString())); }
  void send_hello(const std::string& token = "") {
    v1::ClientFrame frame;
    frame.mutable_hello()->set_token(token);
    send(frame);
  }
  void send_payload(const std::string& payload) {
    v1::ClientFrame frame;
    frame.set_payload(payload);
    send(frame);
  }
  void send_ping(std::uint64_t id) {
    v1::ClientFrame frame;
    frame.mutable_ping()->set_id(id);
    send(frame);
  }
  void send_pong(std::uint64_t id) {
    v1::ClientFrame frame;
    frame.mutable_pong()->set_id(id);
    send(frame);
  }
  // Whatever a frame of this framing may hold.
  void send_raw(const std::string& message) { tcp_.send(wire(message)); }

  // The next message; one without a kind at the end of the stream. Throws std::runtime_error where
  // what came is none.
  [[nodiscard]] v1::ServerFrame read() {
    std::string message;
    if (framing_ == Framing::kLine) {
      std::string line = tcp_.read_line();
      if (line.empty()) return {};
      line.pop_back();
      if (!dataplane::append_from_base64(message, line)) throw std::runtime_error("not base64");
    } else {
      const std::string header = tcp_.read(4);
      if (header.size() < 4) return {};
      std::size_t size = 0;
      for (const char byte : header) size = size << 8U | static_cast<unsigned char>(byte);
      message = tcp_.read(size);
    }
    v1::ServerFrame frame;
    if (!frame.ParseFromString(message)) throw std::runtime_error("not a ServerFrame");
    return frame;
  }
  // Of the next message, which must be a payload.
  [[nodiscard]] std::string read_payload() {
    const v1::ServerFrame frame = read();
    if (!frame.has_payload()) throw std::runtime_error("no payload: " + frame.ShortDebugString());
    return frame.payload();
  }

  [[nodiscard]] TcpClient& tcp() { return tcp_; }

 private:
  [[nodiscard]] std::string wire(const std::string& message) const {
    std::string out;
    if (framing_ == Framing::kLine) {
      dataplane::append_base64(out, message);
      return out + '\n';
    }
    for (int shift = 24; shift >= 0; shift -= 8) {
      out.push_back(static_cast<char>(message.size() >> shift & 0xFFU));
    }
    return out + message;
  }

  TcpClient tcp_;
  const Framing framing_;
};

}  // namespace crier::testing
