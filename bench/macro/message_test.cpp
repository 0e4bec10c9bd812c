#include "bench/macro/message.hpp"

#include <gtest/gtest.h>

#include <string>

namespace crier::bench {
namespace {

TEST(Message, SaysWhatWasWritten) {
  for (const std::size_t bytes : {kMessageBytesMin, kMessageBytesMin + 1, std::size_t{4096}}) {
    std::string text(bytes, ' ');
    write_message({kPublishersMax - 1, kSequenceMax, 1'234'567'890'123'456'789U}, text);
    const auto message = read_message(text);
    ASSERT_TRUE(message);
    EXPECT_EQ(message->publisher, kPublishersMax - 1);
    EXPECT_EQ(message->sequence, kSequenceMax);
    // Ten digits hold 60 bits, which is 36 years.
    EXPECT_EQ(message->stamp_ns, 1'234'567'890'123'456'789U & ((1ULL << 60U) - 1));
  }
}

TEST(Message, RefusesAnyOtherByte) {
  std::string text(40, ' ');
  write_message({1, 2, 3}, text);
  for (char& byte : text) {
    const char before = byte;
    byte = '\n';
    EXPECT_FALSE(read_message(text));
    byte = before;
  }
  EXPECT_TRUE(read_message(text));
  EXPECT_FALSE(read_message(text.substr(0, kMessageBytesMin - 1)));
}

}  // namespace
}  // namespace crier::bench
