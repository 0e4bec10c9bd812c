#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "tests/support/tcp_client.hpp"

namespace crier::testing {

// A TLS client as a test needs it: every call waits for what it promises, and throws
// std::runtime_error where that does not come in time or the connection breaks.
class TlsClient {
 public:
  struct Options {
    std::string ca_file;    // empty: whoever answers is believed
    std::string cert_file;  // empty: it shows none
    std::string key_file;
    std::string preamble{};  // sent before the handshake
    int version_max = 0;     // as OpenSSL calls it, such as TLS1_1_VERSION; 0: the newest
    TcpClient::Options tcp{};
  };
  // Connects and shakes hands.
  TlsClient(const std::string& address, const Options& options);
  explicit TlsClient(const std::string& address) : TlsClient(address, Options{}) {}
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;
  ~TlsClient();

  void send(std::string_view bytes);
  // Exactly `bytes` bytes, or fewer where the stream ends before.
  [[nodiscard]] std::string read(std::size_t bytes);
  // Up to and with the next LF, or to the end of the stream.
  [[nodiscard]] std::string read_line();
  // Everything up to the end of the stream, however it ends.
  [[nodiscard]] std::string read_to_any_end();
  // Says that it has nothing more to say, and sends FIN.
  void finish();
  // Asks for new keys, to which the other side answers.
  void update_keys();

  [[nodiscard]] std::string_view version() const;
  // CN of the certificate that the other side has shown.
  [[nodiscard]] std::string peer_name() const;
  [[nodiscard]] TcpClient& tcp() { return tcp_; }

 private:
  struct Native;
  // True: try again; false: the stream has ended. Throws what went wrong otherwise.
  bool wait(int result);
  bool receive();

  TcpClient tcp_;
  std::unique_ptr<Native> native_;
  std::string buffer_;
};

}  // namespace crier::testing
