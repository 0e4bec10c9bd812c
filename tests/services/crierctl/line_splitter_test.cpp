#include "services/crierctl/line_splitter.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace crier::services::crierctl {
namespace {

using Lines = std::vector<std::string>;

void take_all(LineSplitter& splitter, Lines& lines) {
  while (auto line = splitter.next()) lines.push_back(*std::move(line));
}

Lines split(const std::vector<std::string_view>& pieces) {
  LineSplitter splitter(100);
  Lines lines;
  for (const std::string_view piece : pieces) {
    EXPECT_TRUE(splitter.feed(piece));
    take_all(splitter, lines);
  }
  splitter.end();
  take_all(splitter, lines);
  return lines;
}

TEST(LineSplitter, GivesTheSameLinesForEverySplit) {
  const std::string input = "one\n\ntwo\r\nthree";
  const Lines expected{"one", "", "two\r", "three"};
  for (std::size_t first = 0; first <= input.size(); ++first) {
    for (std::size_t second = first; second <= input.size(); ++second) {
      const std::string_view view = input;
      EXPECT_EQ(
          split({view.substr(0, first), view.substr(first, second - first), view.substr(second)}),
          expected)
          << first << ' ' << second;
    }
  }
}

TEST(LineSplitter, MakesNoLineOfNothingAfterTheLastLineEnd) {
  EXPECT_EQ(split({"a\n"}), Lines({"a"}));
  EXPECT_EQ(split({"\n"}), Lines({""}));
  EXPECT_EQ(split({""}), Lines());
}

TEST(LineSplitter, KeepsAnUnfinishedLineUntilTheEnd) {
  LineSplitter splitter(100);
  ASSERT_TRUE(splitter.feed("abc"));
  EXPECT_EQ(splitter.next(), std::nullopt);
  splitter.end();
  EXPECT_EQ(splitter.next(), "abc");
  EXPECT_EQ(splitter.next(), std::nullopt);
}

TEST(LineSplitter, RefusesALineOverTheBound) {
  LineSplitter splitter(4);
  ASSERT_TRUE(splitter.feed("1234\n12"));
  EXPECT_EQ(splitter.next(), "1234");
  EXPECT_EQ(splitter.next(), std::nullopt);
  EXPECT_TRUE(splitter.feed("34\n"));
  EXPECT_EQ(splitter.next(), "1234");
  EXPECT_EQ(splitter.next(), std::nullopt);
  EXPECT_FALSE(splitter.feed("12345"));
}

}  // namespace
}  // namespace crier::services::crierctl
