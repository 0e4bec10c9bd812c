#include "services/crierctl/access.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "services/crierctl/control.hpp"
#include "tests/services/crierctl/fake_server.hpp"
#include "tests/support/redis_server.hpp"

namespace crier::services::crierctl {
namespace {

using crier::testing::TemporaryFolder;

// Keeps what callers show.
class Doorman final : public v1::Control::Service {
 public:
  std::string shown;
  const FakeServer server{*this};

 private:
  grpc::Status ListNodes(grpc::ServerContext* context, const v1::ListNodesRequest* /*request*/,
                         v1::ListNodesResponse* /*response*/) override {
    return keep(*context);
  }
  grpc::Status BroadcastStream(
      grpc::ServerContext* context,
      grpc::ServerReaderWriter<v1::BroadcastResponse, v1::BroadcastRequest>* /*peer*/) override {
    return keep(*context);
  }
  grpc::Status keep(const grpc::ServerContext& context) {
    shown.clear();
    for (const auto& [key, value] : context.client_metadata()) {
      if (key == "authorization") shown.append(value.data(), value.size());
    }
    return grpc::Status::OK;
  }
};

struct Access : ::testing::Test {
  GlobalOptions with_token(const std::string& text) {
    GlobalOptions global = doorman.server.options();
    global.access.token_file = folder.file("token");
    std::ofstream(global.access.token_file) << text;
    return global;
  }
  [[nodiscard]] static std::string refusal(const GlobalOptions& global) {
    try {
      (void)make_channel(global);
    } catch (const UsageError& error) {
      return error.what();
    }
    return "";
  }

  TemporaryFolder folder;
  Doorman doorman;
};

TEST_F(Access, ShowsTheTokenWithACallAndWithAStream) {
  Control control(with_token("a-token-of-16-chars\n"));
  v1::ListNodesResponse response;
  EXPECT_TRUE(control.call(&v1::Control::Stub::ListNodes, v1::ListNodesRequest(), response).ok());
  EXPECT_EQ(doorman.shown, "Bearer a-token-of-16-chars");
  doorman.shown.clear();
  grpc::ClientContext context;
  EXPECT_TRUE(control.stub().BroadcastStream(&context)->Finish().ok());
  EXPECT_EQ(doorman.shown, "Bearer a-token-of-16-chars");
}

TEST_F(Access, ShowsNothingWithoutATokenFile) {
  Control control(doorman.server.options());
  doorman.shown = "something";
  v1::ListNodesResponse response;
  EXPECT_TRUE(control.call(&v1::Control::Stub::ListNodes, v1::ListNodesRequest(), response).ok());
  EXPECT_EQ(doorman.shown, "");
}

TEST_F(Access, TakesAFileThatHoldsOneTokenAndNothingElse) {
  EXPECT_EQ(refusal(with_token("token\r\n")), "");
  for (const char* text : {"", "\n", "two words\n", "two\nlines\n", "tab\t", "\xc3\xa4"}) {
    EXPECT_EQ(refusal(with_token(text)),
              folder.file("token") + " does not hold one token and nothing else");
  }
  EXPECT_NE(refusal(with_token(std::string(5'000, 't'))).find(" is larger than 4.0 KiB"),
            std::string::npos);
  GlobalOptions global;
  global.access.token_file = folder.file("none");
  EXPECT_EQ(refusal(global), "cannot read " + folder.file("none") + ": No such file or directory");
  global.access.token_file.clear();
  global.access.ca_file = folder.file("none");
  EXPECT_EQ(refusal(global), "cannot read " + folder.file("none") + ": No such file or directory");
}

TEST_F(Access, SendsNoTokenOverANetworkUnencrypted) {
  GlobalOptions global = with_token("token");
  for (const char* address : {"192.0.2.1:7", "crier:7", "[2001:db8::1]:7", "localhost.example:7",
                              "127.0.0.1.example:7", "dns:///localhost:7", "0.0.0.0:7"}) {
    global.address = address;
    EXPECT_EQ(refusal(global),
              "the token would cross the network unencrypted to " + std::string(address) +
                  "; say --tls or --tls-ca, or, where nobody can listen, --token-in-plaintext");
  }
  GlobalOptions encrypted = global;
  encrypted.access.tls = true;
  EXPECT_EQ(refusal(encrypted), "");
  global.access.token_in_plaintext = true;
  EXPECT_EQ(refusal(global), "");
}

TEST_F(Access, SendsATokenToThisMachine) {
  GlobalOptions global = with_token("token");
  for (const char* address : {"localhost:7", "127.0.0.1:7", "127.9.9.9:7", "[::1]:7"}) {
    global.address = address;
    EXPECT_EQ(refusal(global), "") << address;
  }
}

TEST(AccessOptions, SpeakTlsWhereOnlyThatMakesSense) {
  EXPECT_FALSE(AccessOptions().encrypted());
  AccessOptions access;
  access.tls = true;
  EXPECT_TRUE(access.encrypted());
  for (std::string AccessOptions::* option :
       {&AccessOptions::ca_file, &AccessOptions::cert_file, &AccessOptions::server_name}) {
    access = {};
    access.*option = "x";
    EXPECT_TRUE(access.encrypted());
  }
}

}  // namespace
}  // namespace crier::services::crierctl
