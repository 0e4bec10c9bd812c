// What a request costs in memory that is not to be carried out. Over a real connection.
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <tuple>
#include <utility>

#include "services/control/client_ids.hpp"
#include "tests/services/control/server_fixture.hpp"
#include "tests/support/live_bytes.hpp"
#include "tests/support/many_fields.hpp"

namespace crier::services::control {
namespace {

using namespace std::string_literals;
using crier::testing::many_fields;
using crier::testing::wrapped;

const Headers kNobody;
const Headers kPublisher{{"authorization", "Bearer publisher-0123456789"}};
const Headers kAdmin{{"authorization", "Bearer admin-0123456789"}};

// A little less than what the server takes at most.
constexpr std::size_t kRequestBytes = 16'000'000;
// The caller is in this process too, and what both hold of the request itself is little beside what
// it would take to parse it: 30 times its size.
constexpr std::int64_t kGrowthMax = 3 * kRequestBytes;

void guard(Server& server) {
  server.set_roles(std::make_shared<const Roles>(std::get<Roles>(Roles::parse(
      "publish token feed publisher-0123456789\nadmin token ops admin-0123456789\n"))));
}

// The tag of the set that holds them; an id is two bytes.
std::string empty_ids(char tag, std::size_t bytes = kRequestBytes) {
  return wrapped(tag, many_fields("\x0a\x00"s, bytes));
}

const std::string kTooMany = too_many_client_ids("ids", kRequestBytes / 2, kClientIdsMax).message;

// Calls once and returns the status and by how much the process grew meanwhile.
std::pair<grpc::Status, std::int64_t> call(ServerFixture& f, const std::string& method,
                                           const std::string& raw, const Headers& headers) {
  crier::testing::reset_peak();
  const std::int64_t before = crier::testing::live_bytes();
  grpc::Status status = f.try_raw("/crier.v1.Control/" + method, raw, headers);
  return {std::move(status), crier::testing::peak_live_bytes() - before};
}

TEST(RequestMemory, ManyEmptyIdsOfNobodyAreNotEvenLookedAt) {
  ServerFixture f(4, guard);
  for (const auto& [method, tag] :
       {std::pair{"Broadcast", '\x12'}, {"BroadcastStream", '\x12'}, {"Disconnect", '\x0a'}}) {
    const auto [status, growth] = call(f, method, empty_ids(tag), kNobody);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED) << method;
    EXPECT_LT(growth, kGrowthMax) << method;
  }
}

TEST(RequestMemory, ManyEmptyIdsAreRefusedBeforeTheyAreParsed) {
  ServerFixture f(4, guard);
  for (const auto& [method, tag, headers, prefix] :
       {std::tuple{"Broadcast", '\x12', kPublisher, ""},
        {"Broadcast", '\x1a', kPublisher, ""},
        {"BroadcastStream", '\x12', kPublisher, "request 0: "},
        {"Disconnect", '\x0a', kAdmin, ""}}) {
    const auto [status, growth] = call(f, method, empty_ids(tag), headers);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << method;
    EXPECT_EQ(status.error_message(), prefix + kTooMany) << method;
    EXPECT_LT(growth, kGrowthMax) << method;
  }
}

TEST(RequestMemory, ManyFieldsThatNobodyKnowsAreRefusedBeforeTheyAreParsed) {
  ServerFixture f(4, guard);
  for (const auto* method :
       {"Broadcast", "BroadcastStream", "ListClients", "GetClient", "Disconnect", "ListNodes"}) {
    for (const std::string& field : {"\x7a\x00"s, "\x7b\x7c"s}) {
      const auto [status, growth] = call(f, method, many_fields(field, kRequestBytes), kAdmin);
      EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << method;
      ASSERT_TRUE(error_info(status)) << method;
      EXPECT_EQ(error_info(status)->reason(), "INVALID_REQUEST") << method;
      EXPECT_LT(growth, kGrowthMax) << method;
    }
  }
}

// That the figures above mean something.
TEST(RequestMemory, OfWhatIsParsedShows) {
  const std::string ids = empty_ids('\x12', kRequestBytes / 10);
  crier::testing::reset_peak();
  const std::int64_t before = crier::testing::live_bytes();
  v1::BroadcastRequest request;
  ASSERT_TRUE(request.ParseFromString(ids));
  EXPECT_GT(crier::testing::peak_live_bytes() - before, static_cast<std::int64_t>(10 * ids.size()));
}

}  // namespace
}  // namespace crier::services::control
