#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace crier::testing {

// A TCP client as a test needs it: every call waits for what it promises, and throws
// std::runtime_error where that does not come in time or the connection breaks.
class TcpClient {
 public:
  struct Options {
    int receive_buffer_bytes = 0;  // SO_RCVBUF, set before connecting; 0: the kernel's choice
  };
  // Opens the socket; connect() connects it. The other constructor does both.
  explicit TcpClient(Options options);
  TcpClient(const std::string& address, Options options) : TcpClient(options) { connect(address); }
  explicit TcpClient(const std::string& address) : TcpClient(address, Options{}) {}
  // Takes over a connected socket that does not block.
  explicit TcpClient(int fd) : fd_(fd) {}
  TcpClient(const TcpClient&) = delete;
  TcpClient& operator=(const TcpClient&) = delete;
  ~TcpClient();

  // 127.0.0.1:port. The kernel completes this, whether or not anybody accepts.
  void connect(const std::string& address);

  void send(std::string_view bytes);
  // As much as the kernel takes at once; 0 where it is full.
  [[nodiscard]] std::size_t send_some(std::string_view bytes);
  // Exactly `bytes` bytes, or fewer where the stream ends before.
  [[nodiscard]] std::string read(std::size_t bytes);
  // Up to and with the next LF, or to the end of the stream.
  [[nodiscard]] std::string read_line();
  // Up to the end of the stream.
  [[nodiscard]] std::string read_to_end();
  // Everything up to the end of the stream, however it ends.
  [[nodiscard]] std::string read_to_any_end();
  // What has arrived by now; never waits.
  [[nodiscard]] std::string read_available();
  // One of these has come to the end of the stream.
  [[nodiscard]] bool at_end() const { return ended_; }

  void finish();  // sends FIN
  void reset();   // sends RST; nothing else may be called afterwards
  void close();   // nothing else may be called afterwards

  [[nodiscard]] std::string local_address() const;  // as ClientInfo::remote_address shows it
  [[nodiscard]] int fd() const { return fd_; }

 private:
  void wait_for(short events) const;
  // Appends what is there to buffer_; false at the end of the stream.
  bool receive();

  int fd_ = -1;
  bool ended_ = false;
  std::string buffer_;  // received and not yet asked for
};

}  // namespace crier::testing
