#include "services/cluster/envelope.hpp"

#include <zlib.h>

#include <chrono>
#include <utility>

namespace crier::services::cluster {
namespace {

std::uint32_t checksum(std::string_view body) {
  return static_cast<std::uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(body.data()), body.size()));
}

std::int64_t wall_clock_ms() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

}  // namespace

std::string seal(const Header& header, std::string body) {
  v1::BusEnvelope envelope;
  envelope.set_version(kEnvelopeVersion);
  envelope.set_node(std::string(header.node));
  envelope.set_epoch(header.epoch);
  envelope.set_to(header.to);
  envelope.set_sequence(header.sequence);
  envelope.set_time_ms(wall_clock_ms());
  envelope.set_checksum(checksum(body));
  envelope.set_body(std::move(body));
  return envelope.SerializeAsString();
}

std::variant<Opened, Ignored> open(std::string_view bytes, std::size_t bytes_max) {
  if (bytes.size() > bytes_max) return Ignored::kTooLarge;
  Opened opened;
  v1::BusEnvelope& envelope = opened.envelope;
  if (!envelope.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Ignored::kMalformed;
  }
  if (envelope.version() != kEnvelopeVersion) return Ignored::kVersion;
  if (envelope.epoch() == 0) return Ignored::kMalformed;
  if (checksum(envelope.body()) != envelope.checksum()) return Ignored::kChecksum;
  if (!opened.body.ParseFromString(envelope.body())) return Ignored::kMalformed;
  if (opened.body.kind_case() == v1::BusBody::KIND_NOT_SET) return Ignored::kKind;
  envelope.clear_body();
  return opened;
}

}  // namespace crier::services::cluster
