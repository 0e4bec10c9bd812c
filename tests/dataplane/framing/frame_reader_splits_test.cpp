// Every way to split some streams over reads, exhaustively.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/dataplane/framing/byte_machine.hpp"
#include "tests/dataplane/framing/framings.hpp"
#include "tests/dataplane/framing/stream_reader.hpp"

namespace crier::dataplane {
namespace {

using namespace std::string_literals;
using Status = FrameReader::Status;

struct Stream {
  std::string name;
  FramingConfig framing;
  std::uint32_t max_frame_bytes;
  std::string bytes;
  Seen expected;
};

const std::vector<Stream> kStreams = {
    {"lines",
     line_framing(),
     5,
     "one\ntwo\r\n\n\r\nfives\nfives\r\nab\rc\n\r\r\nrest",
     {{"one", "two", "", "", "fives", "fives", "ab\rc", "\r"}, Status::kNeedMore}},
    {"line over the limit",
     line_framing(),
     3,
     "abc\nab\nabcd\nabc\n",
     {{"abc", "ab"}, Status::kTooLarge}},
    {"CR over the limit", line_framing(), 3, "abc\r\nabc\rx\n", {{"abc"}, Status::kTooLarge}},
    {"two CR over the limit", line_framing(), 3, "abc\r\r\n", {{}, Status::kTooLarge}},
    {"line without an end", line_framing(), 8, "ok\n123456789", {{"ok"}, Status::kTooLarge}},
    {"length 1",
     length_framing(1),
     6,
     "\x03"
     "abc\x00\x01x\x06"
     "sixsix\x04"
     "par"s,
     {{"abc", "", "x", "sixsix"}, Status::kNeedMore}},
    {"length 1 over the limit",
     length_framing(1),
     3,
     "\x03"
     "abc\x04"
     "abcd\x01x"s,
     {{"abc"}, Status::kTooLarge}},
    {"length 2",
     length_framing(2),
     300,
     "\x00\x03"
     "abc\x00\x00\x00\x01x\x00"s,
     {{"abc", "", "x"}, Status::kNeedMore}},
    {"length 2 over the limit",
     length_framing(2),
     300,
     "\x00\x01x\x01\x2Dy"s,
     {{"x"}, Status::kTooLarge}},
    {"length 4",
     length_framing(4),
     8,
     "\0\0\0\x02hi\0\0\0\0\0\0\0\x08"
     "eightyes\0\0\0"s,
     {{"hi", "", "eightyes"}, Status::kNeedMore}},
    {"length 4 with every bit",
     length_framing(4),
     8,
     "\0\0\0\x01x\xFF\xFF\xFF\xFFyyyy"s,
     {{"x"}, Status::kTooLarge}},
    {"varint",
     varint_framing(),
     6,
     "\x03"
     "abc\x00\x81\x00x\x86\x80\x80\x80\x00sixsix\x80"s,
     {{"abc", "", "x", "sixsix"}, Status::kNeedMore}},
    {"varint over the limit", varint_framing(), 200, "\x01x\xC9\x01y"s, {{"x"}, Status::kTooLarge}},
    {"varint that never ends",
     varint_framing(),
     6,
     "\x01x\x80\x80\x80\x80\x80\x00"s,
     {{"x"}, Status::kMalformed}},
    {"fixed",
     fixed_framing(3),
     3,
     "abc\0\n\rxyzre"s,
     {{"abc", "\0\n\r"s, "xyz"}, Status::kNeedMore}},
    {"fixed, one byte", fixed_framing(1), 8, "a\0b"s, {{"a", "\0"s, "b"}, Status::kNeedMore}},
};

// The reads that cutting `bytes` at ascending `cuts` gives.
std::vector<std::string_view> split(std::string_view bytes, const std::vector<std::size_t>& cuts) {
  std::vector<std::string_view> reads;
  std::size_t begin = 0;
  for (const std::size_t cut : cuts) {
    reads.push_back(bytes.substr(begin, cut - begin));
    begin = cut;
  }
  reads.push_back(bytes.substr(begin));
  return reads;
}

TEST(FrameReaderSplits, WholeStreamGivesTheFramesWrittenDown) {
  for (const Stream& stream : kStreams) {
    SCOPED_TRACE(stream.name);
    EXPECT_EQ(StreamReader::run(stream.framing, stream.max_frame_bytes, {stream.bytes}),
              stream.expected);
    EXPECT_EQ(ByteMachine::run(stream.framing, stream.max_frame_bytes, stream.bytes),
              stream.expected);
  }
}

TEST(FrameReaderSplits, EveryPairOfSplitPointsGivesTheSameFrames) {
  for (const Stream& stream : kStreams) {
    for (std::size_t first = 0; first <= stream.bytes.size(); ++first) {
      for (std::size_t second = first; second <= stream.bytes.size(); ++second) {
        const auto reads = split(stream.bytes, {first, second});
        ASSERT_EQ(StreamReader::run(stream.framing, stream.max_frame_bytes, reads), stream.expected)
            << stream.name << ", split at " << first << " and " << second;
      }
    }
  }
}

TEST(FrameReaderSplits, ReadsOfEveryEqualSizeGiveTheSameFrames) {
  for (const Stream& stream : kStreams) {
    for (std::size_t size = 1; size <= stream.bytes.size(); ++size) {
      std::vector<std::size_t> cuts;
      for (std::size_t cut = size; cut < stream.bytes.size(); cut += size) cuts.push_back(cut);
      const auto reads = split(stream.bytes, cuts);
      ASSERT_EQ(StreamReader::run(stream.framing, stream.max_frame_bytes, reads), stream.expected)
          << stream.name << ", " << size << " bytes at a time";
    }
  }
}

TEST(FrameReaderSplits, APauseBeforeAnyFrameAndASplitAnywhereGiveTheSameFrames) {
  for (const Stream& stream : kStreams) {
    for (std::size_t paused = 0; paused <= stream.expected.frames.size(); ++paused) {
      for (std::size_t cut = 0; cut <= stream.bytes.size(); ++cut) {
        StreamReader reader(stream.framing, stream.max_frame_bytes);
        std::size_t asked = 0;
        const auto pause = [&] { return asked++ == paused; };
        for (const auto read : split(stream.bytes, {cut})) (void)reader.feed(read, pause);
        ASSERT_EQ(reader.seen(), stream.expected)
            << stream.name << ", paused at frame " << paused << ", split at " << cut;
      }
    }
  }
}

TEST(FrameReaderSplits, AnErrorIsSeenAtTheSameByteHoweverReadsSplit) {
  for (const Stream& stream : kStreams) {
    if (stream.expected.end == Status::kNeedMore) continue;
    std::size_t broken_at = 0;
    while (
        ByteMachine::run(stream.framing, stream.max_frame_bytes, stream.bytes.substr(0, broken_at))
            .end == Status::kNeedMore) {
      ++broken_at;
    }
    for (std::size_t cut = 0; cut <= stream.bytes.size(); ++cut) {
      StreamReader reader(stream.framing, stream.max_frame_bytes);
      const bool goes_on = reader.feed(std::string_view(stream.bytes).substr(0, cut));
      ASSERT_EQ(goes_on, cut < broken_at) << stream.name << ", first read of " << cut;
    }
  }
}

}  // namespace
}  // namespace crier::dataplane
