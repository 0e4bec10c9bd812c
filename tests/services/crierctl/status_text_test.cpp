#include "services/crierctl/status_text.hpp"

#include <gtest/gtest.h>

#include <string>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace crier::services::crierctl {
namespace {

GlobalOptions somewhere() {
  GlobalOptions global;
  global.address = "192.0.2.1:7";
  return global;
}

std::string details_with(const std::string& reason) {
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  info.set_domain("crier");
  google::rpc::Status details;
  details.add_details()->PackFrom(info);
  return details.SerializeAsString();
}

TEST(StatusText, GivesCodeMessageAndReason) {
  const grpc::Status status(grpc::StatusCode::NOT_FOUND, "no such\nclient",
                            details_with("CLIENT_NOT_FOUND"));
  EXPECT_EQ(status_text(status, somewhere()), "NOT_FOUND: no such\\nclient (CLIENT_NOT_FOUND)");
}

TEST(StatusText, SaysHowToShowAToken) {
  const grpc::Status status(grpc::StatusCode::UNAUTHENTICATED, "who?", details_with("NOBODY"));
  EXPECT_EQ(status_text(status, somewhere()),
            "UNAUTHENTICATED: who? (NOBODY); show a token with --token-file or CRIER_TOKEN_FILE");
  GlobalOptions global = somewhere();
  global.access.token_file = "/token";
  EXPECT_EQ(status_text(status, global), "UNAUTHENTICATED: who? (NOBODY)");
}

TEST(StatusText, DoesWithoutAReason) {
  const grpc::Status status(grpc::StatusCode::INTERNAL, "what?");
  EXPECT_EQ(status_text(status, somewhere()), "INTERNAL: what?");
}

TEST(StatusText, IgnoresDetailsItCannotRead) {
  const grpc::Status status(grpc::StatusCode::INTERNAL, "oops", "\xff\xff");
  EXPECT_EQ(status_text(status, somewhere()), "INTERNAL: oops");
}

TEST(StatusText, AsksWhetherCrierRunsWhereNothingAnswers) {
  const grpc::Status status(grpc::StatusCode::UNAVAILABLE, "Connection refused");
  EXPECT_EQ(status_text(status, somewhere()),
            "UNAVAILABLE: no answer from 192.0.2.1:7; is crier running? control listens on "
            "127.0.0.1:50051 unless configured otherwise; say where with --address or "
            "CRIER_CONTROL (Connection refused)");
}

TEST(StatusText, SaysWhoDoesNotKnowTheCall) {
  const std::string text =
      "UNIMPLEMENTED: 192.0.2.1:7 does not know this call; is it a crier older than this crierctl?";
  const grpc::Status bare(grpc::StatusCode::UNIMPLEMENTED, "");
  EXPECT_EQ(status_text(bare, somewhere()), text);
  const grpc::Status talkative(grpc::StatusCode::UNIMPLEMENTED, "unknown service");
  EXPECT_EQ(status_text(talkative, somewhere()), text + " (unknown service)");
}

TEST(StatusText, LeavesAnAnswerOfADrainingCrierAlone) {
  const grpc::Status status(grpc::StatusCode::UNAVAILABLE, "shutting down", details_with("DRAIN"));
  EXPECT_EQ(status_text(status, somewhere()), "UNAVAILABLE: shutting down (DRAIN)");
}

TEST(StatusText, NamesTheTimeoutThatPassed) {
  const grpc::Status status(grpc::StatusCode::DEADLINE_EXCEEDED, "Deadline Exceeded");
  EXPECT_EQ(status_text(status, somewhere()),
            "DEADLINE_EXCEEDED: no answer from 192.0.2.1:7 within 10s (--timeout)");
}

}  // namespace
}  // namespace crier::services::crierctl
