#include "services/app/options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace crier::services::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Action = Options::Action;

std::variant<Options, Exit> parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "crier");
  return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

TEST(Options, WithoutArgumentsItRunsTheBuiltInConfiguration) {
  const Options options = std::get<Options>(parse({}));
  EXPECT_EQ(options.action, Action::kRun);
  EXPECT_FALSE(options.sources.file.has_value());
  EXPECT_THAT(options.sources.sets, IsEmpty());
}

TEST(Options, SetsKeepTheirOrderAndTheirText) {
  const Options options = std::get<Options>(
      parse({"--set", "a.b=1", "--config", "x.yaml", "--set", "a.b=2", "--set=c[0].d=e=f g"}));
  EXPECT_EQ(options.sources.file, "x.yaml");
  EXPECT_THAT(options.sources.sets, ElementsAre("a.b=1", "a.b=2", "c[0].d=e=f g"));
}

TEST(Options, EachSetTakesOneValue) {
  EXPECT_EQ(std::get<Exit>(parse({"--set", "a=1", "b=2"})).code, kExitRefused);
}

TEST(Options, ActionsAreSelectedByFlags) {
  EXPECT_EQ(std::get<Options>(parse({"--check-config"})).action, Action::kCheckConfig);
  EXPECT_EQ(std::get<Options>(parse({"--print-config"})).action, Action::kPrintConfig);
  EXPECT_EQ(std::get<Options>(parse({"--version"})).action, Action::kVersion);
}

TEST(Options, AHealthCheckReadsTheConfigurationOfTheProcessThatItAsks) {
  const Options alive = std::get<Options>(parse({"healthcheck"}));
  EXPECT_EQ(alive.action, Action::kHealthcheck);
  EXPECT_FALSE(alive.ready);
  const Options ready =
      std::get<Options>(parse({"healthcheck", "--ready", "--config", "x.yaml", "--set", "a=1"}));
  EXPECT_EQ(ready.action, Action::kHealthcheck);
  EXPECT_TRUE(ready.ready);
  EXPECT_EQ(ready.sources.file, "x.yaml");
  EXPECT_THAT(ready.sources.sets, ElementsAre("a=1"));
  EXPECT_EQ(std::get<Exit>(parse({"--ready"})).code, kExitRefused);
}

TEST(Options, WhatIsNotAnOptionIsRefusedByName) {
  for (const char* argument : {"--prot", "stray"}) {
    const Exit exit = std::get<Exit>(parse({argument}));
    EXPECT_EQ(exit.code, kExitRefused);
    EXPECT_THAT(exit.text, HasSubstr(argument));
    EXPECT_EQ(exit.text.find('\n'), exit.text.size() - 1) << "one line";
  }
}

TEST(Options, HelpNamesEveryOption) {
  const Exit exit = std::get<Exit>(parse({"--help"}));
  EXPECT_EQ(exit.code, kExitOk);
  for (const char* option :
       {"--config", "--set", "--check-config", "--print-config", "--version", "healthcheck"}) {
    EXPECT_THAT(exit.text, HasSubstr(option));
  }
}

}  // namespace
}  // namespace crier::services::app
