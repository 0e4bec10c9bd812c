#pragma once

#include <openssl/bio.h>

#include "dataplane/tls/tls_session.hpp"

namespace crier::dataplane {

// Lets OpenSSL read from and write to a session's socket. Writing never has to be tried again: what
// the kernel does not take is kept in the session, up to a bound, so that OpenSSL never asks for a
// call to be repeated with the same bytes, which a queue that drops its oldest frames could not
// promise. Reading stops where a call has had its share, as if nothing more were there.
struct SocketBio {
  // The BIO refers to `session`, which must outlive it.
  [[nodiscard]] static BIO* make(TlsSession& session);

 private:
  static int read(BIO* bio, char* into, int bytes);
  static int write(BIO* bio, const char* from, int bytes);
  static long control(BIO* bio, int command, long number, void* pointer);
  static const BIO_METHOD* method();
};

}  // namespace crier::dataplane
