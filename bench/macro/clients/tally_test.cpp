// That nothing which is lost, doubled, late, damaged or misdirected is taken for delivered.
#include "bench/macro/clients/tally.hpp"

#include <gtest/gtest.h>

#include <string>

#include "bench/macro/message.hpp"

namespace crier::bench {
namespace {

constexpr std::size_t kBytes = 40;
constexpr std::uint64_t kNow = 1'000;
constexpr std::uint64_t kNever = UINT64_MAX;

// Messages 5, 6 and 7 of two publishers, to the first of two subscribers.
struct TallyOfOne : ::testing::Test {
  void come(unsigned publisher, std::uint32_t sequence, std::size_t bytes = kBytes) {
    std::string text(bytes, ' ');
    write_message({publisher, sequence, kNow - 1}, text);
    tally.check(0, text, kNow);
  }
  void all_come() {
    for (const unsigned publisher : {0U, 1U}) {
      for (const std::uint32_t sequence : {5U, 6U, 7U}) come(publisher, sequence);
    }
  }

  Tally tally{Expectation{5, 3, 2, kBytes, 1e6, 1e6}, {true, false}};
};

TEST_F(TallyOfOne, IsOverOnceAllHaveCome) {
  EXPECT_FALSE(tally.is_over(kNow));
  EXPECT_EQ(tally.counts().missing, 6U);
  all_come();
  EXPECT_TRUE(tally.is_over(kNow));
  EXPECT_EQ(tally.counts().delivered, 6U);
  EXPECT_EQ(tally.counts().missing, 0U);
}

TEST_F(TallyOfOne, CountsWhatIsSkippedAsMissing) {
  come(0, 7);
  come(1, 5);
  EXPECT_EQ(tally.counts().delivered, 2U);
  EXPECT_EQ(tally.counts().missing, 4U);
}

TEST_F(TallyOfOne, CountsWhatComesAgainOrLate) {
  come(0, 6);
  come(0, 6);
  come(0, 5);
  come(0, 4);
  come(0, 8);
  EXPECT_EQ(tally.counts().delivered, 1U);
  EXPECT_EQ(tally.counts().disorder, 4U);
}

TEST_F(TallyOfOne, CountsWhatIsDamaged) {
  come(0, 5, kBytes - 1);
  come(2, 5);
  tally.check(0, std::string(kBytes, 'x'), kNow);
  tally.add_malformed();
  std::string from_the_future(kBytes, ' ');
  write_message({0, 5, kNow + 1}, from_the_future);
  tally.check(0, from_the_future, kNow);
  EXPECT_EQ(tally.counts().delivered, 0U);
  EXPECT_EQ(tally.counts().corrupt, 5U);
}

TEST_F(TallyOfOne, CountsWhatWasForOthers) {
  std::string text(kBytes, ' ');
  write_message({0, 5, kNow}, text);
  tally.check(1, text, kNow);
  tally.check(2, text, kNow);
  EXPECT_EQ(tally.counts().unasked, 2U);
}

TEST(Tally, TellsPlacesAndTheSlowestApart) {
  Tally tally{Expectation{5, 2, 1, kBytes, 1e6, 1e6}, {true, true, true}, 2};
  const auto come = [&](std::size_t subscriber, std::uint32_t sequence, std::uint64_t took_ns) {
    std::string text(kBytes, ' ');
    write_message({0, sequence, kNow}, text);
    tally.check(subscriber, text, kNow + took_ns);
  };
  come(0, 5, 100);
  come(1, 5, 200);
  come(2, 5, 100);
  come(1, 6, 100);
  ::testing::internal::CaptureStdout();
  tally.print_details();
  EXPECT_EQ(::testing::internal::GetCapturedStdout(),
            "\"slowest_us\": [0.2, 0.1], \"places\": [[[0.1, 2]], [[0.1, 1], [0.2, 1]]]");
}

TEST_F(TallyOfOne, GivesUpInTheEnd) {
  EXPECT_TRUE(tally.is_over(kNever));
}

}  // namespace
}  // namespace crier::bench
