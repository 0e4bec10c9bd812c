#include "services/crierctl/node_options.hpp"

#include <google/protobuf/util/time_util.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/services/crierctl/command_line.hpp"
#include "tests/services/crierctl/fake_node.hpp"

namespace crier::services::crierctl {
namespace {

using google::protobuf::util::TimeUtil;

TEST(NodeOptions, MeanTheWholeClusterUnlessLocal) {
  FakeNode node;
  EXPECT_EQ(run(node.options(), {"broadcast", "x"}).code, kOk);
  EXPECT_EQ(run(node.options(), {"list"}).code, kOk);
  EXPECT_EQ(run(node.options(), {"get", "id"}).code, kOk);
  EXPECT_EQ(run(node.options(), {"disconnect", "--all"}).code, kOk);
  for (const v1::Scope scope :
       {node.broadcast.scope(), node.list.scope(), node.get.scope(), node.disconnect.scope()}) {
    EXPECT_EQ(scope, v1::SCOPE_UNSPECIFIED);
  }
  EXPECT_EQ(run(node.options(), {"broadcast", "--local", "x"}).code, kOk);
  EXPECT_EQ(run(node.options(), {"list", "--local"}).code, kOk);
  EXPECT_EQ(run(node.options(), {"get", "id", "--local"}).code, kOk);
  EXPECT_EQ(run(node.options(), {"disconnect", "--all", "--local"}).code, kOk);
  for (const v1::Scope scope :
       {node.broadcast.scope(), node.list.scope(), node.get.scope(), node.disconnect.scope()}) {
    EXPECT_EQ(scope, v1::SCOPE_LOCAL);
  }
}

TEST(NodeOptions, WaitForNodesAsLongAsAsked) {
  FakeNode node;
  run(node.options(), {"broadcast", "x"});
  EXPECT_FALSE(node.broadcast.wait_for_nodes());
  EXPECT_FALSE(node.broadcast.has_wait_timeout());
  run(node.options(), {"broadcast", "--wait-for-nodes", "x"});
  EXPECT_TRUE(node.broadcast.wait_for_nodes());
  EXPECT_FALSE(node.broadcast.has_wait_timeout());
  run(node.options(), {"broadcast", "--wait-for-nodes", "--wait-timeout", "2500ms", "x"});
  EXPECT_EQ(TimeUtil::DurationToMilliseconds(node.broadcast.wait_timeout()), 2'500);
  run(node.options(), {"disconnect", "--all"});
  EXPECT_FALSE(node.disconnect.has_wait_timeout());
  run(node.options(), {"disconnect", "--all", "--wait-timeout", "2s"});
  EXPECT_EQ(TimeUtil::DurationToMilliseconds(node.disconnect.wait_timeout()), 2'000);
}

TEST(NodeOptions, RefuseToWaitForWhatCannotBe) {
  FakeNode node;
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases{
      {{"broadcast", "--wait-timeout", "2s", "x"}, "--wait-timeout requires --wait-for-nodes"},
      {{"broadcast", "--local", "--wait-for-nodes", "x"}, "--local excludes --wait-for-nodes"},
      {{"disconnect", "--all", "--local", "--wait-timeout", "2s"},
       "--local excludes --wait-timeout"},
      {{"broadcast", "--wait-for-nodes", "--wait-timeout", "10s", "x"},
       "--wait-timeout: 10000ms does not fit into --timeout 10000ms"},
      {{"disconnect", "--all", "--wait-timeout", "30s"},
       "--wait-timeout: 30000ms does not fit into --timeout 10000ms"},
      {{"disconnect", "--all", "--wait-timeout", "31s"},
       "--wait-timeout: '31s' is not a time from 1ms to 30s, such as 500ms or 2s"}};
  for (const auto& [arguments, complaint] : cases) {
    const Ended ended = run(node.options(), arguments);
    EXPECT_EQ(ended.code, kUsage);
    EXPECT_EQ(ended.error, complaint);
  }
}

}  // namespace
}  // namespace crier::services::crierctl
