#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "tests/services/control/server_fixture.hpp"
#include "tests/services/control/tls/handshake.hpp"
#include "tests/support/authority.hpp"

// The control API over TLS.
namespace crier::services::control {
namespace {

using testing::Authority;
using testing::Identity;

constexpr int kNewest = 0;

std::shared_ptr<const Roles> roles(std::string_view text) {
  return std::make_shared<const Roles>(std::get<Roles>(Roles::parse(text)));
}

struct TlsServer : ::testing::Test {
  [[nodiscard]] std::shared_ptr<const TlsMaterial> material(const Identity& identity,
                                                            bool mutual) const {
    return std::make_shared<const TlsMaterial>(
        TlsMaterial{identity.certificate, identity.key, mutual ? clients.certificate() : ""});
  }
  [[nodiscard]] Identity server_identity(const std::string& name) const {
    return servers.issue({{"CN", name}},
                         {.dns = "control.test", .ip = "", .begins = kBefore, .ends = kLater});
  }
  // Once. `text` of roles; empty: none.
  void start(bool mutual, std::string_view text = "") {
    fixture.emplace(4, [&](Server& server) {
      server.set_tls(material(server_identity("first"), mutual));
      if (!text.empty()) server.set_roles(roles(text));
    });
  }

  // A caller with a connection of its own.
  [[nodiscard]] std::unique_ptr<v1::Control::Stub> caller(
      const Identity* identity = nullptr) const {
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = servers.certificate();
    if (identity != nullptr) {
      options.pem_cert_chain = identity->certificate;
      options.pem_private_key = identity->key;
    }
    return v1::Control::NewStub(channel(grpc::SslCredentials(options)));
  }
  [[nodiscard]] std::shared_ptr<grpc::Channel> channel(
      const std::shared_ptr<grpc::ChannelCredentials>& credentials) const {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetSslTargetNameOverride("control.test");
    return grpc::CreateCustomChannel(fixture->server.address(), credentials, arguments);
  }

  static constexpr std::chrono::seconds kBefore{-3600};
  static constexpr std::chrono::seconds kLater{24 * 3600};

  Authority servers{"servers"};
  Authority clients{"clients"};
  std::optional<ServerFixture> fixture;
};

grpc::Status list(v1::Control::Stub& stub) {
  Context context;
  v1::ListClientsResponse response;
  return stub.ListClients(&context, {}, &response);
}

grpc::Status disconnect(v1::Control::Stub& stub) {
  Context context;
  v1::DisconnectRequest request;
  request.set_all(true);
  v1::DisconnectResponse response;
  return stub.Disconnect(&context, request, &response);
}

TEST_F(TlsServer, CarriesCallsAndKeepsReflectionForEverybody) {
  start(false);
  EXPECT_TRUE(list(*caller()).ok());
  EXPECT_TRUE(disconnect(*caller()).ok());
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = servers.certificate();
  fixture->channel = channel(grpc::SslCredentials(options));
  const std::string services = fixture->call_raw(
      "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", std::string("\x3a\x01*"));
  EXPECT_NE(services.find("crier.v1.Control"), std::string::npos);
}

TEST_F(TlsServer, DoesNotSpeakPlainText) {
  start(false);
  EXPECT_EQ(list(*fixture->stub).error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_TRUE(list(*caller()).ok());
}

TEST_F(TlsServer, RefusesVersionsBelowTls12) {
  start(false);
  const std::string address = fixture->server.address();
  EXPECT_FALSE(shake_hands(address, TLS1_VERSION).done);
  EXPECT_FALSE(shake_hands(address, TLS1_1_VERSION).done);
  EXPECT_EQ(shake_hands(address, TLS1_2_VERSION).version, TLS1_2_VERSION);
  EXPECT_EQ(shake_hands(address, kNewest).version, TLS1_3_VERSION);
}

TEST_F(TlsServer, IsNotTrustedByWhoKnowsAnotherAuthority) {
  start(false);
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = clients.certificate();
  const auto stub = v1::Control::NewStub(channel(grpc::SslCredentials(options)));
  EXPECT_EQ(list(*stub).error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(TlsServer, WithAuthoritiesLetsInWhoTheyVouchForAlone) {
  start(true);
  const Identity known = clients.issue({{"CN", "known"}});
  const Identity foreign = servers.issue({{"CN", "foreign"}});
  const Identity expired = clients.issue(
      {{"CN", "known"}}, {.dns = "", .ip = "", .begins = 2 * kBefore, .ends = kBefore});
  const Identity early =
      clients.issue({{"CN", "known"}}, {.dns = "", .ip = "", .begins = kLater, .ends = 2 * kLater});
  EXPECT_TRUE(list(*caller(&known)).ok());
  EXPECT_TRUE(disconnect(*caller(&known)).ok()) << "without roles it may do everything";
  EXPECT_EQ(list(*caller()).error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(list(*caller(&foreign)).error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(list(*caller(&expired)).error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(list(*caller(&early)).error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_TRUE(list(*caller(&known)).ok());
}

TEST_F(TlsServer, WithAuthoritiesHasNoReflection) {
  start(true);
  const Identity known = clients.issue({{"CN", "known"}});
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = servers.certificate();
  options.pem_cert_chain = known.certificate;
  options.pem_private_key = known.key;
  fixture->channel = channel(grpc::SslCredentials(options));
  EXPECT_EQ(fixture->call_raw("/grpc.health.v1.Health/Check", ""), "\x08\x01");
  EXPECT_EQ(fixture
                ->try_raw("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                          std::string("\x3a\x01*"), {})
                .error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
}

TEST_F(TlsServer, KnowsARoleByTheSubjectInRfc2253Form) {
  start(true,
        "read subject CN=dash,O=crier\\, Inc.\n"
        "admin subject CN=ops \\C3\\A4,O=crier\\, Inc.\n");
  const Identity dash = clients.issue({{"O", "crier, Inc."}, {"CN", "dash"}});
  const Identity ops = clients.issue({{"O", "crier, Inc."}, {"CN", "ops \xc3\xa4"}});
  const Identity eve = clients.issue({{"O", "crier, Inc."}, {"CN", "eve"}});
  EXPECT_TRUE(list(*caller(&dash)).ok());
  EXPECT_EQ(disconnect(*caller(&dash)).error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_TRUE(disconnect(*caller(&ops)).ok());
  const grpc::Status refused = list(*caller(&eve));
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(refused.error_message(),
            "'CN=eve,O=crier\\, Inc.' may not call ListClients, which needs the role read");
}

// An own certificate is a claim like any other: without authorities nobody looks at it.
TEST_F(TlsServer, WithoutAuthoritiesTakesNobodysWordForASubject) {
  start(false, "admin subject CN=known\n");
  const Identity known = clients.issue({{"CN", "known"}});
  EXPECT_EQ(list(*caller(&known)).error_code(), grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(TlsServer, ServesANewCertificateToNewConnectionsWhileAnOpenStreamGoesOn) {
  start(false);
  const auto stub = caller();
  Context context;
  const auto stream = stub->BroadcastStream(&context);
  v1::BroadcastResponse response;
  ASSERT_TRUE(stream->Write({}));
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(shake_hands(fixture->server.address(), kNewest).subject, "CN=first");
  fixture->server.set_tls(material(server_identity("second"), false));
  EXPECT_EQ(shake_hands(fixture->server.address(), kNewest).subject, "CN=second");
  EXPECT_TRUE(list(*caller()).ok());
  ASSERT_TRUE(stream->Write({}));
  ASSERT_TRUE(stream->Read(&response));
  ASSERT_TRUE(stream->WritesDone());
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(TlsServer, AsksNewConnectionsForCertificatesOfTheNewAuthority) {
  start(true);
  const Identity known = clients.issue({{"CN", "known"}});
  const auto old = caller(&known);
  EXPECT_TRUE(list(*old).ok());
  clients = Authority("new clients");
  fixture->server.set_tls(material(server_identity("second"), true));
  EXPECT_TRUE(list(*old).ok());
  EXPECT_EQ(list(*caller(&known)).error_code(), grpc::StatusCode::UNAVAILABLE);
  const Identity fresh = clients.issue({{"CN", "known"}});
  EXPECT_TRUE(list(*caller(&fresh)).ok());
}

}  // namespace
}  // namespace crier::services::control
