// Any bytes as a message from the bus. The first byte says whether the rest is the whole message or
// a body, which then gets a good envelope, so that the fuzzer need not guess a checksum. What opens
// must seal and open again as the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <variant>

#include "services/cluster/envelope.hpp"

using namespace crier::services::cluster;

namespace {

constexpr std::size_t kBytesMax = 1U << 16U;

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 2 == 1) bytes = seal({"fuzz", 7, data[0], size}, std::move(bytes));
  const auto opened = open(bytes, kBytesMax);
  const auto* good = std::get_if<Opened>(&opened);
  if (good == nullptr) return 0;
  require(bytes.size() <= kBytesMax);
  const auto& envelope = good->envelope;
  const auto again =
      open(seal({envelope.node(), envelope.epoch(), envelope.to(), envelope.sequence()},
                good->body.SerializeAsString()),
           2 * kBytesMax);
  const auto* same = std::get_if<Opened>(&again);
  require(same != nullptr);
  require(same->envelope.epoch() == envelope.epoch());
  require(same->body.SerializeAsString() == good->body.SerializeAsString());
  return 0;
}
