#include "services/crierctl/progress.hpp"

#include <gtest/gtest.h>

namespace crier::services::crierctl {
namespace {

using namespace std::chrono_literals;

TEST(ProgressText, ShowsABarWhereTheTotalIsKnown) {
  EXPECT_EQ(progress_text({12'345, 300, 1'200, 2s}),
            "[=======>                      ]  25%  12,345 broadcasts, 6,172/s, 6s left");
}

TEST(ProgressText, CountsWhereTheTotalIsUnknown) {
  EXPECT_EQ(progress_text({1'000, 300, std::nullopt, 4s}), "1,000 broadcasts, 250/s");
  EXPECT_EQ(progress_text({1'000, 300, 0, 4s}), "1,000 broadcasts, 250/s");
}

TEST(ProgressText, PromisesNothingBeforeTheFirstByte) {
  EXPECT_EQ(progress_text({0, 0, 1'200, 2s}),
            "[>                             ]   0%  0 broadcasts, 0/s");
}

TEST(ProgressText, IsFullAtTheEndAlsoWhereTheFileGrew) {
  EXPECT_EQ(progress_text({10, 2'000, 1'200, 1s}),
            "[==============================] 100%  10 broadcasts, 10/s, 0s left");
}

TEST(ProgressText, DividesByNoTimeAtAll) {
  EXPECT_EQ(progress_text({5, 0, std::nullopt, 0s}), "5 broadcasts, 5,000/s");
}

}  // namespace
}  // namespace crier::services::crierctl
