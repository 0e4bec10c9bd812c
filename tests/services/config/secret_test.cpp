// Keys whose value must not be shown.
#include "services/config/value.hpp"
#include "tests/services/config/support.hpp"

namespace crier::services::config {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Secret, IsPrintedAsStarsWhereItIsSet) {
  EXPECT_THAT(print(config_of("")), HasSubstr("\n  password: \"\"\n"));
  const std::string printed = print(config_of("bus: {password: hunter2}\n"));
  EXPECT_THAT(printed, HasSubstr("\n  password: \"********\"\n"));
  EXPECT_THAT(printed, Not(HasSubstr("hunter2")));
}

TEST(Secret, WhatPrintShowsIsNoSecret) {
  EXPECT_THAT(error_of(print(config_of("bus: {password: hunter2}\n"))),
              HasSubstr("key 'bus.password': this is a hidden secret, as --print-config shows it"));
  EXPECT_EQ(config_of("bus: {password: \"*********\"}\n").bus().password(), "*********");
  EXPECT_EQ(config_of("node: {name: \"********\"}\n").node().name(), kHiddenSecret);
}

TEST(Secret, IsNotTakenFromTheCommandLine) {
  EXPECT_EQ(error_of("", {"bus.password=hunter2"}),
            "--set bus.password: is a secret, and every process list shows arguments; write it to "
            "a file and name that in 'bus.password_file'");
  EXPECT_EQ(config_of("", {"bus.password_file=/run/password"}).bus().password_file(),
            "/run/password");
}

TEST(Secret, IsNeverQuotedInAnError) {
  const std::string twice = "bus: {password: hunter2, password_file: /run/password}\n";
  for (const std::string& yaml : {std::string("bus: {password: \"hunter2 x\"}\n"),
                                  "bus: {password: hunter2" + std::string(1024, 'x') + "}\n",
                                  std::string("bus: {password: [hunter2]}\n"), twice,
                                  std::string("bus: {url: redis://:hunter2@redis}\n"),
                                  std::string("bus: {url: \"redis://:hunter2 @redis\"}\n"),
                                  std::string("bus: {url: redis://redis:hunter2}\n"),
                                  std::string("bus: {url: http://:hunter2@redis}\n")}) {
    EXPECT_THAT(error_of(yaml), Not(HasSubstr("hunter2"))) << yaml;
  }
}

}  // namespace
}  // namespace crier::services::config
