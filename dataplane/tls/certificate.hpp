#pragma once

#include <chrono>

typedef struct x509_st X509;  // as OpenSSL declares it

namespace crier::dataplane {

// When a certificate expires (its notAfter). What the clock cannot hold, such as the year 9999 of
// certificates that never expire, is the clock's last moment.
[[nodiscard]] std::chrono::system_clock::time_point expires_at(const X509& certificate);

}  // namespace crier::dataplane
