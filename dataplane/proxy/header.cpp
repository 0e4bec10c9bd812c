#include "dataplane/proxy/header.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace crier::dataplane {
namespace {

using Status = ProxyHeader::Status;

constexpr ProxyHeader kNeedMore{};
constexpr ProxyHeader kMalformed{.status = Status::kMalformed};

// --- Version 1: PROXY TCP4|TCP6 source destination source-port destination-port CR LF, or
// PROXY UNKNOWN, anything, CR LF.
constexpr std::string_view kLineStart = "PROXY ";
constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kLineBytesMax = 107;  // with its end

// --- Version 2: signature, version and command, family and transport, length (big-endian), and as
// many bytes as that says: addresses, then extensions.
constexpr std::string_view kSignature("\r\n\r\n\0\r\nQUIT\n", 12);
constexpr std::size_t kCommandAt = 12;
constexpr std::size_t kFamilyAt = 13;
constexpr std::size_t kLengthAt = 14;
constexpr std::size_t kFixedBytes = 16;
constexpr std::uint8_t kVersion2Local = 0x20;
constexpr std::uint8_t kVersion2Proxy = 0x21;
constexpr std::uint8_t kFamilyMax = 3;     // unspecified, IPv4, IPv6, UNIX
constexpr std::uint8_t kTransportMax = 2;  // unspecified, stream, datagram
constexpr std::uint8_t kTcpOverIpv4 = 0x11;
constexpr std::uint8_t kTcpOverIpv6 = 0x21;
// Two addresses each, and two ports where there are any.
constexpr std::array<std::size_t, kFamilyMax + 1> kAddressBytes{0, 12, 36, 216};

// Takes the text before the next space, or the rest.
std::string_view next_word(std::string_view& text) {
  const std::size_t space = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, space);
  text.remove_prefix(std::min(space + 1, text.size()));
  return word;
}

template <std::size_t N>
std::optional<std::array<std::uint8_t, N>> parse_ip(int family, std::string_view text) {
  std::array<std::uint8_t, N> ip{};
  // inet_pton would stop at a NUL.
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  if (::inet_pton(family, std::string(text).c_str(), ip.data()) != 1) return std::nullopt;
  return ip;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool leading_zero = text.size() > 1 && text.front() == '0';
  if (leading_zero || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return port;
}

// The source of "source destination source-port destination-port", all of which must be right.
template <std::size_t N>
std::optional<PeerAddress> parse_endpoints(int family, std::string_view text) {
  if (std::count(text.begin(), text.end(), ' ') != 3) return std::nullopt;
  const auto source = parse_ip<N>(family, next_word(text));
  const auto destination = parse_ip<N>(family, next_word(text));
  const auto source_port = parse_port(next_word(text));
  const auto destination_port = parse_port(next_word(text));
  if (!source || !destination || !source_port || !destination_port) return std::nullopt;
  return PeerAddress(*source, *source_port);
}

ProxyHeader parse_line(std::string_view input) {
  const std::string_view window = input.substr(0, kLineBytesMax);
  const std::size_t feed = window.find('\n');
  if (feed == std::string_view::npos) {
    return window.size() == kLineBytesMax ? kMalformed : kNeedMore;
  }
  std::string_view line = window.substr(0, feed + 1);
  if (!line.ends_with(kLineEnd)) return kMalformed;
  ProxyHeader header{.status = Status::kComplete, .bytes = line.size()};
  line.remove_prefix(kLineStart.size());
  line.remove_suffix(kLineEnd.size());
  const std::string_view protocol = next_word(line);
  if (protocol == "UNKNOWN") return header;
  if (protocol == "TCP4") {
    header.source = parse_endpoints<4>(AF_INET, line);
  } else if (protocol == "TCP6") {
    header.source = parse_endpoints<16>(AF_INET6, line);
  }
  return header.source ? header : kMalformed;
}

template <std::size_t N>
PeerAddress read_source(std::string_view addresses) {
  std::array<std::uint8_t, N> ip{};
  std::copy_n(addresses.begin(), N, ip.begin());
  const auto high = static_cast<std::uint8_t>(addresses[2 * N]);
  const auto low = static_cast<std::uint8_t>(addresses[2 * N + 1]);
  return {ip, static_cast<std::uint16_t>(high << 8U | low)};
}

// Judges each byte as soon as it is there.
ProxyHeader parse_binary(std::string_view input) {
  const auto byte = [input](std::size_t at) { return static_cast<std::uint8_t>(input[at]); };
  if (input.size() <= kCommandAt) return kNeedMore;
  const std::uint8_t command = byte(kCommandAt);
  if (command != kVersion2Local && command != kVersion2Proxy) return kMalformed;
  if (input.size() <= kFamilyAt) return kNeedMore;
  const std::uint8_t family = byte(kFamilyAt) >> 4U;
  const std::uint8_t transport = byte(kFamilyAt) & 0x0FU;
  // Where the proxy speaks for itself, neither means anything.
  const bool local = command == kVersion2Local;
  if (!local && (family > kFamilyMax || transport > kTransportMax)) return kMalformed;
  if (input.size() < kFixedBytes) return kNeedMore;
  const std::size_t length = byte(kLengthAt) << 8U | byte(kLengthAt + 1);
  if (kFixedBytes + length > kProxyHeaderBytesMax) return kMalformed;
  if (!local && length < kAddressBytes[family]) return kMalformed;
  if (input.size() < kFixedBytes + length) return kNeedMore;

  ProxyHeader header{.status = Status::kComplete, .bytes = kFixedBytes + length};
  const std::string_view addresses = input.substr(kFixedBytes, length);
  if (!local && byte(kFamilyAt) == kTcpOverIpv4) {
    header.source = read_source<4>(addresses);
  } else if (!local && byte(kFamilyAt) == kTcpOverIpv6) {
    header.source = read_source<16>(addresses);
  }
  return header;
}

// Whether they agree as far as both go.
bool agree(std::string_view input, std::string_view start) {
  const std::size_t bytes = std::min(input.size(), start.size());
  return input.substr(0, bytes) == start.substr(0, bytes);
}

}  // namespace

ProxyHeader parse_proxy_header(std::string_view input) {
  if (input.empty()) return kNeedMore;
  if (agree(input, kSignature)) return parse_binary(input);
  if (agree(input, kLineStart)) return parse_line(input);
  return kMalformed;
}

}  // namespace crier::dataplane
