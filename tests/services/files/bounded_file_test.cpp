#include "services/files/bounded_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <fstream>

#include "tests/support/redis_server.hpp"

namespace crier::services::files {
namespace {

std::string reason(const std::string& path, std::size_t bytes_max = 9) {
  const auto read = read_bounded(path, bytes_max);
  const auto* problem = std::get_if<FileProblem>(&read);
  return problem == nullptr ? "" : problem->reason;
}

TEST(BoundedFile, IsReadUpToItsBound) {
  const testing::TemporaryFolder folder;
  const std::string text = std::string(200'000, 'x') + std::string("\0\n", 2);
  std::ofstream(folder.file("x")) << text;
  EXPECT_EQ(std::get<std::string>(read_bounded(folder.file("x"), text.size())), text);
  EXPECT_EQ(reason(folder.file("x"), text.size() - 1), "is larger than 200001 bytes");
  std::ofstream(folder.file("empty")) << "";
  EXPECT_EQ(std::get<std::string>(read_bounded(folder.file("empty"), 0)), "");
}

TEST(BoundedFile, IsNothingElseThanAFile) {
  const testing::TemporaryFolder folder;
  EXPECT_EQ(reason(folder.file("none")), "cannot be read: No such file or directory");
  EXPECT_EQ(reason(folder.file("")), "cannot be read: it is not a regular file");
  EXPECT_EQ(reason("/dev/zero"), "cannot be read: it is not a regular file");
}

// Nobody ever writes into it.
TEST(BoundedFile, DoesNotWaitForTheOtherEndOfAPipe) {
  const testing::TemporaryFolder folder;
  ASSERT_EQ(::mkfifo(folder.file("pipe").c_str(), 0600), 0);
  EXPECT_EQ(reason(folder.file("pipe")), "cannot be read: it is not a regular file");
}

// As a shell hands over what another command writes.
TEST(BoundedFile, IsReadFromAPipeWhereThatIsAsked) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  ASSERT_EQ(::write(ends[1], "piped", 5), 5);
  ::close(ends[1]);
  const auto read = read_bounded("/proc/self/fd/" + std::to_string(ends[0]), 5, Pipes::kRead);
  ::close(ends[0]);
  EXPECT_EQ(std::get<std::string>(read), "piped");
}

}  // namespace
}  // namespace crier::services::files
