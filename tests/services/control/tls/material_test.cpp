#include "services/control/tls/material.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/authority.hpp"
#include "tests/support/redis_server.hpp"

namespace crier::services::control {
namespace {

struct TlsMaterialTest : ::testing::Test {
  TlsMaterialTest() {
    write("cert", server.certificate);
    write("key", server.key);
    write("other.key", authority.issue({{"CN", "other"}}).key);
    write("ca", authority.certificate());
    write("nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder.file(name)) << text;
  }
  [[nodiscard]] LoadedTls load(const std::string& cert, const std::string& key,
                               const std::string& ca = "") const {
    return load_tls({folder.file(cert), folder.file(key), ca.empty() ? "" : folder.file(ca)});
  }
  // What is said after "key 'control.tls.".
  [[nodiscard]] std::string problem(const std::string& cert, const std::string& key,
                                    const std::string& ca = "") const {
    const LoadedTls loaded = load(cert, key, ca);
    const auto* found = std::get_if<TlsProblem>(&loaded);
    const std::string begin = "key 'control.tls.";
    if (found == nullptr || !found->sentence.starts_with(begin)) return "";
    return found->sentence.substr(begin.size());
  }

  testing::TemporaryFolder folder;
  testing::Authority authority{"test"};
  testing::Identity server = authority.issue({{"CN", "server"}});
};

TEST_F(TlsMaterialTest, IsWhatTheFilesHold) {
  const auto loaded = load("cert", "key", "ca");
  ASSERT_TRUE(std::holds_alternative<std::shared_ptr<const TlsMaterial>>(loaded));
  const auto& material = *std::get<std::shared_ptr<const TlsMaterial>>(loaded);
  EXPECT_EQ(material.certificates, server.certificate);
  EXPECT_EQ(material.key, server.key);
  EXPECT_EQ(material.client_authorities, authority.certificate());
  const auto left = material.expires - std::chrono::system_clock::now();
  EXPECT_LE(left, std::chrono::hours(24));
  EXPECT_GT(left, std::chrono::hours(23));
}

TEST_F(TlsMaterialTest, SaysWhichFileCannotBeUsedAndWhy) {
  EXPECT_EQ(problem("none", "key"),
            "cert_file': " + folder.file("none") + " cannot be read: No such file or directory");
  EXPECT_EQ(problem("nonsense", "key"),
            "cert_file': " + folder.file("nonsense") + " holds no certificate (PEM)");
  EXPECT_EQ(problem("key", "key"),
            "cert_file': " + folder.file("key") + " holds no certificate (PEM)");
  EXPECT_EQ(problem("cert", "none"),
            "key_file': " + folder.file("none") + " cannot be read: No such file or directory");
  EXPECT_EQ(problem("cert", "cert"), "key_file': " + folder.file("cert") +
                                         " holds no private key (PEM) without pass phrase");
  EXPECT_EQ(problem("cert", "other.key"), "key_file': " + folder.file("other.key") +
                                              " is not the key of the first certificate in " +
                                              folder.file("cert"));
  EXPECT_EQ(problem("cert", "key", "none"), "client_ca_file': " + folder.file("none") +
                                                " cannot be read: No such file or directory");
  EXPECT_EQ(problem("cert", "key", "key"),
            "client_ca_file': " + folder.file("key") + " holds no certificate (PEM)");
}

TEST_F(TlsMaterialTest, AsksNobodyForAPassPhrase) {
  testing::run_program({"/usr/bin/openssl", "ec", "-in", folder.file("key"), "-aes128", "-passout",
                        "pass:secret", "-out", folder.file("locked")});
  EXPECT_EQ(problem("cert", "locked"), "key_file': " + folder.file("locked") +
                                           " holds no private key (PEM) without pass phrase");
}

TEST_F(TlsMaterialTest, IsBounded) {
  write("large", server.certificate + std::string(kPemBytesMax, '\n'));
  EXPECT_EQ(problem("large", "key"),
            "cert_file': " + folder.file("large") + " is larger than 1048576 bytes");
}

}  // namespace
}  // namespace crier::services::control
