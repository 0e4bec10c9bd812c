// Any text as a client's id, and any bytes as the numbers in one. What is read must print as the
// same text; what is printed must be read as the same numbers.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "dataplane/client_id.hpp"

using namespace crier::dataplane;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

template <class Number>
Number take(std::string_view& bytes, int bits) {
  std::uint64_t value = 0;
  const std::size_t size = std::min(bytes.size(), sizeof(value));
  std::memcpy(&value, bytes.data(), size);
  bytes.remove_prefix(size);
  return static_cast<Number>(value & ((std::uint64_t{1} << bits) - 1));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  if (const auto id = parse_client_id(input)) {
    require(to_string(*id) == input);
    require(id->incarnation >> kIncarnationBits == 0 && id->slot < kSlotsMax &&
            id->serial >> kSerialBits == 0);
  }
  ClientId id;
  id.incarnation = take<std::uint64_t>(input, kIncarnationBits);
  id.slot = take<std::uint32_t>(input, kSlotBits);
  id.shard = take<std::uint8_t>(input, kShardBits);
  id.serial = take<std::uint64_t>(input, kSerialBits);
  require(parse_client_id(to_string(id)) == id);
  return 0;
}
