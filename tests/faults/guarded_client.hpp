#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dataplane/config.hpp"
#include "tests/faults/listener_setup.hpp"
#include "tests/faults/secure_layer.hpp"
#include "tests/support/tcp_client.hpp"

namespace crier::testing {

// What a listener asks of its clients beside its framing.
struct Guard {
  bool tls = false;
  std::string token{};  // empty: none
  dataplane::Codec codec = dataplane::Codec::kPlain;
};

// A client that goes through all of it.
class GuardedClient final : public FaultClient {
 public:
  // Connects, and says what there is to say first; does not wait for answers.
  GuardedClient(Guard guard, dataplane::FramingConfig framing, const std::string& address,
                int receive_buffer_bytes);

  // All that such a client says before it has heard anything, as it goes over the network.
  [[nodiscard]] static std::string opening(const Guard& guard, dataplane::FramingConfig framing);

  // Waits until crier has all that it asks for, as far as one can see from here.
  void await_handshake();

  void send(std::string_view payload) override;
  std::vector<std::string> arrived() override;
  [[nodiscard]] int fd() const override { return client_.fd(); }
  [[nodiscard]] std::string local_address() const override { return client_.local_address(); }

 private:
  void send_frame(std::string_view frame);
  void push();
  // The payload of a message, if it has one; answers a ping.
  std::optional<std::string> take_message(const std::string& message);

  const Guard guard_;
  const dataplane::FramingConfig framing_;
  TcpClient client_;
  std::optional<SecureLayer> secure_;
  std::string stream_;
};

}  // namespace crier::testing
