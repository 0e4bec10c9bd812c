#include "services/control/bounded_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "services/control/access/roles_file.hpp"
#include "tests/support/redis_server.hpp"

namespace crier::services::control {
namespace {

std::string reason(const std::string& path, std::size_t bytes_max) {
  const auto read = read_bounded(path, bytes_max);
  const auto* problem = std::get_if<FileProblem>(&read);
  return problem == nullptr ? "" : problem->reason;
}

TEST(BoundedFile, IsReadUpToItsBound) {
  const testing::TemporaryFolder folder;
  std::ofstream(folder.file("x")) << std::string(20'000, 'x');
  EXPECT_EQ(std::get<std::string>(read_bounded(folder.file("x"), 20'000)),
            std::string(20'000, 'x'));
  EXPECT_EQ(reason(folder.file("x"), 19'999), "is larger than 19999 bytes");
}

TEST(BoundedFile, IsNothingElseThanAFile) {
  const testing::TemporaryFolder folder;
  ASSERT_EQ(::mkfifo(folder.file("pipe").c_str(), 0600), 0);
  EXPECT_EQ(reason(folder.file("pipe"), 9), "cannot be read: it is not a regular file");
  EXPECT_EQ(reason(folder.file(""), 9), "cannot be read: it is not a regular file");
  EXPECT_EQ(reason(folder.file("none"), 9), "cannot be read: No such file or directory");
}

TEST(RolesFile, NamesKeyFileAndLineOfAProblem) {
  const testing::TemporaryFolder folder;
  const auto sentence = [&](const std::string& name) {
    const LoadedRoles loaded = load_roles(folder.file(name));
    const auto* problem = std::get_if<RolesProblem>(&loaded);
    return problem == nullptr ? "" : problem->sentence;
  };
  std::ofstream(folder.file("good")) << "read subject CN=x\n";
  std::ofstream(folder.file("bad")) << "# callers\nread subject\n";
  std::ofstream(folder.file("empty")) << "\n";
  EXPECT_EQ(sentence("good"), "");
  EXPECT_EQ(sentence("bad"),
            "key 'control.roles_file': " + folder.file("bad") + ":2 has no subject");
  EXPECT_EQ(sentence("empty"), "key 'control.roles_file': " + folder.file("empty") +
                                   " names nobody, so nobody could call anything");
  EXPECT_EQ(sentence("none"), "key 'control.roles_file': " + folder.file("none") +
                                  " cannot be read: No such file or directory");
}

}  // namespace
}  // namespace crier::services::control
