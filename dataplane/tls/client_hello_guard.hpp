#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace crier::dataplane {

// Looks at the bytes that a client sends before its keys are agreed upon, for a ClientHello that
// says it is longer than any real one. OpenSSL makes room for what the first nine bytes claim,
// 128 KiB at most, before the rest has come. Source: RFC 8446, sections 4 and 5.1.
class ClientHelloGuard {
 public:
  // OpenSSL has room for so much anyway, and a hello takes some 2 KiB.
  static constexpr std::size_t kHelloBytesMax = 16U << 10U;

  // The next bytes, however they are cut. False: there is such a claim in them.
  [[nodiscard]] bool passes(std::string_view bytes);

 private:
  static constexpr std::size_t kRecordHeaderBytes = 5;
  static constexpr std::size_t kMessageHeaderBytes = 4;

  template <std::size_t Size>
  struct Header {
    std::array<std::uint8_t, Size> bytes{};
    std::size_t size = 0;
    // Takes what it lacks from the front of `from`; true where it is complete.
    bool fill(std::string_view& from);
  };
  [[nodiscard]] bool record_passes(std::string_view content);

  Header<kRecordHeaderBytes> record_;
  std::size_t record_left_ = 0;
  Header<kMessageHeaderBytes> message_;
  std::size_t message_left_ = 0;
  bool done_ = false;  // what follows is no hello
};

}  // namespace crier::dataplane
