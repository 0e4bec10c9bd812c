#include "services/config/check_control.hpp"

#include "services/config/address.hpp"
#include "tests/services/config/support.hpp"

namespace crier::services::config {
namespace {

TEST(CheckControl, ACertificateHasItsKeyAndAKeyItsCertificate) {
  EXPECT_EQ(error_of("", {"control.tls.cert_file=/c"}),
            "--set control.tls.cert_file: needs 'control.tls.key_file' too");
  EXPECT_EQ(error_of("control:\n  tls:\n    key_file: /k\n"),
            "crier.yaml:3: key 'control.tls.key_file': needs 'control.tls.cert_file' too");
  EXPECT_EQ(error_of("", {"control.tls.client_ca_file=/a"}),
            "--set control.tls.client_ca_file: needs 'control.tls.cert_file' and "
            "'control.tls.key_file' too");
  EXPECT_EQ(config_of("", {"control.tls.cert_file=/c", "control.tls.key_file=/k",
                           "control.tls.client_ca_file=/a"})
                .control()
                .tls()
                .client_ca_file(),
            "/a");
}

TEST(CheckControl, BeyondLoopbackCallersProveWhoTheyAre) {
  EXPECT_EQ(error_of("control:\n  address: 0.0.0.0:50051\n"),
            "crier.yaml:2: key 'control.address': 0.0.0.0:50051 is beyond loopback, where anybody "
            "could push to every client: set 'control.roles_file' or 'control.tls.client_ca_file', "
            "or say 'control.insecure: true'");
  const std::vector<std::string> tls{"control.tls.cert_file=/c", "control.tls.key_file=/k"};
  const auto beyond = [](std::vector<std::string> sets) {
    sets.emplace_back("control.address=[::]:50051");
    return sets;
  };
  EXPECT_THAT(error_of("", beyond(tls)), ::testing::HasSubstr("beyond loopback"))
      << "the server's certificate says nothing of callers";
  EXPECT_EQ(config_of("", beyond({"control.roles_file=/r"})).control().roles_file(), "/r");
  EXPECT_TRUE(config_of("", beyond({"control.insecure=true"})).control().insecure());
  auto mutual = tls;
  mutual.emplace_back("control.tls.client_ca_file=/a");
  EXPECT_EQ(config_of("", beyond(mutual)).control().tls().client_ca_file(), "/a");
}

TEST(CheckControl, ItsMemoryHoldsTheLargestRequestTwice) {
  EXPECT_EQ(error_of("control:\n  max_memory_bytes: 33MiB\n"),
            "crier.yaml:2: key 'control.max_memory_bytes': 33MiB is less than two requests may "
            "have, with 'control.max_payload_bytes' and 16MiB each, which is 34MiB");
  EXPECT_EQ(config_of("control: {max_memory_bytes: 34MiB}").control().max_memory_bytes(),
            34 << 20U);
  EXPECT_THAT(error_of("", {"control.max_memory_bytes=95MiB", "control.max_payload_bytes=32MiB"}),
              ::testing::HasSubstr("which is 96MiB"));
}

TEST(CheckControl, LoopbackIsForEverybody) {
  for (const char* address :
       {"127.0.0.1:1", "127.255.255.254:1", "[::1]:1", "[::ffff:127.0.0.9]:1"}) {
    EXPECT_EQ(config_of("", {std::string("control.address=") + address}).control().address(),
              address);
  }
  for (const char* address :
       {"128.0.0.1:1", "0.0.0.0:1", "126.255.255.255:1", "[::]:1", "[::2]:1", "[::ffff:10.0.0.1]:1",
        "[::7f00:1]:1", "[7f00::1]:1", "10.127.0.1:1"}) {
    EXPECT_FALSE(is_loopback(*parse_address(address))) << address;
  }
}

}  // namespace
}  // namespace crier::services::config
