#include "services/logging/line_format.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <limits>

#include "tests/services/logging/json.hpp"

namespace crier::services::logging {
namespace {

TEST(LineFormat, TextQuotesOnlyWhatIsMoreThanAWord) {
  EXPECT_EQ(format_text(Level::kInfo, "client closed",
                        {{"id", "c1"}, {"reason", "too slow"}, {"empty", ""}, {"eq", "a=b"}}),
            "INFO  client closed id=c1 reason=\"too slow\" empty=\"\" eq=\"a=b\"");
}

TEST(LineFormat, NumbersAndFlagsAreNotText) {
  EXPECT_EQ(format_json(Level::kWarn, "m",
                        {{"a", -1},
                         {"b", std::numeric_limits<std::uint64_t>::max()},
                         {"c", true},
                         {"d", std::uint16_t{8082}}}),
            "\"level\":\"warn\",\"message\":\"m\",\"a\":-1,\"b\":18446744073709551615,\"c\":true,"
            "\"d\":8082}");
}

TEST(LineFormat, EveryLevelHasItsName) {
  EXPECT_EQ(format_text(Level::kTrace, "m", {}), "TRACE m");
  EXPECT_EQ(format_text(Level::kDebug, "m", {}), "DEBUG m");
  EXPECT_EQ(format_text(Level::kWarn, "m", {}), "WARN  m");
  EXPECT_EQ(format_text(Level::kError, "m", {}), "ERROR m");
  EXPECT_EQ(format_json(Level::kError, "m", {}), "\"level\":\"error\",\"message\":\"m\"}");
}

TEST(LineFormat, LongTextIsCut) {
  const std::string text(10'000, 'x');
  EXPECT_LE(format_json(Level::kInfo, text, {{"k", text}}).size(),
            kMessageBytesMax + kFieldBytesMax + 60);
}

RC_GTEST_PROP(LineFormat, HostileTextStaysOneJsonObjectAndOneLine,
              (const std::string& message, const std::string& value)) {
  const std::string json = "{" + format_json(Level::kInfo, message, {{"k", value}});
  const auto object = parse_json(json);
  RC_ASSERT(object.has_value());
  RC_ASSERT(object->fields_size() == 3);
  RC_ASSERT(json.find('\n') == std::string::npos);
  const std::string text = format_text(Level::kInfo, message, {{"k", value}});
  RC_ASSERT(text.find_first_of("\n\r\x1b") == std::string::npos);
}

}  // namespace
}  // namespace crier::services::logging
