#include "services/crierctl/argument.hpp"

#include <gtest/gtest.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <string>
#include <vector>

#include "services/crierctl/client_ids.hpp"

namespace crier::services::crierctl {
namespace {

// The value as the option sees it, or the complaint.
std::string checked(const CLI::Validator& validator, std::string text) {
  const std::string complaint = validator(text);
  return complaint.empty() ? text : complaint;
}

TEST(TimeArgument, BecomesMilliseconds) {
  EXPECT_EQ(checked(time_with_unit(), "1ms"), "1");
  EXPECT_EQ(checked(time_with_unit(), "10s"), "10000");
  EXPECT_EQ(checked(time_with_unit(), "2m"), "120000");
  EXPECT_EQ(checked(time_with_unit(), "24h"), "86400000");
}

TEST(TimeArgument, RefusesWhatIsNoTimeInRange) {
  for (const char* text :
       {"", "10", "s", "0s", "-1s", "25h", "1.5s", "1 s", "1sec", "99999999999999999999s"}) {
    EXPECT_EQ(
        checked(time_with_unit(), text),
        "'" + std::string(text) + "' is not a time from 1ms to 24h, such as 500ms, 10s or 5m");
  }
}

TEST(TimeArgument, HasTheBoundItIsGiven) {
  const CLI::Validator half_a_minute = time_with_unit(std::chrono::seconds(30));
  EXPECT_EQ(checked(half_a_minute, "30s"), "30000");
  for (const char* text : {"31s", "30001ms", "1m", "0ms"}) {
    EXPECT_EQ(checked(half_a_minute, text),
              "'" + std::string(text) + "' is not a time from 1ms to 30s, such as 500ms or 2s");
  }
}

TEST(WholeNumberArgument, AcceptsOneToTheLargest) {
  EXPECT_EQ(checked(whole_number(20), "1"), "1");
  EXPECT_EQ(checked(whole_number(20), "20"), "20");
  for (const char* text : {"", "0", "-1", "21", "1.0", "x", "1x"}) {
    EXPECT_EQ(checked(whole_number(20), text),
              "'" + std::string(text) + "' is not a whole number from 1 to 20");
  }
}

struct Parsed {
  std::vector<std::string> ids;
  std::string payload;
};

Parsed parse_ids(std::vector<std::string> arguments) {
  Parsed parsed;
  CLI::App app;
  app.add_option("PAYLOAD", parsed.payload);
  add_client_ids(app, "--only", parsed.ids, "");
  std::reverse(arguments.begin(), arguments.end());  // as parse() wants them
  app.parse(arguments);
  return parsed;
}

TEST(ClientIdsArgument, LeavesTheWordAfterItsValueAlone) {
  const Parsed parsed = parse_ids({"--only", "a,b", "--only", "c", "hello"});
  EXPECT_EQ(parsed.ids, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(parsed.payload, "hello");
}

TEST(ClientIdsArgument, TakesAnEmptyListForNobody) {
  const Parsed parsed = parse_ids({"--only", "", "hello"});
  EXPECT_EQ(to_client_ids(parsed.ids).client_ids_size(), 0);
  EXPECT_EQ(parsed.payload, "hello");
}

}  // namespace
}  // namespace crier::services::crierctl
