#include "services/credentials/reloader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>

#include "tests/services/credentials/awaited.hpp"
#include "tests/services/credentials/temporary_folder.hpp"

namespace crier::services::credentials {
namespace {

using ::testing::StrEq;
using ::testing::ThrowsMessage;

class ReloaderTest : public ::testing::Test {
 protected:
  // Reads as `outcomes` say, one after the other; then without problems.
  void add(std::vector<Reloader::Read> outcomes) {
    outcomes_ = std::move(outcomes);
    reloader_.add("tokens of listener a", {folder_.write("tokens", "1")},
                  [this] { return read(); });
    reads_wanted_ = 1;
  }

  void change_and_look() {
    folder_.write("tokens", "2");
    look();
  }

  void look() {
    reloader_.check_now();
    ASSERT_TRUE(reads_.reaches(++reads_wanted_));
  }

  // Once the thread has gone its numbers are final.
  ReloadStats final_stats() {
    reloader_.stop();
    return reloader_.stats();
  }

  std::optional<std::string> read() {
    const auto index = static_cast<std::size_t>(reads_.value());
    const auto raise = [this](const void*) { reads_.raise(); };
    const std::unique_ptr<const void, decltype(raise)> afterwards(this, raise);
    return index < outcomes_.size() ? outcomes_[index]() : std::nullopt;
  }

  static std::optional<std::string> good() { return std::nullopt; }
  static std::optional<std::string> bad() { return "line 1: no token"; }
  static std::optional<std::string> faulty() { throw std::runtime_error("a fault"); }

  const TemporaryFolder folder_;
  std::vector<Reloader::Read> outcomes_;
  Awaited reads_;
  int reads_wanted_ = 0;
  Reloader reloader_{std::chrono::hours(24)};
};

TEST_F(ReloaderTest, ReadsAtOnceAndDoesNotCountThat) {
  add({good});
  EXPECT_EQ(reads_.value(), 1);
  EXPECT_EQ(reloader_.stats().ok, 0U);
}

TEST_F(ReloaderTest, AProblemAtStartIsThrown) {
  EXPECT_THAT([this] { add({bad}); },
              ThrowsMessage<std::runtime_error>(StrEq("tokens of listener a: line 1: no token")));
}

TEST_F(ReloaderTest, ReadsAgainAfterAChange) {
  add({good, good, good});
  reloader_.start();
  change_and_look();
  change_and_look();
  const ReloadStats stats = final_stats();
  EXPECT_EQ(stats.ok, 2U);
  EXPECT_EQ(stats.failed, 0U);
}

TEST_F(ReloaderTest, AFailureIsCountedAndTriedAgainUntilItIsNone) {
  add({good, bad, faulty, good});
  reloader_.start();
  change_and_look();
  look();
  look();
  const ReloadStats stats = final_stats();
  EXPECT_EQ(stats.ok, 1U);
  EXPECT_EQ(stats.failed, 2U);
}

}  // namespace
}  // namespace crier::services::credentials
