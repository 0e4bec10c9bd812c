#include "services/crierctl/escape.hpp"

#include <gtest/gtest.h>

#include <string>

namespace crier::services::crierctl {
namespace {

TEST(Escape, LeavesPrintableTextAlone) {
  EXPECT_EQ(escaped("hello, world ~"), "hello, world ~");
  EXPECT_EQ(escaped("grüße 你好 🙂"), "grüße 你好 🙂");
  EXPECT_EQ(escaped(""), "");
}

TEST(Escape, NamesTheUsualControlCharacters) {
  EXPECT_EQ(escaped("a\r\n\tb\\"), "a\\r\\n\\tb\\\\");
}

TEST(Escape, ShowsOtherBytesInHexadecimal) {
  EXPECT_EQ(escaped(std::string("\0\x1b[2J\x7f", 6)), "\\x00\\x1b[2J\\x7f");
  EXPECT_EQ(escaped("\xff\x80"), "\\xff\\x80");
}

TEST(Escape, RefusesUtf8ThatIsNotWellFormed) {
  EXPECT_EQ(escaped("\xc3"), "\\xc3");           // cut short
  EXPECT_EQ(escaped("\xc3("), "\\xc3(");         // no continuation
  EXPECT_EQ(escaped("\xc0\xaf"), "\\xc0\\xaf");  // overlong
  EXPECT_EQ(escaped("\xe0\x80\xaf"), "\\xe0\\x80\\xaf");
  EXPECT_EQ(escaped("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // a surrogate
  EXPECT_EQ(escaped("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
}

TEST(Escape, HidesNoControlInUtf8) {
  EXPECT_EQ(escaped("\xc2\x9b"), "\\xc2\\x9b");           // a C1 control: starts a sequence
  EXPECT_EQ(escaped("\xe2\x80\xae"), "\\xe2\\x80\\xae");  // turns the direction of text
}

}  // namespace
}  // namespace crier::services::crierctl
