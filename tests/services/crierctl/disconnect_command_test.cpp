#include <gtest/gtest.h>

#include <string>

#include "tests/services/crierctl/command_line.hpp"
#include "tests/services/crierctl/fake_node.hpp"

namespace crier::services::crierctl {
namespace {

TEST(DisconnectCommand, NotesWhichNodesMayHaveDisconnected) {
  FakeNode node;
  node.disconnect_answer.set_matched(1);
  node.disconnect_answer.set_disconnected(1);
  EXPECT_EQ(run(node.options(), {"disconnect", "--all"}).error, "");
  node.disconnect_answer.add_unreachable("b/2");
  Ended ended = run(node.options(), {"disconnect", "--all"});
  EXPECT_EQ(ended.out, "matched 1, disconnected 1\n");
  EXPECT_EQ(ended.error, "unreachable: b/2; clients there may or may not be closed\n");
  EXPECT_EQ(ended.code, kPartial);
  ended = run(node.json_options(), {"disconnect", "--all"});
  EXPECT_EQ(ended.out,
            R"({"matched":"1","disconnected":"1","unknown_client_ids":[],"unreachable":["b/2"]})"
            "\n");
  EXPECT_EQ(ended.error, "");
  EXPECT_EQ(ended.code, kPartial);
}

}  // namespace
}  // namespace crier::services::crierctl
