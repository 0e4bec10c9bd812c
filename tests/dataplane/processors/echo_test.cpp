#include "dataplane/processors/echo.hpp"

#include <gtest/gtest.h>

#include <string>

#include "dataplane/processors/discard.hpp"

namespace crier::dataplane {
namespace {

using namespace std::string_literals;

TEST(EchoProcessor, AnswersWithThePayloadItselfUncopied) {
  EchoProcessor processor;
  std::string scratch;
  for (const std::string& payload : {""s, "a"s, "\0\n\xFF"s, std::string(100'000, 'x')}) {
    const Verdict verdict = processor.process({payload, 0, {}, scratch});
    EXPECT_EQ(verdict.kind, Verdict::Kind::kReply);
    EXPECT_EQ(verdict.reply, payload);
    EXPECT_EQ(verdict.reply.data(), payload.data());
  }
  EXPECT_TRUE(processor.replies());
}

TEST(DiscardProcessor, NeverAnswers) {
  DiscardProcessor processor;
  std::string scratch;
  EXPECT_EQ(processor.process({"payload", 0, {}, scratch}).kind, Verdict::Kind::kNone);
  EXPECT_FALSE(processor.replies());
}

}  // namespace
}  // namespace crier::dataplane
