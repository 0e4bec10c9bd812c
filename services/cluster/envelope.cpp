#include "services/cluster/envelope.hpp"

#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <zlib.h>

#include <chrono>
#include <optional>
#include <utility>

#include "services/control/client_ids.hpp"
#include "services/control/parts.hpp"

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

// Parsed, or why not. Whoever writes a few bytes must not make us take much more memory for them.
template <class Message>
std::optional<Ignored> parse(std::string_view bytes, Message& message) {
  const int size = static_cast<int>(bytes.size());
  google::protobuf::io::ArrayInputStream pieces(bytes.data(), size);
  const auto parts = control::count_parts(pieces, bytes.size(), *Message::descriptor());
  if (parts.ids > control::kClientIdsMax || parts.others > control::kOtherPartsMax) {
    return Ignored::kTooLarge;
  }
  if (parts.malformed || !message.ParseFromArray(bytes.data(), size)) return Ignored::kMalformed;
  return std::nullopt;
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
  if (const auto reason = parse(bytes, envelope)) return *reason;
  if (envelope.version() != kEnvelopeVersion) return Ignored::kVersion;
  if (envelope.epoch() == 0) return Ignored::kMalformed;
  if (checksum(envelope.body()) != envelope.checksum()) return Ignored::kChecksum;
  if (const auto reason = parse(envelope.body(), opened.body)) return *reason;
  if (opened.body.kind_case() == v1::BusBody::KIND_NOT_SET) return Ignored::kKind;
  envelope.clear_body();
  return opened;
}

}  // namespace crier::services::cluster
