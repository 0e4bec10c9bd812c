#include "services/config/check_bus.hpp"

#include "tests/services/config/support.hpp"

namespace crier::services::config {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kPlain = "bus.url=redis://redis";
constexpr std::string_view kTls = "bus.url=rediss://redis";

std::vector<std::string> sets(std::string_view url, std::vector<std::string> more) {
  more.insert(more.begin(), std::string(url));
  return more;
}

TEST(CheckBus, TheUrlIsReadWithItsLine) {
  EXPECT_EQ(error_of("bus:\n  url: redis//redis\n"),
            "crier.yaml:2: key 'bus.url': must begin with redis:// or, for TLS, rediss://");
}

TEST(CheckBus, KeysThatNeedAUrlAreIdleWithoutOne) {
  EXPECT_EQ(config_of("", {"bus.mode=stream", "bus.tls.ca_file=/ca"}).bus().url(), "");
}

TEST(CheckBus, ACertificateHasItsKeyAndAKeyItsCertificate) {
  EXPECT_EQ(error_of("", sets(kTls, {"bus.tls.cert_file=/c"})),
            "--set bus.tls.cert_file: needs 'bus.tls.key_file' too");
  EXPECT_EQ(error_of("", sets(kTls, {"bus.tls.key_file=/k"})),
            "--set bus.tls.key_file: needs 'bus.tls.cert_file' too");
  EXPECT_EQ(config_of("", sets(kTls, {"bus.tls.key_file=/k", "bus.tls.cert_file=/c"}))
                .bus()
                .tls()
                .key_file(),
            "/k");
}

TEST(CheckBus, TlsKeysWithoutTlsAreRefused) {
  for (const char* key : {"ca_file", "cert_file", "key_file", "server_name"}) {
    const std::string set = "bus.tls." + std::string(key);
    EXPECT_EQ(error_of("", sets(kPlain, {set + "=x"})),
              "--set " + set + ": does nothing with redis://; write rediss:// in 'bus.url'");
  }
}

TEST(CheckBus, ThereIsOnePassword) {
  EXPECT_EQ(
      error_of("bus:\n  password: a\n  password_file: /b\n"),
      "crier.yaml:3: key 'bus.password_file': 'bus.password' is given too; only one can hold");
}

TEST(CheckBus, AUserNeedsAPassword) {
  EXPECT_EQ(error_of("", sets(kPlain, {"bus.username=crier"})),
            "--set bus.username: does nothing without 'bus.password_file'");
  EXPECT_EQ(config_of("bus: {username: crier, password: a}\n").bus().username(), "crier");
}

TEST(CheckBus, AProbeMayBeLostOnce) {
  EXPECT_EQ(error_of("", {"bus.probe_interval=1s", "bus.probe_timeout=1999ms"}),
            "--set bus.probe_timeout: 1999ms is shorter than twice 'bus.probe_interval', which is "
            "1s");
  EXPECT_EQ(config_of("", {"bus.probe_interval=1s", "bus.probe_timeout=2s"}).bus().probe_timeout(),
            2'000);
}

TEST(CheckBus, TheBacklogHoldsAPayload) {
  const auto backlog = [](const std::string& bytes) {
    return std::vector<std::string>{"control.max_payload_bytes=1MiB",
                                    "bus.max_backlog_bytes=" + bytes};
  };
  EXPECT_THAT(error_of("", sets(kPlain, backlog("1114111"))),
              HasSubstr("1114111 is less than 'control.max_payload_bytes' + 64KiB, which is "
                        "1088KiB"));
  EXPECT_EQ(config_of("", sets(kPlain, backlog("1088KiB"))).bus().max_backlog_bytes(), 1'114'112);
  EXPECT_EQ(config_of("", backlog("64KiB")).bus().max_backlog_bytes(), 65'536) << "no bus";
}

}  // namespace
}  // namespace crier::services::config
