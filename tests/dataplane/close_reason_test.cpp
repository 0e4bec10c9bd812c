#include "dataplane/close_reason.hpp"

#include <gmock/gmock.h>

#include <string_view>
#include <vector>

#include "tests/dataplane/labels.hpp"

namespace crier::dataplane {
namespace {

using ::testing::UnorderedElementsAre;

std::vector<std::string_view> labels_with(Farewell farewell) {
  std::vector<std::string_view> labels;
  for (const CloseReasonInfo& row : kCloseReasonTable) {
    if (row.farewell == farewell) labels.push_back(row.label);
  }
  return labels;
}

TEST(CloseReason, TheTableHoldsEveryReasonAtItsPlace) {
  EXPECT_EQ(static_cast<std::size_t>(CloseReason::kTlsError) + 1, kCloseReasons);
  for (const CloseReasonInfo& row : kCloseReasonTable) EXPECT_EQ(&info(row.reason), &row);
}

TEST(CloseReason, LabelsAndTextsAreUnique) {
  std::vector<std::string_view> labels;
  std::vector<std::string_view> texts;
  for (const CloseReasonInfo& row : kCloseReasonTable) {
    EXPECT_TRUE(is_lower_snake(row.label)) << row.label;
    EXPECT_FALSE(row.text.empty()) << row.label;
    labels.push_back(row.label);
    texts.push_back(row.text);
  }
  EXPECT_TRUE(all_differ(labels));
  EXPECT_TRUE(all_differ(texts));
}

TEST(CloseReason, OnlyPeersThatCannotBeToldAreCutOff) {
  EXPECT_THAT(labels_with(Farewell::kAbort),
              UnorderedElementsAre("reset", "slow_consumer", "write_stall", "hard_stop",
                                   "internal_error", "ping_timeout", "memory", "tls_error"));
  EXPECT_THAT(labels_with(Farewell::kDiscard), UnorderedElementsAre("disconnected"));
}

}  // namespace
}  // namespace crier::dataplane
