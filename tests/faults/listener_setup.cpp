#include "tests/faults/listener_setup.hpp"

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <utility>

#include "tests/faults/guarded_client.hpp"
#include "tests/faults/wire.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/deadline.hpp"
#include "tests/support/tcp_client.hpp"

namespace crier::testing {
namespace {

using dataplane::CloseReason;
using dataplane::FramingConfig;
using dataplane::FramingKind;

class PlainClient final : public FaultClient {
 public:
  PlainClient(FramingConfig framing, const std::string& address, int receive_buffer_bytes)
      : framing_(framing), client_(address, {receive_buffer_bytes}) {}

  void send(std::string_view payload) override { client_.send(to_wire(framing_, payload)); }
  std::vector<std::string> arrived() override {
    stream_ += client_.read_available();
    auto payloads = take_payloads(framing_, stream_);
    if (payloads.empty() && client_.at_end()) throw std::runtime_error("the stream has ended");
    return payloads;
  }
  [[nodiscard]] int fd() const override { return client_.fd(); }
  [[nodiscard]] std::string local_address() const override { return client_.local_address(); }

 private:
  FramingConfig framing_;
  TcpClient client_;
  std::string stream_;
};

ListenerSetup plain(std::string name, FramingConfig framing, std::vector<IllegalInput> illegal) {
  ListenerSetup setup;
  setup.name = std::move(name);
  setup.framing = framing;
  setup.adjust = [](dataplane::ListenerConfig&) {};
  setup.connect = [framing](const std::string& address, int receive_buffer_bytes) {
    return std::make_unique<PlainClient>(framing, address, receive_buffer_bytes);
  };
  setup.begin_to_connect = setup.connect;
  setup.opening = [] { return std::string(); };
  setup.wire = [framing](std::string_view payload) { return to_wire(framing, payload); };
  if (framing.kind == FramingKind::kFixed) setup.payload_bytes = framing.fixed_bytes;
  setup.illegal = std::move(illegal);
  return setup;
}

// --- Listeners that ask for more.

constexpr char kToken[] = "a token that only tests know";

class OneToken final : public dataplane::Authenticator {
 public:
  Outcome check_token(std::string_view token) override {
    if (token == kToken) return dataplane::Identity{"tester", {}, {}};
    return dataplane::AuthProblem::kUnknown;
  }
  Outcome check_certificate(std::string_view, std::chrono::system_clock::time_point) override {
    return dataplane::AuthProblem::kUnknown;
  }
};

dataplane::TlsContextPtr test_context() {
  static const Certificates certificates;
  static const auto pair = certificates.make("localhost");
  return std::get<dataplane::TlsContextPtr>(
      dataplane::TlsContext::load({pair.cert_file, pair.key_file, {}, {}}));
}

ListenerSetup guarded(std::string name, FramingConfig framing, const Guard& guard) {
  ListenerSetup setup;
  setup.name = std::move(name);
  setup.framing = framing;
  setup.by_hand = false;
  setup.needs_answers = guard.tls;
  setup.adjust = [guard](dataplane::ListenerConfig& listener) {
    listener.tls = guard.tls;
    listener.codec = guard.codec;
    if (!guard.token.empty()) listener.authentication = dataplane::Authentication::kToken;
    listener.ping_interval = std::chrono::milliseconds(200);
    listener.pong_timeout = kPatience;
  };
  setup.prepare = [guard](dataplane::Dataplane& plane, dataplane::ListenerIndex listener) {
    if (guard.tls) plane.use_tls(listener, test_context());
    if (!guard.token.empty()) plane.use_authenticator(listener, std::make_shared<OneToken>());
  };
  setup.begin_to_connect = [=](const std::string& address, int receive_buffer_bytes) {
    return std::make_unique<GuardedClient>(guard, framing, address, receive_buffer_bytes);
  };
  setup.connect = [=](const std::string& address, int receive_buffer_bytes) {
    auto client = std::make_unique<GuardedClient>(guard, framing, address, receive_buffer_bytes);
    client->await_handshake();
    return client;
  };
  setup.opening = [=] { return GuardedClient::opening(guard, framing); };
  setup.wire = [framing](std::string_view payload) { return to_wire(framing, payload); };
  return setup;
}

// A length prefix alone.
std::string claim(std::uint32_t bytes) {
  std::string prefix;
  for (int shift = 24; shift >= 0; shift -= 8) prefix += static_cast<char>(bytes >> shift & 0xFFU);
  return prefix;
}

std::string varint_claim(std::uint64_t bytes) {
  std::string prefix;
  for (; bytes >= 0x80U; bytes >>= 7U) prefix += static_cast<char>((bytes & 0x7FU) | 0x80U);
  return prefix += static_cast<char>(bytes);
}

std::vector<ListenerSetup> make_setups() {
  constexpr auto kTooLarge = CloseReason::kFrameTooLarge;
  constexpr auto kMalformed = CloseReason::kMalformedFrame;
  std::vector<ListenerSetup> all;
  all.push_back(plain("line", {.kind = FramingKind::kLine},
                      {{"too_long", std::string(kFrameBytesMax + 2, 'x'), kTooLarge}}));
  all.push_back(plain("length2", {.kind = FramingKind::kLength, .length_bytes = 2},
                      {{"one_more", claim(kFrameBytesMax + 1).substr(2), kTooLarge},
                       {"largest", "\xFF\xFF", kTooLarge}}));
  all.push_back(plain("length4", {.kind = FramingKind::kLength, .length_bytes = 4},
                      {{"one_more", claim(kFrameBytesMax + 1), kTooLarge},
                       {"largest_signed", claim(INT32_MAX), kTooLarge},
                       {"smallest_negative", claim(1U << 31U), kTooLarge},
                       {"largest", claim(UINT32_MAX), kTooLarge}}));
  all.push_back(plain("varint", {.kind = FramingKind::kVarint},
                      {{"one_more", varint_claim(kFrameBytesMax + 1), kTooLarge},
                       {"largest_signed", varint_claim(INT32_MAX), kTooLarge},
                       {"smallest_negative", varint_claim(1U << 31U), kTooLarge},
                       {"largest", varint_claim(UINT32_MAX), kTooLarge},
                       {"never_ends", "\xFF\xFF\xFF\xFF\xFF", kMalformed},
                       {"sixth_byte", "\x80\x80\x80\x80\x80", kMalformed}}));
  all.push_back(plain("fixed", {.kind = FramingKind::kFixed, .fixed_bytes = 64}, {}));
  const FramingConfig line{.kind = FramingKind::kLine};
  const FramingConfig length{.kind = FramingKind::kLength, .length_bytes = 4};
  constexpr auto kEnvelope = dataplane::Codec::kEnvelope;
  all.push_back(guarded("tls", line, {.tls = true}));
  all.push_back(guarded("token", line, {.token = kToken}));
  all.push_back(guarded("envelope", length, {.codec = kEnvelope}));
  all.push_back(guarded("everything", length, {.tls = true, .token = kToken, .codec = kEnvelope}));
  return all;
}

}  // namespace

const std::vector<ListenerSetup>& listener_setups() {
  static const std::vector<ListenerSetup> all = make_setups();
  return all;
}

const ListenerSetup& setup_named(std::string_view name) {
  const auto& all = listener_setups();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const ListenerSetup& setup) { return setup.name == name; });
  if (found == all.end()) throw std::runtime_error("no setup " + std::string(name));
  return *found;
}

}  // namespace crier::testing
