#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace crier::testing {

// The client's side of TLS between two streams of bytes, without a socket: nothing in it waits.
// Throws std::runtime_error where the other side breaks the protocol.
class SecureLayer {
 public:
  SecureLayer();
  SecureLayer(const SecureLayer&) = delete;
  SecureLayer& operator=(const SecureLayer&) = delete;
  ~SecureLayer();

  // What has come over the network; returns what it says.
  [[nodiscard]] std::string receive(std::string_view ciphertext);
  // To be sent as soon as the handshake allows it.
  void send(std::string_view plaintext);
  // What is to go out over the network by now.
  [[nodiscard]] std::string take_ciphertext();
  [[nodiscard]] bool connected() const;

 private:
  struct Native;
  void advance();

  std::unique_ptr<Native> native_;
  std::string waiting_;  // until the handshake is done
};

}  // namespace crier::testing
