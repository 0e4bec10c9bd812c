#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// The parts of MQTT 3.1.1 that a client with QoS 0 needs:
// https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html
namespace crier::bench::mqtt {

inline constexpr std::uint8_t kConnect = 0x10;
inline constexpr std::uint8_t kConnack = 0x20;
inline constexpr std::uint8_t kPublish = 0x30;
inline constexpr std::uint8_t kSubscribe = 0x82;
inline constexpr std::uint8_t kSuback = 0x90;
inline constexpr std::uint8_t kPingreq = 0xC0;
inline constexpr std::uint8_t kPingresp = 0xD0;

inline void append_u16(std::string& out, std::size_t value) {
  out += static_cast<char>(value >> 8U & 255U);
  out += static_cast<char>(value & 255U);
}

inline void append_text(std::string& out, std::string_view text) {
  append_u16(out, text.size());
  out += text;
}

// The first byte and the length of what follows, 7 bits at a time, lowest first.
inline void append_header(std::string& out, std::uint8_t kind, std::size_t bytes) {
  out += static_cast<char>(kind);
  do {
    const std::size_t rest = bytes >> 7U;
    out += static_cast<char>((bytes & 127U) | (rest > 0 ? 128U : 0U));
    bytes = rest;
  } while (bytes > 0);
}

// A clean session without a name and without a keep-alive, so that neither end sends pings.
inline std::string connect_packet() {
  std::string body;
  append_text(body, "MQTT");
  body += '\x04';  // 3.1.1
  body += '\x02';  // clean session
  append_u16(body, 0);
  append_text(body, "");
  std::string packet;
  append_header(packet, kConnect, body.size());
  return packet += body;
}

// A packet at the front of the input.
struct Packet {
  std::uint8_t kind = 0;
  std::string_view body;
  std::size_t bytes = 0;   // with its header; 0: it is not whole yet
  bool malformed = false;  // its length is no length
};

inline Packet read_packet(std::string_view input) {
  std::size_t length = 0;
  for (std::size_t i = 1; i < input.size(); ++i) {
    const auto digit = static_cast<unsigned char>(input[i]);
    length |= std::size_t{digit & 127U} << 7U * (i - 1);
    if ((digit & 128U) == 0) {
      if (input.size() - i - 1 < length) return {};
      return {static_cast<std::uint8_t>(input[0]), input.substr(i + 1, length), i + 1 + length,
              false};
    }
    if (i == 4) return {0, {}, 0, true};
  }
  return {};
}

}  // namespace crier::bench::mqtt
