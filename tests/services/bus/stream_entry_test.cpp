#include "services/bus/redis/stream_entry.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace crier::services::bus::redis {
namespace {

Reply text(const std::string& bytes) {
  Reply reply;
  reply.kind = Reply::Kind::kString;
  reply.text = bytes;
  return reply;
}

Reply array(std::vector<Reply> elements) {
  Reply reply;
  reply.kind = Reply::Kind::kArray;
  reply.elements = std::move(elements);
  return reply;
}

Reply entry(const std::vector<std::string>& fields) {
  std::vector<Reply> all;
  for (const std::string& field : fields) all.push_back(text(field));
  return array({text("5-6"), array(std::move(all))});
}

TEST(StreamId, IsReadAndOrdered) {
  EXPECT_EQ(parse_stream_id("12-3"), (StreamId{12, 3}));
  EXPECT_EQ((StreamId{12, 3}).text(), "12-3");
  EXPECT_LT((StreamId{12, 3}), (StreamId{12, 4}));
  EXPECT_LT((StreamId{12, 3}), (StreamId{13, 0}));
  for (const char* bad :
       {"", "-", "1", "1-", "-1", "1-x", "1-2-3", " 1-2", "1-18446744073709551616"}) {
    EXPECT_EQ(parse_stream_id(bad), std::nullopt) << bad;
  }
}

TEST(StreamEntry, IsAMessageOrAProbe) {
  const auto message = parse_stream_entry(entry({"t", "7", "m", "hello"}));
  ASSERT_TRUE(message);
  EXPECT_EQ(message->id, (StreamId{5, 6}));
  EXPECT_EQ(message->to, 7U);
  EXPECT_EQ(message->message, "hello");
  EXPECT_FALSE(message->probe);
  EXPECT_EQ(parse_stream_entry(entry({"p", "nonce", "t", "0"}))->probe, "nonce");
}

TEST(StreamEntry, OfSomebodyElseIsPassedOver) {
  for (const auto& fields : std::vector<std::vector<std::string>>{
           {}, {"m"}, {"m", "x"}, {"t", "x", "m", "x"}, {"t", "-1", "m", "x"}, {"a", "b"}}) {
    const auto foreign = parse_stream_entry(entry(fields));
    ASSERT_TRUE(foreign);
    EXPECT_EQ(foreign->id, (StreamId{5, 6}));
    EXPECT_FALSE(foreign->message);
    EXPECT_FALSE(foreign->probe);
  }
}

TEST(StreamEntry, IsNotMadeOfAnythingElse) {
  EXPECT_FALSE(parse_stream_entry(Reply()));
  EXPECT_FALSE(parse_stream_entry(text("5-6")));
  EXPECT_FALSE(parse_stream_entry(array({})));
  EXPECT_FALSE(parse_stream_entry(array({text("5-6")})));
  EXPECT_FALSE(parse_stream_entry(array({text("5"), array({})})));
  EXPECT_FALSE(parse_stream_entry(array({array({}), array({})})));
}

}  // namespace
}  // namespace crier::services::bus::redis
