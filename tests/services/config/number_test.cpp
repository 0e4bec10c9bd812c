#include "services/config/number.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>

namespace crier::services::config {
namespace {

using v1::KeyOptions;

std::int64_t value_of(KeyOptions::Kind kind, std::string_view text) {
  const auto result = parse_number(kind, text);
  if (const auto* error = std::get_if<NumberError>(&result)) {
    ADD_FAILURE() << error->reason;
    return -1;
  }
  return std::get<std::int64_t>(result);
}

std::string reason_of(KeyOptions::Kind kind, std::string_view text) {
  const auto result = parse_number(kind, text);
  const auto* error = std::get_if<NumberError>(&result);
  EXPECT_NE(error, nullptr) << "accepted: " << text;
  return error == nullptr ? "" : error->reason;
}

TEST(Number, ReadsDurationsAsMilliseconds) {
  EXPECT_EQ(value_of(KeyOptions::KIND_DURATION, "0s"), 0);
  EXPECT_EQ(value_of(KeyOptions::KIND_DURATION, "500ms"), 500);
  EXPECT_EQ(value_of(KeyOptions::KIND_DURATION, "10s"), 10'000);
  EXPECT_EQ(value_of(KeyOptions::KIND_DURATION, "5m"), 300'000);
  EXPECT_EQ(value_of(KeyOptions::KIND_DURATION, "2h"), 7'200'000);
}

TEST(Number, ReadsSizesWithAndWithoutUnit) {
  EXPECT_EQ(value_of(KeyOptions::KIND_BYTES, "65536"), 65'536);
  EXPECT_EQ(value_of(KeyOptions::KIND_BYTES, "64KiB"), 65'536);
  EXPECT_EQ(value_of(KeyOptions::KIND_BYTES, "2MiB"), 2 << 20);
  EXPECT_EQ(value_of(KeyOptions::KIND_BYTES, "1GiB"), 1 << 30);
}

TEST(Number, ADurationNeedsItsUnit) {
  EXPECT_EQ(reason_of(KeyOptions::KIND_DURATION, "10"), "'10' has no unit; write 10s or 10ms");
  EXPECT_EQ(reason_of(KeyOptions::KIND_DURATION, "0"), "'0' has no unit; write 0s or 0ms");
}

TEST(Number, GuessesTheSizeThatWasMeant) {
  for (const char* text : {"64KB", "64K", "64k", "64kib", "64 KiB"}) {
    EXPECT_NE(reason_of(KeyOptions::KIND_BYTES, text).find("did you mean 64KiB?"),
              std::string::npos);
  }
}

TEST(Number, RefusesEverythingButWholeDecimals) {
  for (const char* text : {"", " ", "-1", "+1", "1.5", "1e3", "0x10", "010", "1_000", "1 ", " 1",
                           "ten", "true", "1\n", "\xff"}) {
    for (const auto kind :
         {KeyOptions::KIND_COUNT, KeyOptions::KIND_DURATION, KeyOptions::KIND_BYTES}) {
      EXPECT_NE(reason_of(kind, text), "");
    }
  }
  for (const char* text : {"s", "-5s", "1.5s", "1m30s", "10S", "10 s", "007s", "5d"}) {
    EXPECT_NE(reason_of(KeyOptions::KIND_DURATION, text), "");
  }
}

TEST(Number, RefusesWhatDoesNotFit) {
  EXPECT_EQ(reason_of(KeyOptions::KIND_COUNT, "9223372036854775808"),
            "'9223372036854775808' is too large");
  EXPECT_EQ(reason_of(KeyOptions::KIND_BYTES, "8589934592GiB"), "'8589934592GiB' is too large");
  EXPECT_EQ(reason_of(KeyOptions::KIND_DURATION, "9223372036854775807s"),
            "'9223372036854775807s' is too large");
  EXPECT_EQ(value_of(KeyOptions::KIND_COUNT, "9223372036854775807"),
            std::numeric_limits<std::int64_t>::max());
}

TEST(Number, PrintsTheLargestUnitThatIsExact) {
  EXPECT_EQ(format_number(KeyOptions::KIND_DURATION, 0), "0s");
  EXPECT_EQ(format_number(KeyOptions::KIND_DURATION, 1'500), "1500ms");
  EXPECT_EQ(format_number(KeyOptions::KIND_DURATION, 90'000), "90s");
  EXPECT_EQ(format_number(KeyOptions::KIND_DURATION, 3'600'000), "1h");
  EXPECT_EQ(format_number(KeyOptions::KIND_BYTES, 0), "0");
  EXPECT_EQ(format_number(KeyOptions::KIND_BYTES, 1'000), "1000");
  EXPECT_EQ(format_number(KeyOptions::KIND_BYTES, 3 << 20), "3MiB");
}

RC_GTEST_PROP(Number, ReadsBackWhatItPrints, ()) {
  const auto kind =
      *rc::gen::element(KeyOptions::KIND_COUNT, KeyOptions::KIND_DURATION, KeyOptions::KIND_BYTES);
  const auto value =
      *rc::gen::oneOf(rc::gen::inRange<std::int64_t>(0, std::numeric_limits<std::int64_t>::max()),
                      rc::gen::map(rc::gen::inRange<std::int64_t>(0, 5'000),
                                   [](std::int64_t n) { return n * 3'600'000; }),
                      rc::gen::map(rc::gen::inRange<std::int64_t>(0, 5'000),
                                   [](std::int64_t n) { return n << 20; }));
  RC_ASSERT(std::get<std::int64_t>(parse_number(kind, format_number(kind, value))) == value);
}

}  // namespace
}  // namespace crier::services::config
