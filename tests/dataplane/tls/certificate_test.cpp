#include "dataplane/tls/certificate.hpp"

#include <gtest/gtest.h>
#include <openssl/x509.h>

#include <memory>

namespace crier::dataplane {
namespace {

using std::chrono::system_clock;

system_clock::time_point expiry_of(const char* not_after) {
  const std::unique_ptr<X509, decltype(&::X509_free)> certificate(::X509_new(), &::X509_free);
  EXPECT_EQ(::ASN1_TIME_set_string(::X509_getm_notAfter(certificate.get()), not_after), 1);
  return expires_at(*certificate);
}

TEST(CertificateExpiry, IsTheEndOfItsValidity) {
  EXPECT_EQ(expiry_of("270101000000Z"), system_clock::from_time_t(1'798'761'600));
  EXPECT_EQ(expiry_of("20600102030405Z"), system_clock::from_time_t(2'840'238'245));
}

TEST(CertificateExpiry, MayLieBeforeTheEpoch) {
  EXPECT_EQ(expiry_of("19691231235959Z"), system_clock::from_time_t(-1));
}

TEST(CertificateExpiry, NeverIsTheEndOfTheClock) {
  EXPECT_EQ(expiry_of("99991231235959Z"), system_clock::time_point::max());
  EXPECT_EQ(expiry_of("22620411234715Z"), system_clock::from_time_t(9'223'372'035));
  EXPECT_EQ(expiry_of("22620411234716Z"), system_clock::time_point::max());
}

}  // namespace
}  // namespace crier::dataplane
