#include "services/control/access/gate.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace crier::services::control {
namespace {

constexpr std::string_view kText =
    "read token dash reader-0123456789\n"
    "publish token feed publisher-0123456789\n"
    "admin token ops admin-0123456789\n"
    "publish subject CN=feed,O=crier\n";

std::shared_ptr<const Roles> roles(std::string_view text) {
  return std::make_shared<const Roles>(std::get<Roles>(Roles::parse(text)));
}

struct GateFixture : ::testing::Test {
  GateFixture() { gate.set_roles(roles(kText)); }

  Admission show(std::string_view authorization, Method method = Method::kListClients,
                 std::string_view subject = "") {
    return gate.admit(method, {1, authorization, subject});
  }
  [[nodiscard]] std::uint64_t denied(Denial reason) const {
    return stats.snapshot().denied[static_cast<std::size_t>(reason)];
  }

  RpcStats stats;
  Gate gate{stats};
};
using GateTest = GateFixture;

TEST_F(GateTest, LetsInWhoHasTheRoleOrAHigherOne) {
  const std::string reader = "Bearer reader-0123456789";
  const std::string publisher = "Bearer publisher-0123456789";
  const std::string admin = "Bearer admin-0123456789";
  for (const auto& [authorization, highest] :
       {std::pair(reader, Role::kRead), std::pair(publisher, Role::kPublish),
        std::pair(admin, Role::kAdmin)}) {
    for (std::size_t m = 0; m < kMethods; ++m) {
      const auto method = static_cast<Method>(m);
      const Status status = show(authorization, method).status;
      EXPECT_EQ(status.code, role_needed(method) <= highest ? Code::kOk : Code::kPermissionDenied)
          << authorization << " " << kMethodLabels[m];
    }
  }
  EXPECT_EQ(show(admin, Method::kDisconnect).caller, "ops");
}

TEST_F(GateTest, SaysWhatIsMissing) {
  const Admission admission = show("Bearer reader-0123456789", Method::kDisconnect);
  EXPECT_EQ(admission.caller, "dash");
  EXPECT_EQ(admission.status.reason, "PERMISSION_DENIED");
  EXPECT_EQ(admission.status.message, "'dash' may not call Disconnect, which needs the role admin");
  using Metadata = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(admission.status.metadata, (Metadata{{"method", "Disconnect"}, {"role", "admin"}}));
}

TEST_F(GateTest, RefusesWhatIsNoGoodToken) {
  for (const char* authorization :
       {"", "Bearer", "Bearer ", "reader-0123456789", "Basic reader-0123456789",
        "Bearer  reader-0123456789", "Bearer reader-0123456789 ", "Bearer reader-012345678",
        "Bearer reader-01234567890", "Bearer READER-0123456789"}) {
    const Admission admission = show(authorization);
    EXPECT_EQ(admission.status.code, Code::kUnauthenticated) << authorization;
    EXPECT_EQ(admission.status.reason, "UNAUTHENTICATED");
    EXPECT_EQ(admission.status.message.find("0123"), std::string::npos);
    EXPECT_EQ(admission.caller, "");
  }
  EXPECT_EQ(denied(Denial::kUnauthenticated), 10U);
  EXPECT_EQ(denied(Denial::kPermissionDenied), 0U);
}

TEST_F(GateTest, TakesTheSchemeInAnyCase) {
  EXPECT_TRUE(show("bearer reader-0123456789").status.ok());
  EXPECT_TRUE(show("BEARER reader-0123456789").status.ok());
}

TEST_F(GateTest, RefusesTwoTokensOfWhichBothAreGood) {
  const Admission admission = gate.admit(Method::kListClients, {2, "Bearer admin-0123456789", ""});
  EXPECT_EQ(admission.status.code, Code::kUnauthenticated);
}

TEST_F(GateTest, KnowsWhoShowsACertificate) {
  EXPECT_TRUE(gate.admit(Method::kBroadcast, {0, "", "CN=feed,O=crier"}).status.ok());
  EXPECT_EQ(gate.admit(Method::kBroadcast, {0, "", "CN=feed,O=crier"}).caller, "CN=feed,O=crier");
  const Admission low = gate.admit(Method::kDisconnect, {0, "", "CN=feed,O=crier"});
  EXPECT_EQ(low.status.code, Code::kPermissionDenied);
  const Admission unknown = gate.admit(Method::kListClients, {0, "", "CN=eve"});
  EXPECT_EQ(unknown.status.code, Code::kPermissionDenied);
  EXPECT_EQ(unknown.status.message, "'CN=eve' may not call ListClients, which needs the role read");
  EXPECT_EQ(denied(Denial::kPermissionDenied), 2U);
}

TEST_F(GateTest, LetsAWrongTokenNotHideBehindAGoodCertificate) {
  EXPECT_EQ(show("Bearer nobody-0123456789", Method::kBroadcast, "CN=feed,O=crier").status.code,
            Code::kUnauthenticated);
  EXPECT_TRUE(show("Bearer admin-0123456789", Method::kDisconnect, "CN=feed,O=crier").status.ok());
}

TEST_F(GateTest, BoundsWhatItSaysOfAnUnknownSubject) {
  const std::string subject(10'000, '\n');
  EXPECT_LT(gate.admit(Method::kBroadcast, {0, "", subject}).status.message.size(), 200U);
}

TEST_F(GateTest, KnowsNewRolesFromTheNextCallOn) {
  gate.set_roles(roles("admin token new new-token-0123456789\n"));
  EXPECT_EQ(show("Bearer admin-0123456789").status.code, Code::kUnauthenticated);
  EXPECT_TRUE(show("Bearer new-token-0123456789").status.ok());
  gate.set_roles(nullptr);
  EXPECT_EQ(show("Bearer admin-0123456789").status.code, Code::kUnauthenticated);
}

TEST(OpenGate, LetsEverybodyInAndKnowsWhoShowedACertificate) {
  RpcStats stats;
  Gate gate(stats);
  EXPECT_FALSE(gate.guarded());
  EXPECT_TRUE(gate.admit(Method::kDisconnect, {0, "", ""}).status.ok());
  EXPECT_TRUE(gate.admit(Method::kDisconnect, {1, "Bearer whatever-0123456789", ""}).status.ok());
  EXPECT_EQ(gate.admit(Method::kDisconnect, {0, "", "CN=x"}).caller, "CN=x");
}

}  // namespace
}  // namespace crier::services::control
