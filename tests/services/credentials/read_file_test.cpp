#include "services/credentials/read_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/services/credentials/temporary_folder.hpp"

namespace crier::services::credentials {
namespace {

std::string problem_of(const std::string& path, std::size_t bytes_max = 100) {
  return std::get<Problem>(read_file(path, bytes_max)).text;
}

TEST(ReadFile, GivesAllOfIt) {
  const TemporaryFolder folder;
  const std::string text("a\0b\n", 4);
  EXPECT_EQ(std::get<std::string>(read_file(folder.write("a", text), 4)), text);
  EXPECT_EQ(std::get<std::string>(read_file(folder.write("b", ""), 4)), "");
  const std::string large(200'000, 'x');
  EXPECT_EQ(std::get<std::string>(read_file(folder.write("c", large), large.size())), large);
}

TEST(ReadFile, ABoundIsABound) {
  const TemporaryFolder folder;
  const std::string path = folder.write("a", "12345");
  EXPECT_EQ(problem_of(path, 4), path + ": is larger than 4 bytes");
  EXPECT_EQ(problem_of("/dev/zero"), "/dev/zero: is larger than 100 bytes");
}

TEST(ReadFile, WhatIsNoFileIsAProblem) {
  const TemporaryFolder folder;
  const std::string missing = folder.path("missing");
  EXPECT_EQ(problem_of(missing), missing + ": cannot be read: No such file or directory");
  EXPECT_EQ(problem_of("/tmp"), "/tmp: cannot be read: Is a directory");
}

TEST(ReadFile, NobodyIsWaitedFor) {
  const TemporaryFolder folder;
  ASSERT_EQ(mkfifo(folder.path("fifo").c_str(), 0600), 0);
  EXPECT_EQ(std::get<std::string>(read_file(folder.path("fifo"), 4)), "");
}

}  // namespace
}  // namespace crier::services::credentials
