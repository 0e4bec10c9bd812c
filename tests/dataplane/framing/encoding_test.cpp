#include "dataplane/framing/encoding.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/dataplane/framing/framings.hpp"

namespace crier::dataplane {
namespace {

using namespace std::string_literals;

std::string encoded(Encoding encoding, std::string_view payload) {
  std::string wire;
  encode(encoding, payload, wire);
  return wire;
}

TEST(Encoding, FollowsTheFraming) {
  EXPECT_EQ(encoding_of(line_framing()), Encoding::kLine);
  EXPECT_EQ(encoding_of(length_framing(1)), Encoding::kLength1);
  EXPECT_EQ(encoding_of(length_framing(2)), Encoding::kLength2);
  EXPECT_EQ(encoding_of(length_framing(4)), Encoding::kLength4);
  EXPECT_EQ(encoding_of(varint_framing()), Encoding::kVarint);
  EXPECT_EQ(encoding_of(fixed_framing(7)), Encoding::kRaw);
}

TEST(Encoding, AnEnvelopeMakesEachFramingAnother) {
  const auto of = [](const FramingConfig& framing) {
    return encoding_of(framing, Codec::kEnvelope);
  };
  EXPECT_EQ(of(line_framing()), Encoding::kEnvelopeLine);
  EXPECT_EQ(of(length_framing(1)), Encoding::kEnvelopeLength1);
  EXPECT_EQ(of(length_framing(2)), Encoding::kEnvelopeLength2);
  EXPECT_EQ(of(length_framing(4)), Encoding::kEnvelopeLength4);
  EXPECT_EQ(of(varint_framing()), Encoding::kEnvelopeVarint);
  EXPECT_EQ(static_cast<std::size_t>(Encoding::kEnvelopeVarint) + 1, kEncodings);
}

TEST(Encoding, AnEnvelopeWrapsThePayloadInAMessage) {
  // Field 2, three bytes.
  EXPECT_EQ(encoded(Encoding::kEnvelopeLength1, "abc"), "\x05\x12\x03"s + "abc");
  EXPECT_EQ(encoded(Encoding::kEnvelopeLength2, "abc"), "\0\x05\x12\x03"s + "abc");
  EXPECT_EQ(encoded(Encoding::kEnvelopeLength4, "abc"), "\0\0\0\x05\x12\x03"s + "abc");
  EXPECT_EQ(encoded(Encoding::kEnvelopeVarint, "abc"), "\x05\x12\x03"s + "abc");
  EXPECT_EQ(encoded(Encoding::kEnvelopeLine, "a\nc"), "EgNhCmM=\n");
  EXPECT_EQ(encoded(Encoding::kEnvelopeLength1, ""), "\x02\x12\0"s);
  const std::string long_payload(300, 'x');
  EXPECT_EQ(encoded(Encoding::kEnvelopeLength2, long_payload).substr(0, 5),
            "\x01\x2F\x12\xAC\x02"s);
}

TEST(Encoding, AnEnvelopeMustFitItsFramingWhole) {
  EXPECT_TRUE(can_encode(Encoding::kEnvelopeLength1, std::string(252, 'x')));
  EXPECT_FALSE(can_encode(Encoding::kEnvelopeLength1, std::string(253, 'x')));
  EXPECT_TRUE(can_encode(Encoding::kEnvelopeLength2, std::string(65'531, 'x')));
  EXPECT_FALSE(can_encode(Encoding::kEnvelopeLength2, std::string(65'532, 'x')));
  EXPECT_TRUE(can_encode(Encoding::kEnvelopeLine, "\n"));
}

TEST(Encoding, AddsExactlyTheBytesOfItsFraming) {
  EXPECT_EQ(encoded(Encoding::kLine, "abc"), "abc\n");
  EXPECT_EQ(encoded(Encoding::kLine, "abc\r"), "abc\r\n");
  EXPECT_EQ(encoded(Encoding::kLine, ""), "\n");
  EXPECT_EQ(encoded(Encoding::kLength1, "abc"),
            "\x03"
            "abc");
  EXPECT_EQ(encoded(Encoding::kLength1, ""), "\0"s);
  EXPECT_EQ(encoded(Encoding::kLength2, "abc"),
            "\0\x03"
            "abc"s);
  EXPECT_EQ(encoded(Encoding::kLength4, "abc"),
            "\0\0\0\x03"
            "abc"s);
  EXPECT_EQ(encoded(Encoding::kVarint, ""), "\0"s);
  EXPECT_EQ(encoded(Encoding::kVarint, "abc"),
            "\x03"
            "abc");
  EXPECT_EQ(encoded(Encoding::kRaw, "\0\n\xFF"s), "\0\n\xFF"s);
}

TEST(Encoding, PrefixesAreBigEndianAndVarintsStartWithTheLeastSignificantGroup) {
  const std::string payload(0x010203, 'x');
  EXPECT_EQ(encoded(Encoding::kLength4, payload).substr(0, 5), "\x00\x01\x02\x03x"s);
  EXPECT_EQ(encoded(Encoding::kLength2, payload.substr(0, 0x0102)).substr(0, 3), "\x01\x02x"s);
  EXPECT_EQ(encoded(Encoding::kVarint, payload.substr(0, 127)).substr(0, 2), "\x7Fx"s);
  EXPECT_EQ(encoded(Encoding::kVarint, payload.substr(0, 128)).substr(0, 3), "\x80\x01x"s);
  EXPECT_EQ(encoded(Encoding::kVarint, payload.substr(0, 16'383)).substr(0, 3), "\xFF\x7Fx"s);
  EXPECT_EQ(encoded(Encoding::kVarint, payload.substr(0, 16'384)).substr(0, 4), "\x80\x80\x01x"s);
}

TEST(Encoding, AppendsBehindWhatIsThere) {
  std::string wire = "before";
  encode(Encoding::kLength2, "abc", wire);
  EXPECT_EQ(wire,
            "before\0\x03"
            "abc"s);
}

TEST(Encoding, AddsNoMoreThanItsBound) {
  for (std::size_t i = 0; i < kEncodings; ++i) {
    for (const std::size_t size : {1U, 127U, 128U, 252U, 16'384U}) {
      const auto encoding = static_cast<Encoding>(i);
      const std::string payload(size, 'x');
      if (can_encode(encoding, payload)) {
        EXPECT_LE(encoded(encoding, payload).size(), frame_bytes_max(encoding, size)) << i;
      }
    }
  }
}

TEST(Encoding, RefusesWhatAFramingCannotCarry) {
  EXPECT_FALSE(can_encode(Encoding::kLine, "a\nb"));
  EXPECT_FALSE(can_encode(Encoding::kLine, "\n"));
  EXPECT_FALSE(can_encode(Encoding::kLine, "ab\n"));
  EXPECT_TRUE(can_encode(Encoding::kLine, "a\rb\r\0"s));
  EXPECT_TRUE(can_encode(Encoding::kLength1, std::string(255, 'x')));
  EXPECT_FALSE(can_encode(Encoding::kLength1, std::string(256, 'x')));
  EXPECT_TRUE(can_encode(Encoding::kLength2, std::string(65'535, 'x')));
  EXPECT_FALSE(can_encode(Encoding::kLength2, std::string(65'536, 'x')));
  EXPECT_TRUE(can_encode(Encoding::kLength4, std::string(65'536, '\n')));
  EXPECT_TRUE(can_encode(Encoding::kVarint, std::string(65'536, '\n')));
  EXPECT_FALSE(can_encode(Encoding::kRaw, ""));
  EXPECT_TRUE(can_encode(Encoding::kRaw, "\n"));
}

TEST(Encoding, OnlyRawRefusesAnEmptyPayload) {
  for (std::size_t i = 0; i < kEncodings; ++i) {
    const auto encoding = static_cast<Encoding>(i);
    EXPECT_EQ(can_encode(encoding, ""), encoding != Encoding::kRaw) << i;
  }
}

}  // namespace
}  // namespace crier::dataplane
