#include "services/credentials/read_file.hpp"

#include <gtest/gtest.h>

#include "tests/services/credentials/temporary_folder.hpp"

namespace crier::services::credentials {
namespace {

std::string problem_of(const std::string& path, std::size_t bytes_max) {
  return std::get<Problem>(read_file(path, bytes_max)).text;
}

TEST(ReadFile, GivesAllOfItOrSaysWhichFileAndWhyNot) {
  const TemporaryFolder folder;
  const std::string path = folder.write("a", "12345");
  EXPECT_EQ(std::get<std::string>(read_file(path, 5)), "12345");
  EXPECT_EQ(problem_of(path, 4), path + ": is larger than 4 bytes");
  EXPECT_EQ(problem_of("/tmp", 4), "/tmp: cannot be read: it is not a regular file");
}

}  // namespace
}  // namespace crier::services::credentials
