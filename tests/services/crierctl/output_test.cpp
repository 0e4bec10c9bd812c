#include "services/crierctl/output.hpp"

#include <gtest/gtest.h>

#include "crier/v1/control.pb.h"

namespace crier::services::crierctl {
namespace {

TEST(JsonText, KeepsProtoNamesAndZerosOnOneLine) {
  v1::BroadcastResponse response;
  response.set_matched(3);
  response.add_unknown_client_ids("a\"b");
  EXPECT_EQ(json_text(response), R"({"matched":"3","queued":"0","dropped":[],"evicted":"0",)"
                                 R"("unknown_client_ids":["a\"b"],"nodes":[],"unreachable":[],)"
                                 R"("published":"PUBLISHED_UNSPECIFIED"})");
}

TEST(Fail, PrintsOneLineAndReturnsTheCode) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(fail(kUsage, "no"), 2);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "crierctl: no\n");
}

}  // namespace
}  // namespace crier::services::crierctl
