#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "crier/v1/bus.pb.h"
#include "services/cluster/stats.hpp"

namespace crier::services::cluster {

inline constexpr std::uint32_t kEnvelopeVersion = 1;

// Who sends to whom, and how many broadcasts it has published there.
struct Header {
  std::string_view node;  // the sender's name
  std::uint64_t epoch = 0;
  std::uint64_t to = 0;
  std::uint64_t sequence = 0;
};

// `body` is a serialized BusBody; apart, so that it can be prepared before the order is fixed.
[[nodiscard]] std::string seal(const Header& header, std::string body);

struct Opened {
  v1::BusEnvelope envelope;  // its `body` is empty
  v1::BusBody body;
};

// Foreign bytes. Never trusts a length, never throws, and parses nothing that has more parts than
// what a node may send.
[[nodiscard]] std::variant<Opened, Ignored> open(std::string_view bytes, std::size_t bytes_max);

}  // namespace crier::services::cluster
