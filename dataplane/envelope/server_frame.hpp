#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "dataplane/close_reason.hpp"

namespace crier::dataplane::envelope {

// crier.v1.ServerFrame (proto/crier/v1/frame.proto): each returns one message, without framing.

struct Hello {
  std::string_view client_id;
  std::chrono::milliseconds ping_interval{};
  std::chrono::milliseconds pong_timeout{};
};
[[nodiscard]] std::string server_hello(const Hello& hello);
[[nodiscard]] std::string ping(std::uint64_t id);
[[nodiscard]] std::string pong(std::uint64_t id);
[[nodiscard]] std::string gap(std::uint64_t frames, std::uint64_t total);
[[nodiscard]] std::string goaway(CloseReason reason, std::chrono::milliseconds reconnect_after);

// What stands before `size` bytes of payload to make them a message.
void append_payload_header(std::string& out, std::size_t size);

}  // namespace crier::dataplane::envelope
