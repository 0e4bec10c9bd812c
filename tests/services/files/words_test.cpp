#include "services/files/words.hpp"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace crier::services::files {
namespace {

using Texts = std::vector<std::string_view>;

Texts lines_of(std::string_view text) {
  Texts lines;
  while (!text.empty()) lines.push_back(take_line(text));
  return lines;
}

Texts words_of(std::string_view line) {
  Texts words;
  for (auto word = take_word(line); !word.empty(); word = take_word(line)) words.push_back(word);
  return words;
}

TEST(Words, LinesEndWithALineFeedThatMayFollowACarriageReturn) {
  EXPECT_EQ(lines_of(""), Texts{});
  EXPECT_EQ(lines_of("a"), Texts{"a"});
  EXPECT_EQ(lines_of("a\n"), Texts{"a"});
  EXPECT_EQ(lines_of("\na\r\n\r\nb\r"), (Texts{"", "a", "", "b"}));
  EXPECT_EQ(lines_of("a\r\r\nb\rc"), (Texts{"a\r", "b\rc"}));
}

TEST(Words, AreSeparatedBySpacesAndTabs) {
  EXPECT_EQ(words_of(""), Texts{});
  EXPECT_EQ(words_of(" \t "), Texts{});
  EXPECT_EQ(words_of("a"), Texts{"a"});
  EXPECT_EQ(words_of("\ta \t b=c\v "), (Texts{"a", "b=c\v"}));
}

TEST(Words, WhatFollowsAWordBeginsWithTheNext) {
  std::string_view line = " one \t two three ";
  EXPECT_EQ(take_word(line), "one");
  EXPECT_EQ(line, "two three ");
  EXPECT_EQ(trim(line), "two three");
  EXPECT_EQ(trim(" \t"), "");
}

}  // namespace
}  // namespace crier::services::files
