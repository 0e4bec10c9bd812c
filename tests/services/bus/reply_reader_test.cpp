#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "services/bus/redis/reply.hpp"

namespace crier::services::bus::redis {
namespace {

using ::testing::HasSubstr;
using Next = ReplyReader::Next;

std::string text_of(const Reply& reply) {
  switch (reply.kind) {
    case Reply::Kind::kNil:
      return "nil";
    case Reply::Kind::kInteger:
      return std::to_string(reply.integer);
    case Reply::Kind::kError:
      return "-" + reply.text;
    case Reply::Kind::kString:
      return "'" + reply.text + "'";
    case Reply::Kind::kArray:
      break;
  }
  std::string all = "[";
  for (const Reply& element : reply.elements) all += text_of(element) + " ";
  return all + "]";
}

// Everything that comes of some pieces, in order; items are marked.
std::string read_all(ReplyReader& reader, const std::vector<std::string_view>& pieces) {
  std::string all;
  for (const std::string_view piece : pieces) {
    reader.feed(piece);
    Reply reply;
    for (;;) {
      const Next next = reader.next(reply);
      if (next == Next::kBroken) return all + "broken";
      if (next == Next::kMore) break;
      all += (next == Next::kItem ? "item " : "") + text_of(reply) + ";";
    }
  }
  return all;
}

std::string read_all(const std::string& bytes, ReplyReader::Limits limits = {1000, 0}) {
  ReplyReader reader(limits);
  return read_all(reader, {bytes});
}

constexpr std::string_view kEveryKind =
    "+OK\r\n-ERR no\r\n:-42\r\n$-1\r\n*-1\r\n$0\r\n\r\n$4\r\na\r\nb\r\n"
    "*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$2\r\nhi\r\n*2\r\n*0\r\n*1\r\n:1\r\n";
constexpr std::string_view kEveryValue =
    "'OK';-ERR no;-42;nil;nil;'';'a\r\nb';['message' 'c' 'hi' ];[[] [1 ] ];";

TEST(ReplyReader, ReadsEveryKindHoweverItIsCut) {
  for (std::size_t first = 0; first <= kEveryKind.size(); ++first) {
    for (std::size_t second = first; second <= kEveryKind.size(); ++second) {
      ReplyReader reader({1000, 0});
      ASSERT_EQ(
          read_all(reader, {kEveryKind.substr(0, first), kEveryKind.substr(first, second - first),
                            kEveryKind.substr(second)}),
          kEveryValue)
          << first << " " << second;
      ASSERT_EQ(reader.buffered_bytes(), 0U);
    }
  }
}

TEST(ReplyReader, ReadsByteByByte) {
  ReplyReader reader({1000, 0});
  std::vector<std::string_view> bytes;
  for (std::size_t i = 0; i < kEveryKind.size(); ++i) bytes.push_back(kEveryKind.substr(i, 1));
  EXPECT_EQ(read_all(reader, bytes), kEveryValue);
}

constexpr std::string_view kStream =
    "*1\r\n*2\r\n$1\r\ns\r\n*3\r\n"
    "*2\r\n$3\r\n1-1\r\n*2\r\n$1\r\nm\r\n$1\r\na\r\n"
    "*2\r\n$3\r\n2-1\r\n*0\r\n"
    "*-1\r\n*-1\r\n";

TEST(ReplyReader, HandsOutItemsAsSoonAsTheyAreComplete) {
  constexpr std::string_view kExpected =
      "item ['1-1' ['m' 'a' ] ];item ['2-1' [] ];item nil;[['s' [nil nil nil ] ] ];nil;";
  for (std::size_t cut = 0; cut <= kStream.size(); ++cut) {
    ReplyReader reader({1000, 3});
    ASSERT_EQ(read_all(reader, {kStream.substr(0, cut), kStream.substr(cut)}), kExpected) << cut;
  }
  ReplyReader reader({1000, 3});
  const std::size_t second = kStream.find("*2\r\n$3\r\n2-1");
  EXPECT_EQ(read_all(reader, {kStream.substr(0, second)}), "item ['1-1' ['m' 'a' ] ];");
}

TEST(ReplyReader, HoldsABulkStringToItsLimit) {
  const auto bulk = [](std::size_t size) {
    return "$" + std::to_string(size) + "\r\n" + std::string(size, 'x') + "\r\n";
  };
  EXPECT_EQ(read_all(bulk(999)), "'" + std::string(999, 'x') + "';");
  EXPECT_EQ(read_all(bulk(1000)), "'" + std::string(1000, 'x') + "';");
  EXPECT_EQ(read_all(bulk(1001)), "broken");
}

TEST(ReplyReader, DoesNotWaitForWhatIsTooLarge) {
  EXPECT_EQ(read_all("$536870912\r\n"), "broken");
  EXPECT_EQ(read_all("*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$536870912\r\nxxx"), "broken");
  EXPECT_EQ(read_all("$9223372036854775807\r\n"), "broken");
  EXPECT_EQ(read_all("$99999999999999999999999\r\n"), "broken");
  EXPECT_EQ(read_all("*2147483647\r\n"), "broken");
  EXPECT_EQ(read_all("*99999999999999999999999\r\n"), "broken");
}

TEST(ReplyReader, HoldsAnArrayToItsLimit) {
  EXPECT_EQ(read_all("*4096\r\n", {1000, 0}), "");
  EXPECT_EQ(read_all("*4097\r\n", {1000, 0}), "broken");
}

TEST(ReplyReader, BreaksAtWhatIsNotResp) {
  for (const char* bytes : {"HTTP/1.1 400 Bad Request\r\n", ">3\r\n", "$x\r\n", "$-2\r\n",
                            "*-2\r\n", "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n"}) {
    EXPECT_EQ(read_all(bytes), "broken") << bytes;
  }
}

TEST(ReplyReader, StaysBroken) {
  ReplyReader reader({1000, 0});
  EXPECT_EQ(read_all(reader, {"+OK\r\n!\r\n", "+OK\r\n"}), "'OK';broken");
  EXPECT_EQ(read_all(reader, {"+OK\r\n"}), "broken");
  EXPECT_FALSE(reader.problem().empty());
}

TEST(ReplyReader, KeepsNoLineWithoutEnd) {
  ReplyReader reader({1000, 0});
  const std::string much(64U << 10U, 'x');
  Reply reply;
  reader.feed("+");
  std::size_t fed = 0;
  while (reader.next(reply) == Next::kMore) {
    reader.feed(much);
    fed += much.size();
    ASSERT_LE(reader.buffered_bytes(), 1000 + ReplyReader::kSlackBytes);
    ASSERT_LE(fed, 2 * ReplyReader::kSlackBytes);
  }
  EXPECT_THAT(reader.problem(), HasSubstr("too large"));
}

// 4096 arrays of 4096 arrays of ... are claimed in a few bytes and must be paid for one by one.
TEST(ReplyReader, KeepsNoMoreThanItsLimitOfManySmallValues) {
  ReplyReader reader({1000, 0});
  Reply reply;
  std::size_t fed = 0;
  for (int i = 0; i < 6; ++i) reader.feed("*4096\r\n");
  while (reader.next(reply) == Next::kMore) {
    for (int i = 0; i < 1000; ++i) reader.feed(":1\r\n");
    fed += 4000;
    ASSERT_LE(fed / 4 * sizeof(Reply), 2 * ReplyReader::kSlackBytes);
  }
  EXPECT_THAT(reader.problem(), HasSubstr("too large"));
}

TEST(ReplyReader, HandsOutItemsWithoutEndWithinItsLimit) {
  ReplyReader reader({1000, 1});
  Reply reply;
  reader.feed("*4096\r\n");
  const std::string item = "*1\r\n$900\r\n" + std::string(900, 'x') + "\r\n";
  for (int i = 0; i < 4096; ++i) {
    reader.feed(item);
    ASSERT_EQ(reader.next(reply), Next::kItem) << i << reader.problem();
    ASSERT_EQ(reply.elements.size(), 1U);
  }
  EXPECT_EQ(reader.next(reply), Next::kReply);
  EXPECT_EQ(reply.elements.size(), 4096U);
}

TEST(ReplyReader, TellsWhichItemWasTooLargeAfterThoseBefore) {
  ReplyReader reader({1000, 3});
  EXPECT_EQ(read_all(reader, {"*1\r\n*2\r\n$1\r\ns\r\n*2\r\n*2\r\n$3\r\n1-1\r\n*0\r\n"
                              "*2\r\n$3\r\n2-1\r\n*2\r\n$1\r\nm\r\n$1001\r\n"}),
            "item ['1-1' [] ];broken");
  EXPECT_EQ(reader.broken_item_head(), "2-1");
  ReplyReader before({1000, 3});
  EXPECT_EQ(read_all(before, {"*1\r\n*2\r\n$1\r\ns\r\n*2\r\n*2\r\n$3\r\n1-1\r\n*0\r\n$1001\r\n"}),
            "item ['1-1' [] ];broken");
  EXPECT_EQ(before.broken_item_head(), "");
}

TEST(Reply, KnowsTheFirstWordOfAnError) {
  Reply reply;
  reply.kind = Reply::Kind::kError;
  reply.text = "READONLY You can't write";
  EXPECT_TRUE(reply.is_error("READONLY"));
  EXPECT_FALSE(reply.is_error("READ"));
  reply.kind = Reply::Kind::kString;
  EXPECT_FALSE(reply.is_error("READONLY"));
}

}  // namespace
}  // namespace crier::services::bus::redis
