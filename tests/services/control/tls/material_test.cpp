#include "services/control/tls/material.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

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
  [[nodiscard]] std::string text(const std::string& name) const {
    std::ifstream file(folder.file(name));
    return {std::istreambuf_iterator<char>(file), {}};
  }
  // A certificate with its key, NAME.crt and NAME.key.
  void make_weak(const std::string& name) const {
    testing::run_program({"/usr/bin/openssl", "req", "-x509", "-newkey", "rsa:1024", "-nodes",
                          "-subj", "/CN=weak", "-keyout", folder.file(name + ".key"), "-out",
                          folder.file(name + ".crt")});
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

// What gRPC would not serve is said here, in the same words at the start and later.
TEST_F(TlsMaterialTest, HoldsNothingThatTlsRefuses) {
  make_weak("weak");
  EXPECT_EQ(problem("weak.crt", "weak.key"), "cert_file': " + folder.file("weak.crt") +
                                                 " holds a certificate that TLS refuses: ee key "
                                                 "too small");
  write("chain", server.certificate + authority.certificate() + text("weak.crt"));
  EXPECT_EQ(problem("chain", "key"),
            "cert_file': " + folder.file("chain") +
                " holds a certificate, number 3, that TLS refuses: ca key too small");
  write("chain", server.certificate + authority.certificate());
  EXPECT_EQ(problem("chain", "key", "chain"), "");
  ASSERT_TRUE(std::holds_alternative<std::shared_ptr<const TlsMaterial>>(load("chain", "key")));
}

TEST_F(TlsMaterialTest, IsReadToTheEnd) {
  write("half", server.certificate + authority.certificate().substr(0, 200));
  EXPECT_EQ(problem("half", "key"), "cert_file': " + folder.file("half") +
                                        " holds a certificate that cannot be read, number 2");
  write("junk", authority.certificate() + text("nonsense"));
  EXPECT_EQ(problem("cert", "key", "junk"), "client_ca_file': " + folder.file("junk") +
                                                " holds a certificate that cannot be read, "
                                                "number 2");
  write("remark", "of the server:\n" + server.certificate + "its key:\n" + server.key);
  EXPECT_EQ(problem("remark", "remark"), "");
}

TEST_F(TlsMaterialTest, IsBounded) {
  write("large", server.certificate + std::string(kPemBytesMax, '\n'));
  EXPECT_EQ(problem("large", "key"),
            "cert_file': " + folder.file("large") + " is larger than 1048576 bytes");
}

}  // namespace
}  // namespace crier::services::control
