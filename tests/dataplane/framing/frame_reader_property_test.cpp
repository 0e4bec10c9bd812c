// Random streams, split and paused at random.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "dataplane/framing/encoding.hpp"
#include "tests/dataplane/framing/byte_machine.hpp"
#include "tests/dataplane/framing/framings.hpp"
#include "tests/dataplane/framing/random_reads.hpp"
#include "tests/dataplane/framing/stream_reader.hpp"

namespace crier::dataplane {
namespace {

// Ways to split and to pause that each stream is tried with.
constexpr int kSplitsEach = 30;

FramingConfig any_framing() {
  const FramingConfig of_kind[] = {
      line_framing(),    length_framing(1), length_framing(2),
      length_framing(4), varint_framing(),  fixed_framing(*rc::gen::inRange<std::uint32_t>(1, 9))};
  return of_kind[*rc::gen::inRange(0, 6)];
}

// Limits around which prefixes change their length, and small ones.
std::uint32_t any_limit() {
  return *rc::gen::oneOf(rc::gen::inRange<std::uint32_t>(1, 20),
                         rc::gen::element<std::uint32_t>(127, 128, 254, 255, 256, 300));
}

// Bytes that mean something to a framing, often.
rc::Gen<char> any_byte() {
  return rc::gen::oneOf(rc::gen::arbitrary<char>(),
                        rc::gen::element('\n', '\r', '\0', '\x01', '\x02', '\x80', '\xFF'));
}

std::string any_bytes(std::size_t size) {
  return *rc::gen::container<std::string>(size, any_byte());
}

// A frame, perhaps one too long for `limit`, or noise.
std::string any_piece(const FramingConfig& framing, std::uint32_t limit) {
  std::string wire;
  const auto size = *rc::gen::oneOf(rc::gen::inRange<std::size_t>(0, limit + 1),
                                    rc::gen::inRange<std::size_t>(limit, limit + 3));
  std::string payload = any_bytes(size);
  const bool noise = *rc::gen::inRange(0, 12) == 0;
  if (noise || !can_encode(encoding_of(framing), payload)) return payload;
  encode(encoding_of(framing), payload, wire);
  if (framing.kind == FramingKind::kLine && *rc::gen::arbitrary<bool>()) {
    wire.insert(wire.size() - 1, "\r");
  }
  return wire;
}

Seen read_at_random(StreamReader& reader, std::string_view stream, std::mt19937& random) {
  feed_at_random(reader, stream, 40, random);
  return reader.seen();
}

RC_GTEST_PROP(FrameReaderProperty, AnySplitAndAnyPauseGiveWhatTheByteMachineSays, ()) {
  const FramingConfig framing = any_framing();
  const std::uint32_t limit = any_limit();
  std::string stream;
  const int pieces = *rc::gen::inRange(0, 12);
  for (int i = 0; i < pieces; ++i) stream += any_piece(framing, limit);
  const Seen expected = ByteMachine::run(framing, limit, stream);
  RC_ASSERT(StreamReader::run(framing, limit, {stream}) == expected);
  std::mt19937 random(*rc::gen::arbitrary<std::uint32_t>());
  for (int i = 0; i < kSplitsEach; ++i) {
    StreamReader reader(framing, limit);
    RC_ASSERT(read_at_random(reader, stream, random) == expected);
    RC_ASSERT(!reader.broke_bounds());
    reader.reset();
    RC_ASSERT(reader.budget().used() == 0U);
  }
}

RC_GTEST_PROP(FrameReaderProperty, WhatIsEncodedIsReadAgainHoweverItIsSplit, ()) {
  const FramingConfig framing = any_framing();
  const Encoding encoding = encoding_of(framing);
  const std::uint32_t limit = framing.kind == FramingKind::kFixed ? 8 : any_limit();
  Seen expected;
  std::string stream;
  const int frames = *rc::gen::inRange(0, 12);
  for (int i = 0; i < frames; ++i) {
    const std::size_t most = encoding == Encoding::kLength1 ? std::min(limit, 255U) : limit;
    const std::size_t size = framing.kind == FramingKind::kFixed
                                 ? framing.fixed_bytes
                                 : *rc::gen::inRange<std::size_t>(0, most + 1);
    std::string payload = any_bytes(size);
    if (framing.kind == FramingKind::kLine) {
      // LF cannot be carried, and CR before the LF counts as part of the line's end.
      for (char& byte : payload) byte = byte == '\n' || byte == '\r' ? '.' : byte;
    }
    RC_ASSERT(can_encode(encoding, payload));
    encode(encoding, payload, stream);
    expected.frames.push_back(payload);
  }
  std::mt19937 random(*rc::gen::arbitrary<std::uint32_t>());
  for (int i = 0; i < kSplitsEach; ++i) {
    StreamReader reader(framing, limit);
    RC_ASSERT(read_at_random(reader, stream, random) == expected);
    RC_ASSERT(reader.budget().used() == 0U);  // the stream ends with a frame
  }
}

RC_GTEST_PROP(FrameReaderProperty, ABudgetOfAnySizeEndsInNoRoomOrInTheSameFrames, ()) {
  const FramingConfig framing = any_framing();
  const std::uint32_t limit = any_limit();
  std::string stream;
  const int pieces = *rc::gen::inRange(1, 8);
  for (int i = 0; i < pieces; ++i) stream += any_piece(framing, limit);
  const Seen expected = ByteMachine::run(framing, limit, stream);
  const auto budget_bytes = *rc::gen::inRange<std::uint64_t>(0, 400);
  std::mt19937 random(*rc::gen::arbitrary<std::uint32_t>());
  for (int i = 0; i < kSplitsEach; ++i) {
    StreamReader reader(framing, limit, budget_bytes);
    const Seen seen = read_at_random(reader, stream, random);
    RC_ASSERT(reader.budget().used() <= budget_bytes);
    if (seen.end == FrameReader::Status::kNoRoom) {
      RC_ASSERT(seen.frames.size() <= expected.frames.size());
      RC_ASSERT(std::equal(seen.frames.begin(), seen.frames.end(), expected.frames.begin()));
    } else {
      RC_ASSERT(seen == expected);
    }
    reader.reset();
    RC_ASSERT(reader.budget().used() == 0U);
  }
}

}  // namespace
}  // namespace crier::dataplane
