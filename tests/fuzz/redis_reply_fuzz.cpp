// Any bytes as what Redis says. The first bytes choose the largest string, the depth of items and
// how the rest is cut. However it is cut, the same values must come, and no more may be kept than
// the limits allow.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>

#include "services/bus/redis/reply.hpp"
#include "services/bus/redis/stream_entry.hpp"

using namespace crier::services::bus::redis;

namespace {

constexpr std::size_t kChoiceBytes = 3;
constexpr std::size_t kCutMax = 64;

void require(bool condition) {
  if (!condition) std::abort();
}

void append(const Reply& reply, std::string& text) {
  text += "(" + std::to_string(static_cast<int>(reply.kind)) + " " + std::to_string(reply.integer) +
          " " + reply.text;
  for (const Reply& element : reply.elements) append(element, text);
  text += ")";
}

// Every value in words, up to the first that cannot be read.
std::string read_all(std::string_view bytes, const ReplyReader::Limits& limits,
                     std::mt19937* random) {
  ReplyReader reader(limits);
  std::string text;
  while (true) {
    Reply reply;
    switch (reader.next(reply)) {
      case ReplyReader::Next::kReply:
        append(reply, text);
        break;
      case ReplyReader::Next::kItem:
        append(reply, text);
        static_cast<void>(parse_stream_entry(std::move(reply)));
        break;
      case ReplyReader::Next::kMore: {
        if (bytes.empty()) return text;
        const std::size_t cut = random == nullptr ? bytes.size() : 1 + (*random)() % kCutMax;
        reader.feed(bytes.substr(0, cut));
        bytes.remove_prefix(std::min(cut, bytes.size()));
        break;
      }
      case ReplyReader::Next::kBroken:
        require(!reader.problem().empty());
        static_cast<void>(reader.broken_item_head());
        return text + "broken";
    }
    require(reader.buffered_bytes() <=
            limits.max_bulk_bytes + ReplyReader::kSlackBytes + bytes.size() + kCutMax);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < kChoiceBytes) return 0;
  ReplyReader::Limits limits;
  limits.max_bulk_bytes = 1U + data[0];
  limits.item_depth = data[1] % 3;
  std::mt19937 random(data[2]);
  const std::string_view bytes(reinterpret_cast<const char*>(data) + kChoiceBytes,
                               size - kChoiceBytes);
  require(read_all(bytes, limits, nullptr) == read_all(bytes, limits, &random));
  return 0;
}
