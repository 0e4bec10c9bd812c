#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "dataplane/framing/encoding.hpp"
#include "tests/dataplane/framing/framings.hpp"
#include "tests/dataplane/framing/stream_reader.hpp"

namespace crier::dataplane {
namespace {

using namespace std::string_literals;
using Status = FrameReader::Status;

Seen read_bytewise(const FramingConfig& framing, std::uint32_t limit, const std::string& bytes) {
  StreamReader reader(framing, limit);
  for (const char byte : bytes) {
    if (!reader.feed({&byte, 1})) break;
  }
  EXPECT_FALSE(reader.broke_bounds());
  return reader.seen();
}

void expect_both_ways(const FramingConfig& framing, std::uint32_t limit, const std::string& bytes,
                      const Seen& expected) {
  EXPECT_EQ(StreamReader::run(framing, limit, {bytes}), expected) << "in one read";
  EXPECT_EQ(read_bytewise(framing, limit, bytes), expected) << "byte by byte";
}

TEST(FrameReaderLimits, APayloadOfTheLimitPassesAndOneByteMoreDoesNot) {
  const FramingConfig framings[] = {line_framing(), length_framing(1), length_framing(2),
                                    length_framing(4), varint_framing()};
  for (const FramingConfig& framing : framings) {
    for (const std::uint32_t limit : {1U, 2U, 127U, 128U, 254U}) {
      SCOPED_TRACE(::testing::Message() << "kind " << static_cast<int>(framing.kind) << ", prefix "
                                        << framing.length_bytes << ", limit " << limit);
      const std::string payload(limit + 1, 'x');
      std::string wire;
      encode(encoding_of(framing), payload.substr(0, limit - 1), wire);
      encode(encoding_of(framing), payload.substr(0, limit), wire);
      encode(encoding_of(framing), payload, wire);
      encode(encoding_of(framing), "x", wire);
      expect_both_ways(
          framing, limit, wire,
          {{payload.substr(0, limit - 1), payload.substr(0, limit)}, Status::kTooLarge});
    }
  }
}

TEST(FrameReaderLimits, TheLineEndDoesNotCountAsPayload) {
  expect_both_ways(line_framing(), 3, "abc\r\n", {{"abc"}, Status::kNeedMore});
  expect_both_ways(line_framing(), 3, "abc\r", {{}, Status::kNeedMore});
  expect_both_ways(line_framing(), 3, "abcd\r\n", {{}, Status::kTooLarge});
  expect_both_ways(line_framing(), 3, "abc\r\r", {{}, Status::kTooLarge});
  expect_both_ways(line_framing(), 1, "\r\r\n", {{"\r"}, Status::kNeedMore});
}

TEST(FrameReaderLimits, AnEmptyFrameIsAFrame) {
  expect_both_ways(line_framing(), 3, "\n\r\n", {{"", ""}, Status::kNeedMore});
  expect_both_ways(length_framing(1), 3, "\0\0"s, {{"", ""}, Status::kNeedMore});
  expect_both_ways(length_framing(2), 3, "\0\0"s, {{""}, Status::kNeedMore});
  expect_both_ways(length_framing(4), 3, "\0\0\0\0"s, {{""}, Status::kNeedMore});
  expect_both_ways(varint_framing(), 3, "\0\x80\0"s, {{"", ""}, Status::kNeedMore});
}

TEST(FrameReaderLimits, AVarintIsMalformedOnceFiveBytesDoNotEndIt) {
  const std::string endless(16, '\x80');
  for (std::size_t bytes = 1; bytes < 5; ++bytes) {
    expect_both_ways(varint_framing(), 3, endless.substr(0, bytes), {{}, Status::kNeedMore});
  }
  expect_both_ways(varint_framing(), 3, endless.substr(0, 5), {{}, Status::kMalformed});
  expect_both_ways(varint_framing(), 3, endless, {{}, Status::kMalformed});
  expect_both_ways(varint_framing(), 3, "\xFF\xFF\xFF\xFF\xFF"s, {{}, Status::kMalformed});
}

TEST(FrameReaderLimits, AVarintMayBeLongerThanItNeedsToBe) {
  for (const std::string& two :
       {"\x02"s, "\x82\x00"s, "\x82\x80\x00"s, "\x82\x80\x80\x00"s, "\x82\x80\x80\x80\x00"s}) {
    expect_both_ways(varint_framing(), 2, two + "hi", {{"hi"}, Status::kNeedMore});
  }
}

TEST(FrameReaderLimits, AHugeClaimIsRefusedOnTheHeaderAloneAndHoldsNoMoreThanTheHeader) {
  struct Claim {
    FramingConfig framing;
    std::string header;
  };
  const Claim claims[] = {
      {length_framing(1), "\xFF"s},
      {length_framing(2), "\xFF\xFF"s},
      {length_framing(4), "\x80\0\0\0"s},           // 2^31
      {length_framing(4), "\xFF\xFF\xFF\xFF"s},     // 2^32 - 1
      {varint_framing(), "\x80\x80\x80\x80\x08"s},  // 2^31
      {varint_framing(), "\xFF\xFF\xFF\xFF\x0F"s},  // 2^32 - 1
      {varint_framing(), "\xFF\xFF\xFF\xFF\x7F"s},  // 2^35 - 1
  };
  for (const Claim& claim : claims) {
    SCOPED_TRACE(::testing::PrintToString(claim.header));
    StreamReader reader(claim.framing, 200);
    for (std::size_t i = 0; i + 1 < claim.header.size(); ++i) {
      ASSERT_TRUE(reader.feed(claim.header.substr(i, 1)));
      EXPECT_LE(reader.budget().used(), 64U);
    }
    EXPECT_FALSE(reader.feed(claim.header.substr(claim.header.size() - 1)));
    EXPECT_EQ(reader.seen().end, Status::kTooLarge);
    EXPECT_LE(reader.budget().used(), 64U);

    StreamReader at_once(claim.framing, 200);
    EXPECT_FALSE(at_once.feed(claim.header));
    EXPECT_EQ(at_once.seen().end, Status::kTooLarge);
    EXPECT_EQ(at_once.budget().used(), 0U);
  }
}

TEST(FrameReaderLimits, TheLargestLimitDoesNotOverflow) {
  for (const FramingConfig& framing :
       {line_framing(), length_framing(4), varint_framing(), fixed_framing(UINT32_MAX)}) {
    StreamReader reader(framing, UINT32_MAX);
    EXPECT_TRUE(reader.feed("\x01"));
    EXPECT_EQ(reader.budget().used(), 64U);
    EXPECT_GT(Framing(framing, UINT32_MAX).frame_bytes_max(), UINT32_MAX - 1ULL);
  }
}

TEST(FrameReaderLimits, FixedFramesOverTheLimitAreRefusedAtTheirFirstByte) {
  expect_both_ways(fixed_framing(4), 3, "a", {{}, Status::kTooLarge});
}

}  // namespace
}  // namespace crier::dataplane
