#include "services/config/check_access.hpp"

#include "tests/services/config/support.hpp"

namespace crier::services::config {
namespace {

// Arguments for one listener, the second, so that the first stays as it is.
std::vector<std::string> sets(const std::vector<std::string>& settings) {
  std::vector<std::string> arguments = {"listeners[1].name=b", "listeners[1].address=127.0.0.1:0"};
  for (const auto& setting : settings) arguments.push_back("listeners[1]." + setting);
  return arguments;
}

std::string refusal(const std::vector<std::string>& settings) {
  return error_of("", sets(settings));
}

void expect_accepted(const std::vector<std::string>& settings) {
  EXPECT_EQ(config_of("", sets(settings)).listeners_size(), 2);
}

const std::vector<std::string> kTls = {"tls.cert_file=/c", "tls.key_file=/k"};

std::vector<std::string> with_tls(const std::vector<std::string>& settings) {
  std::vector<std::string> all = kTls;
  all.insert(all.end(), settings.begin(), settings.end());
  return all;
}

TEST(CheckAccess, FaultsNameTheirLine) {
  EXPECT_EQ(error_of("listeners:\n  - name: a\n    auth:\n      method: token\n"),
            "crier.yaml:4: key 'listeners[0].auth.method': token needs "
            "'listeners[0].auth.tokens_file'");
}

TEST(CheckAccess, ACertificateHasItsKeyAndAKeyItsCertificate) {
  EXPECT_EQ(refusal({"tls.cert_file=/c"}),
            "--set listeners[1].tls.cert_file: needs 'listeners[1].tls.key_file' too");
  EXPECT_EQ(refusal({"tls.key_file=/k"}),
            "--set listeners[1].tls.key_file: needs 'listeners[1].tls.cert_file' too");
  expect_accepted(kTls);
}

TEST(CheckAccess, ClientsThatShowCertificatesNeedTlsAndSomebodyWhoVouches) {
  for (const std::string asks :
       {"tls.client_certificates=optional", "tls.client_certificates=required"}) {
    EXPECT_EQ(refusal({asks, "tls.client_ca_file=/ca"}),
              "--set listeners[1].tls.client_certificates: needs 'listeners[1].tls.cert_file': "
              "without TLS nobody shows a certificate");
    EXPECT_EQ(refusal(with_tls({asks})),
              "--set listeners[1].tls.client_certificates: needs "
              "'listeners[1].tls.client_ca_file': who may vouch for clients");
    expect_accepted(with_tls({asks, "tls.client_ca_file=/ca"}));
  }
  EXPECT_EQ(refusal(with_tls({"tls.client_ca_file=/ca"})),
            "--set listeners[1].tls.client_ca_file: does nothing while "
            "'listeners[1].tls.client_certificates' is none");
}

TEST(CheckAccess, TokensComeFromAFile) {
  EXPECT_EQ(refusal({"auth.method=token"}),
            "--set listeners[1].auth.method: token needs 'listeners[1].auth.tokens_file'");
  expect_accepted({"auth.method=token", "auth.tokens_file=/t"});
  expect_accepted({"auth.method=token", "auth.tokens_file=/t", "processor=relay",
                   "auth.expiry_grace=0s", "codec=envelope"});
}

TEST(CheckAccess, SignedTokensHaveOneFileOfKeys) {
  EXPECT_EQ(refusal({"auth.method=jwt"}),
            "--set listeners[1].auth.method: jwt needs 'listeners[1].auth.secret_file' or "
            "'listeners[1].auth.keys_file'");
  EXPECT_EQ(refusal({"auth.method=jwt", "auth.secret_file=/s", "auth.keys_file=/k"}),
            "--set listeners[1].auth.keys_file: 'listeners[1].auth.secret_file' is given too; "
            "only one can hold");
  expect_accepted({"auth.method=jwt", "auth.secret_file=/s"});
  expect_accepted({"auth.method=jwt", "auth.keys_file=/k", "auth.audience=crier",
                   "auth.issuer=https://login", "auth.label_claims=site,floor"});
}

TEST(CheckAccess, LabelClaimsAreDifferentNames) {
  const auto with_claims = [](const std::string& names) {
    return std::vector<std::string>{"auth.method=jwt", "auth.keys_file=/k",
                                    "auth.label_claims=" + names};
  };
  const std::string key = "--set listeners[1].auth.label_claims: ";
  for (const char* names : {",", "a,", ",a", "a,,b"}) {
    EXPECT_EQ(refusal(with_claims(names)), key + "has an empty name") << names;
  }
  EXPECT_EQ(refusal(with_claims("a,b,a")), key + "has a name twice");
  EXPECT_EQ(refusal(with_claims(std::string(257, 'x'))),
            key + "has a name of more than 256 characters");
  std::string most = "l0";
  for (int i = 1; i < 16; ++i) most += ",l" + std::to_string(i);
  expect_accepted(with_claims(most));
  EXPECT_EQ(refusal(with_claims(most + ",more")), key + "has more than 16 names");
}

TEST(CheckAccess, CertificatesAreRequiredWhereTheySayWhoSomebodyIs) {
  const std::string reason =
      "--set listeners[1].auth.method: certificate needs "
      "'listeners[1].tls.client_certificates' required";
  EXPECT_EQ(refusal({"auth.method=certificate"}), reason);
  EXPECT_EQ(refusal(with_tls({"auth.method=certificate"})), reason);
  EXPECT_EQ(refusal(with_tls({"auth.method=certificate", "tls.client_certificates=optional",
                              "tls.client_ca_file=/ca"})),
            reason);
  expect_accepted(with_tls(
      {"auth.method=certificate", "tls.client_certificates=required", "tls.client_ca_file=/ca"}));
}

TEST(CheckAccess, KeysOfAnotherMethodAreRefused) {
  for (const char* key : {"secret_file", "keys_file", "audience", "issuer", "label_claims"}) {
    const std::string set = std::string("auth.") + key;
    const std::string error =
        "--set listeners[1]." + set + ": does nothing while 'listeners[1].auth.method' is not jwt";
    EXPECT_EQ(refusal({set + "=x"}), error);
    EXPECT_EQ(refusal({"auth.method=token", "auth.tokens_file=/t", set + "=x"}), error);
  }
  const std::string error =
      "--set listeners[1].auth.tokens_file: does nothing while 'listeners[1].auth.method' is not "
      "token";
  EXPECT_EQ(refusal({"auth.tokens_file=/t"}), error);
  EXPECT_EQ(refusal({"auth.method=jwt", "auth.keys_file=/k", "auth.tokens_file=/t"}), error);
}

TEST(CheckAccess, WhoIsCountedIsKnown) {
  EXPECT_EQ(refusal({"max_connections_per_identity=1"}),
            "--set listeners[1].max_connections_per_identity: needs a "
            "'listeners[1].auth.method': without one nobody is known");
  expect_accepted({"max_connections_per_identity=1", "auth.method=token", "auth.tokens_file=/t"});
}

}  // namespace
}  // namespace crier::services::config
