#include "services/credentials/file_watch.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/services/credentials/awaited.hpp"
#include "tests/services/credentials/temporary_folder.hpp"

namespace crier::services::credentials {
namespace {

namespace fs = std::filesystem;

// The interval is out of reach: the watch looks when the test asks it to, and a marker that was
// added last tells when it has looked at everything.
class FileWatchTest : public ::testing::Test {
 protected:
  void watch(std::vector<std::string> files) {
    watch_.add(std::move(files), [this] {
      calls_.raise();
      return true;
    });
  }

  void start() {
    watch_.add({folder_.path("marker")}, [this] {
      looks_.raise();
      return true;
    });
    watch_.start();
  }

  // How often the callback was called until the watch had looked.
  int calls_after_a_look() {
    folder_.write("marker", "");
    watch_.check_now();
    EXPECT_TRUE(looks_.reaches(++looks_wanted_));
    return calls_.value();
  }

  const TemporaryFolder folder_;
  Awaited calls_;
  Awaited looks_;
  int looks_wanted_ = 0;
  FileWatch watch_{std::chrono::hours(24)};
};

TEST_F(FileWatchTest, WhatStaysIsNotReported) {
  watch({folder_.write("a", "1"), folder_.path("missing")});
  start();
  EXPECT_EQ(calls_after_a_look(), 0);
  EXPECT_EQ(calls_after_a_look(), 0);
}

TEST_F(FileWatchTest, AFileThatIsReplacedIsReportedOnce) {
  watch({folder_.write("a", "1")});
  start();
  folder_.write("a", "2");
  EXPECT_EQ(calls_after_a_look(), 1);
  EXPECT_EQ(calls_after_a_look(), 1);
}

TEST_F(FileWatchTest, AFileThatIsWrittenInPlaceIsReported) {
  const std::string file = folder_.write("a", "1");
  watch({file});
  start();
  std::ofstream(file, std::ios::app) << "2";
  EXPECT_EQ(calls_after_a_look(), 1);
}

TEST_F(FileWatchTest, AnyFileOfAGroupReportsTheGroupOnce) {
  watch({folder_.write("cert", "1"), folder_.write("key", "1")});
  start();
  folder_.write("key", "2");
  EXPECT_EQ(calls_after_a_look(), 1);
  folder_.write("cert", "3");
  folder_.write("key", "3");
  EXPECT_EQ(calls_after_a_look(), 2);
}

TEST_F(FileWatchTest, FilesThatComeAndGoAreReported) {
  watch({folder_.path("a")});
  start();
  folder_.write("a", "1");
  EXPECT_EQ(calls_after_a_look(), 1);
  fs::remove(folder_.path("a"));
  EXPECT_EQ(calls_after_a_look(), 2);
}

// How Kubernetes replaces what a secret holds: file -> ..data/file, ..data -> a folder with a date.
TEST_F(FileWatchTest, ASymlinkInThePathThatPointsElsewhereIsReported) {
  for (const char* version : {"one", "two"}) {
    fs::create_directory(folder_.path(version));
    folder_.write(std::string(version) + "/token", "same size");
  }
  fs::create_directory_symlink("one", folder_.path("..data"));
  fs::create_symlink("..data/token", folder_.path("token"));
  watch({folder_.path("token")});
  start();
  EXPECT_EQ(calls_after_a_look(), 0);
  fs::create_directory_symlink("two", folder_.path("..data_tmp"));
  fs::rename(folder_.path("..data_tmp"), folder_.path("..data"));
  EXPECT_EQ(calls_after_a_look(), 1);
}

TEST_F(FileWatchTest, AModificationTimeSetBackIsReported) {
  const std::string file = folder_.write("a", "1");
  const auto before = fs::last_write_time(file);
  watch({file});
  start();
  folder_.write("a", "2");
  fs::last_write_time(file, before);
  EXPECT_EQ(calls_after_a_look(), 1);
}

TEST_F(FileWatchTest, AChangeAfterTheAddingIsNotMissed) {
  watch({folder_.write("a", "1")});
  folder_.write("a", "2");
  start();
  EXPECT_EQ(calls_after_a_look(), 1);
}

TEST_F(FileWatchTest, ACallThatDidNotSucceedIsMadeAgain) {
  int left = 2;
  watch_.add({folder_.write("a", "1")}, [&] {
    calls_.raise();
    return left-- == 0;
  });
  start();
  folder_.write("a", "2");
  EXPECT_EQ(calls_after_a_look(), 1);
  EXPECT_EQ(calls_after_a_look(), 2);
  EXPECT_EQ(calls_after_a_look(), 3);
  EXPECT_EQ(calls_after_a_look(), 3);
}

TEST_F(FileWatchTest, AnExceptionHurtsNobodyElse) {
  watch_.add({folder_.write("a", "1")}, []() -> bool { throw std::runtime_error("a fault"); });
  watch_.add({folder_.path("a")}, []() -> bool { throw 1; });
  watch({folder_.path("a")});
  start();
  folder_.write("a", "2");
  EXPECT_EQ(calls_after_a_look(), 1);
  EXPECT_EQ(calls_after_a_look(), 1);
}

TEST_F(FileWatchTest, ACallbackMayAskForAnotherLook) {
  watch_.add({folder_.write("a", "1")}, [&] {
    folder_.write("b", "2");
    watch_.check_now();
    return true;
  });
  watch({folder_.write("b", "1")});
  start();
  folder_.write("a", "2");
  watch_.check_now();
  EXPECT_TRUE(calls_.reaches(1));
}

TEST_F(FileWatchTest, LooksByItselfAtItsInterval) {
  FileWatch watch(std::chrono::milliseconds(1));
  watch.add({folder_.write("a", "1")}, [this] {
    calls_.raise();
    return true;
  });
  watch.start();
  folder_.write("a", "2");
  EXPECT_TRUE(calls_.reaches(1));
}

TEST_F(FileWatchTest, NothingIsCalledAfterStop) {
  watch({folder_.write("a", "1")});
  start();
  watch_.stop();
  watch_.stop();
  folder_.write("a", "2");
  watch_.check_now();
  EXPECT_EQ(calls_.value(), 0);
  watch_.start();
  EXPECT_TRUE(calls_.reaches(1)) << "what changed meanwhile is seen after another start";
}

}  // namespace
}  // namespace crier::services::credentials
