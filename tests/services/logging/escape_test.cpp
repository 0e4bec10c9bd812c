#include "services/logging/escape.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "tests/services/logging/json.hpp"

namespace crier::services::logging {
namespace {

TEST(Escape, LeavesPrintableTextAlone) {
  EXPECT_EQ(escape(""), "");
  EXPECT_EQ(escape("plain text, 42!"), "plain text, 42!");
  EXPECT_EQ(escape("gr\u00fc\u00df \u65e5\u672c \U0001F600"),
            "gr\u00fc\u00df \u65e5\u672c \U0001F600");
}

TEST(Escape, DisarmsWhatATerminalOrALogReaderActsUpon) {
  EXPECT_EQ(escape("a\nb\rc\td"), "a\\nb\\rc\\td");
  EXPECT_EQ(escape("\x1b[31m"), "\\u001b[31m");
  EXPECT_EQ(escape(std::string_view("\0", 1)), "\\u0000");
  EXPECT_EQ(escape("\x7f"), "\\u007f");
  EXPECT_EQ(escape("\"\\"), "\\\"\\\\");
  EXPECT_EQ(escape("\u009b"), "\\u009b");
  EXPECT_EQ(escape("\u2028"), "\\u2028");
  EXPECT_EQ(escape("\u202e"), "\\u202e");
  EXPECT_EQ(escape("\ufeff"), "\\ufeff");
}

TEST(Escape, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(escape("a\xff"), "a\ufffd");
  EXPECT_EQ(escape("\xc0\x80"), "\ufffd\ufffd");                      // overlong NUL
  EXPECT_EQ(escape("\xe0\x80\xaf"), "\ufffd\ufffd\ufffd");            // overlong slash
  EXPECT_EQ(escape("\xed\xa0\x80"), "\ufffd\ufffd\ufffd");            // surrogate
  EXPECT_EQ(escape("\xf4\x90\x80\x80"), "\ufffd\ufffd\ufffd\ufffd");  // above U+10FFFF
  EXPECT_EQ(escape("\xe2\x82"), "\ufffd\ufffd");                      // cut off
}

TEST(Escape, CutsWithAMarkAndNeverInsideACharacter) {
  EXPECT_EQ(escape("12345678", 8), "12345678");
  EXPECT_EQ(escape("123456789", 8), "12345...");
  EXPECT_EQ(escape("1234\u20ac6789", 8), "1234...");
  EXPECT_EQ(escape("1234\n6789", 8), "1234...");
  EXPECT_EQ(escape("\x01\x01", 6), "...");
  EXPECT_EQ(escape("abcd", 3), "...");
  EXPECT_EQ(escape(std::string(1'000, 'x')).size(), 128U);
}

TEST(Escape, OnlyTextThatCanBeShownAsItIsIsPrintable) {
  for (const char* text : {"", "a b", "\"\\", "\u20ac", "\xf0\x9f\x94\x94"}) {
    EXPECT_TRUE(is_printable(text)) << text;
  }
  for (const std::string& text :
       {std::string(1, '\0'), std::string("a\n"), std::string("\x1b"), std::string("\x7f"),
        std::string("\xc2\x85"), std::string("\u2028"), std::string("\u202e"), std::string("\xff"),
        std::string("\xc3"), std::string("\xc0\xaf"), std::string("\xed\xa0\x80")}) {
    EXPECT_FALSE(is_printable(text)) << escape(text);
  }
}

RC_GTEST_PROP(Escape, IsAlwaysTheInsideOfAJsonString, (const std::string& text)) {
  const auto limit = *rc::gen::inRange<std::size_t>(3, 200);
  const std::string escaped = escape(text, limit);
  RC_ASSERT(escaped.size() <= limit);
  RC_ASSERT(std::none_of(escaped.begin(), escaped.end(),
                         [](unsigned char c) { return c < 0x20 || c == 0x7f; }));
  const auto object = parse_json("{\"k\":\"" + escaped + "\"}");
  RC_ASSERT(object.has_value());
  RC_ASSERT(object->fields_size() == 1);
}

RC_GTEST_PROP(Escape, LosesNothingOfAsciiText, ()) {
  const auto text = *rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127));
  const auto object = parse_json("{\"k\":\"" + escape(text, 10'000) + "\"}");
  RC_ASSERT(object.has_value());
  RC_ASSERT(text_of(*object, "k") == text);
}

}  // namespace
}  // namespace crier::services::logging
