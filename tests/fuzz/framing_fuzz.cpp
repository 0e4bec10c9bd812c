// Any bytes as a stream of frames. The first bytes choose the framing, the limit, the budget, and
// how the rest is split over reads and paused. However it is split, the frames must be those of
// one pass and those of a machine that takes one byte after another, and no more memory may be
// held than the begun frame accounts for.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string_view>

#include "tests/dataplane/framing/byte_machine.hpp"
#include "tests/dataplane/framing/framings.hpp"
#include "tests/dataplane/framing/random_reads.hpp"
#include "tests/dataplane/framing/stream_reader.hpp"

using namespace crier::dataplane;

namespace {

constexpr std::size_t kChoiceBytes = 6;
constexpr int kSplitsEach = 4;

void require(bool condition) {
  if (!condition) std::abort();
}

FramingConfig framing_of(std::uint8_t choice) {
  switch (choice % 6) {
    case 0:
      return line_framing();
    case 1:
      return length_framing(1);
    case 2:
      return length_framing(2);
    case 3:
      return length_framing(4);
    case 4:
      return varint_framing();
    default:
      return fixed_framing(1U + choice / 6U);
  }
}

std::uint32_t limit_of(std::uint8_t choice) {
  return choice < 200 ? choice + 1U : (choice - 199U) * 64U;
}

// What came before the budget was used up must be right; without that, everything must.
void require_same(const StreamReader& reader, const Seen& expected) {
  const Seen& seen = reader.seen();
  require(!reader.broke_bounds());
  if (seen.end != FrameReader::Status::kNoRoom) {
    require(seen == expected);
    return;
  }
  require(seen.frames.size() <= expected.frames.size());
  require(std::equal(seen.frames.begin(), seen.frames.end(), expected.frames.begin()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < kChoiceBytes) return 0;
  const FramingConfig framing = framing_of(data[0]);
  const std::uint32_t limit = limit_of(data[1]);
  const std::uint64_t budget = data[2] < 128 ? UINT64_MAX : (data[2] - 127U) * 16U;
  std::mt19937 random(data[3] | data[4] << 8U | data[5] << 16U);
  const std::string_view stream(reinterpret_cast<const char*>(data) + kChoiceBytes,
                                size - kChoiceBytes);

  const Seen expected = ByteMachine::run(framing, limit, stream);
  require(StreamReader::run(framing, limit, {stream}) == expected);
  for (int i = 0; i < kSplitsEach; ++i) {
    StreamReader reader(framing, limit, budget);
    feed_at_random(reader, stream, 64, random);
    require_same(reader, expected);
    require(reader.budget().used() <= budget);
    reader.reset();
    require(reader.budget().used() == 0);
  }
  return 0;
}
