#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/services/crierctl/command_line.hpp"
#include "tests/services/crierctl/fake_node.hpp"

namespace crier::services::crierctl {
namespace {

TEST(ListCommand, NotesOnceWhichNodesAreMissingInAList) {
  FakeNode node;
  node.pages.resize(3);
  for (v1::ListClientsResponse& page : node.pages) {
    page.add_clients()->set_client_id("abc");
    page.add_unreachable("b/2");
  }
  node.pages[1].add_unreachable("c\x1b");
  Ended ended = run(node.options(), {"list", "--local"});
  EXPECT_EQ(std::count(ended.out.begin(), ended.out.end(), '\n'), 4);
  EXPECT_EQ(ended.error, "unreachable: b/2, c\\x1b; clients there may be missing\n");
  EXPECT_EQ(ended.code, kPartial);
  EXPECT_EQ(node.list.scope(), v1::SCOPE_LOCAL);  // of the last page too
  ended = run(node.json_options(), {"list"});
  EXPECT_EQ(ended.error, "unreachable: b/2, c\\x1b; clients there may be missing\n");
  EXPECT_EQ(ended.code, kPartial);
}

}  // namespace
}  // namespace crier::services::crierctl
