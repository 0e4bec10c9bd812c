#include "dataplane/processors/double.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace crier::dataplane {
namespace {

Verdict process(std::string_view payload, std::string& scratch) {
  DoubleProcessor processor;
  return processor.process({payload, 0, {}, scratch});
}

TEST(DoubleProcessor, AnswersEveryNumberWithItsDoubleModulo256) {
  std::string scratch;
  for (int value = INT16_MIN; value <= INT16_MAX; ++value) {
    const auto bits = static_cast<std::uint16_t>(value);
    const char payload[] = {static_cast<char>(bits >> 8), static_cast<char>(bits & 0xFF)};
    const Verdict verdict = process({payload, 2}, scratch);
    ASSERT_EQ(verdict.kind, Verdict::Kind::kReply);
    ASSERT_EQ(verdict.reply.size(), 1U);
    const int modulo = ((2 * value) % 256 + 256) % 256;
    ASSERT_EQ(static_cast<unsigned char>(verdict.reply[0]), modulo) << value;
  }
}

TEST(DoubleProcessor, RefusesEveryOtherSize) {
  std::string scratch;
  for (const std::size_t size : {0U, 1U, 3U, 4U, 100U}) {
    EXPECT_EQ(process(std::string(size, '\0'), scratch).kind, Verdict::Kind::kRejected) << size;
  }
}

TEST(DoubleProcessor, Replies) {
  EXPECT_TRUE(DoubleProcessor().replies());
}

}  // namespace
}  // namespace crier::dataplane
