#include "dataplane/tls/certificate.hpp"

#include <openssl/asn1.h>
#include <openssl/x509.h>

#include <ctime>

namespace crier::dataplane {

std::chrono::system_clock::time_point expires_at(const X509& certificate) {
  using std::chrono::system_clock;
  std::tm utc{};
  if (::ASN1_TIME_to_tm(::X509_get0_notAfter(&certificate), &utc) != 1) return {};
  const std::chrono::seconds seconds(::timegm(&utc));
  // system_clock counts in nanoseconds, and ends in the year 2262.
  constexpr auto kLast = system_clock::time_point::max();
  if (seconds >= std::chrono::floor<std::chrono::seconds>(kLast.time_since_epoch())) return kLast;
  return system_clock::time_point(seconds);
}

}  // namespace crier::dataplane
