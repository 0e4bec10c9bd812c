#include "services/control/access/roles_file.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/redis_server.hpp"

namespace crier::services::control {
namespace {

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
