#include "services/crierctl/message_printer.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

namespace crier::services::crierctl {
namespace {

using dataplane::FramingConfig;
using dataplane::FramingKind;

class Printed {
 public:
  explicit Printed(FramingConfig framing, std::int64_t count_max = 0, bool raw = false)
      : printer(framing, count_max, raw, out_) {}
  [[nodiscard]] std::string text() const { return out_.str(); }

 private:
  std::ostringstream out_;

 public:
  MessagePrinter printer;
};

TEST(MessagePrinter, PrintsAMessagePerLineHoweverTheBytesArrive) {
  const std::string input = "one\r\n\ntwo\n";
  for (std::size_t split = 0; split <= input.size(); ++split) {
    Printed printed(FramingConfig{});
    EXPECT_TRUE(printed.printer.feed(input.substr(0, split)));
    EXPECT_TRUE(printed.printer.feed(input.substr(split)));
    EXPECT_EQ(printed.text(), "one\n\ntwo\n") << split;
    EXPECT_TRUE(printed.printer.at_boundary());
  }
}

TEST(MessagePrinter, EscapesUnlessRaw) {
  const FramingConfig two_bytes{FramingKind::kFixed, 4, 2};
  Printed escaped(two_bytes);
  EXPECT_TRUE(escaped.printer.feed(std::string("\0a\xff\n", 4)));
  EXPECT_EQ(escaped.text(), "\\x00a\n\\xff\\n\n");
  Printed raw(two_bytes, 0, true);
  EXPECT_TRUE(raw.printer.feed(std::string("\0a\xff\n", 4)));
  EXPECT_EQ(raw.text(), std::string("\0a\n\xff\n\n", 6));
}

TEST(MessagePrinter, TakesLengthsOff) {
  Printed length(FramingConfig{FramingKind::kLength, 2, 2});
  EXPECT_TRUE(
      length.printer.feed(std::string("\0\x03"
                                      "abc\0\0",
                                      7)));
  EXPECT_EQ(length.text(), "abc\n\n");
  Printed varint(FramingConfig{FramingKind::kVarint, 4, 2});
  EXPECT_TRUE(
      varint.printer.feed("\x03"
                          "abc"));
  EXPECT_EQ(varint.text(), "abc\n");
}

TEST(MessagePrinter, StopsAfterTheCount) {
  Printed printed(FramingConfig{}, 2);
  EXPECT_TRUE(printed.printer.feed("one\n"));
  EXPECT_FALSE(printed.printer.done());
  EXPECT_TRUE(printed.printer.feed("two\nthree\n"));
  EXPECT_TRUE(printed.printer.done());
  EXPECT_EQ(printed.text(), "one\ntwo\n");
}

TEST(MessagePrinter, KnowsThatAMessageIsUnfinished) {
  Printed printed(FramingConfig{});
  EXPECT_TRUE(printed.printer.feed("one\ntw"));
  EXPECT_FALSE(printed.printer.at_boundary());
}

TEST(MessagePrinter, RefusesWhatIsNotFramedSo) {
  Printed endless(FramingConfig{FramingKind::kVarint, 4, 2});
  EXPECT_FALSE(endless.printer.feed("\xff\xff\xff\xff\xff\xff"));
  Printed large(FramingConfig{FramingKind::kLength, 4, 2});
  EXPECT_FALSE(large.printer.feed("\xff\xff\xff\xff"));
}

}  // namespace
}  // namespace crier::services::crierctl
