#include "services/control/tls/material.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <optional>
#include <utility>
#include <vector>

#include "dataplane/tls/certificate.hpp"
#include "dataplane/tls/pass_phrase.hpp"
#include "services/credentials/openssl.hpp"
#include "services/files/bounded_file.hpp"

namespace crier::services::control {
namespace {

using credentials::bio_of;
using dataplane::refuse_pass_phrase;
using Certificate = credentials::Owned<X509, ::X509_free>;
using Certificates = std::vector<Certificate>;
using Context = credentials::Owned<SSL_CTX, ::SSL_CTX_free>;
using Key = credentials::Owned<EVP_PKEY, ::EVP_PKEY_free>;

// All of them, or why that cannot be, as it follows the file's name.
std::variant<Certificates, std::string> read_certificates(const std::string& pem) {
  Certificates certificates;
  const auto bio = bio_of(pem);
  ::ERR_clear_error();
  while (Certificate next{::PEM_read_bio_X509(bio.get(), nullptr, refuse_pass_phrase, nullptr)}) {
    certificates.push_back(std::move(next));
  }
  if (certificates.empty()) return "holds no certificate (PEM)";
  if (ERR_GET_REASON(::ERR_peek_last_error()) == PEM_R_NO_START_LINE) return certificates;
  return "holds a certificate that cannot be read, number " +
         std::to_string(certificates.size() + 1);
}

Key read_key(const std::string& pem) {
  return Key(::PEM_read_bio_PrivateKey(bio_of(pem).get(), nullptr, refuse_pass_phrase, nullptr));
}

// What OpenSSL says of its last failure, as it follows the file's name.
std::string refused(const std::string& what) {
  const char* reason = ::ERR_reason_error_string(::ERR_peek_last_error());
  return "holds " + what + " that TLS refuses: " + (reason == nullptr ? "unknown" : reason);
}

TlsProblem problem(const std::string& key, const std::string& path, const std::string& reason) {
  ::ERR_clear_error();
  return {"key 'control.tls." + key + "': " + path + " " + reason};
}

std::optional<TlsProblem> read(const char* key, const std::string& path, std::string& into) {
  auto text = files::read_bounded(path, kPemBytesMax);
  if (const auto* failed = std::get_if<files::FileProblem>(&text)) {
    return problem(key, path, failed->reason);
  }
  into = std::get<std::string>(std::move(text));
  return std::nullopt;
}

// gRPC says of what it cannot use only that it cannot listen, and that at the start alone: of
// certificates that are read later it says nothing to us, and ends every handshake. So the same
// library is asked first, which refuses keys and signatures that are too weak at its security
// level, for those of the chain too.
class Trial {
 public:
  explicit Trial(const TlsFiles& paths) : paths_(paths), context_(::SSL_CTX_new(::TLS_method())) {}

  [[nodiscard]] std::optional<TlsProblem> chain(const Certificates& chain) {
    if (::SSL_CTX_use_certificate(context_.get(), chain.front().get()) != 1) {
      return problem("cert_file", paths_.cert_file, refused("a certificate"));
    }
    for (std::size_t i = 1; i < chain.size(); ++i) {
      if (::SSL_CTX_add1_chain_cert(context_.get(), chain[i].get()) == 1) continue;
      return problem("cert_file", paths_.cert_file,
                     refused("a certificate, number " + std::to_string(i + 1) + ","));
    }
    return std::nullopt;
  }

  [[nodiscard]] std::optional<TlsProblem> key(const X509* certificate, EVP_PKEY* key) {
    if (::X509_check_private_key(certificate, key) != 1) {
      return problem("key_file", paths_.key_file,
                     "is not the key of the first certificate in " + paths_.cert_file);
    }
    if (::SSL_CTX_use_PrivateKey(context_.get(), key) == 1) return std::nullopt;
    return problem("key_file", paths_.key_file, refused("a key"));
  }

  [[nodiscard]] std::optional<TlsProblem> authorities(const Certificates& authorities) {
    X509_STORE* const store = ::SSL_CTX_get_cert_store(context_.get());
    for (const Certificate& authority : authorities) {
      if (::X509_STORE_add_cert(store, authority.get()) == 1) continue;
      return problem("client_ca_file", paths_.client_ca_file, refused("a certificate"));
    }
    return std::nullopt;
  }

 private:
  const TlsFiles& paths_;
  const Context context_;
};

// Reads a file of certificates into `text`, and takes it apart into `certificates`.
std::optional<TlsProblem> read_certificates(const char* key, const std::string& path,
                                            std::string& text, Certificates& certificates) {
  if (auto failed = read(key, path, text)) return failed;
  auto found = read_certificates(text);
  if (const auto* reason = std::get_if<std::string>(&found)) return problem(key, path, *reason);
  certificates = std::get<Certificates>(std::move(found));
  return std::nullopt;
}

}  // namespace

LoadedTls load_tls(const TlsFiles& paths) {
  TlsMaterial material;
  Certificates chain;
  Trial trial(paths);
  if (auto failed = read_certificates("cert_file", paths.cert_file, material.certificates, chain)) {
    return *failed;
  }
  if (auto failed = trial.chain(chain)) return *failed;
  material.expires = dataplane::expires_at(*chain.front());

  if (auto failed = read("key_file", paths.key_file, material.key)) return *failed;
  const Key key = read_key(material.key);
  if (!key) {
    return problem("key_file", paths.key_file, "holds no private key (PEM) without pass phrase");
  }
  if (auto failed = trial.key(chain.front().get(), key.get())) return *failed;

  if (!paths.client_ca_file.empty()) {
    Certificates authorities;
    if (auto failed = read_certificates("client_ca_file", paths.client_ca_file,
                                        material.client_authorities, authorities)) {
      return *failed;
    }
    if (auto failed = trial.authorities(authorities)) return *failed;
  }
  ::ERR_clear_error();  // a queue that gRPC on the same thread may read
  return std::make_shared<const TlsMaterial>(std::move(material));
}

}  // namespace crier::services::control
