#include "services/control/tls/material.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <optional>
#include <utility>

#include "dataplane/tls/certificate.hpp"
#include "dataplane/tls/pass_phrase.hpp"
#include "services/credentials/openssl.hpp"
#include "services/files/bounded_file.hpp"

namespace crier::services::control {
namespace {

using dataplane::refuse_pass_phrase;
using credentials::bio_of;
using Certificate = credentials::Owned<X509, ::X509_free>;
using Key = credentials::Owned<EVP_PKEY, ::EVP_PKEY_free>;

Certificate first_certificate(const std::string& pem) {
  return Certificate(::PEM_read_bio_X509(bio_of(pem).get(), nullptr, refuse_pass_phrase, nullptr));
}

Key read_key(const std::string& pem) {
  return Key(::PEM_read_bio_PrivateKey(bio_of(pem).get(), nullptr, refuse_pass_phrase, nullptr));
}

TlsProblem problem(const std::string& key, const std::string& path, const std::string& reason) {
  ::ERR_clear_error();
  return {"key 'control.tls." + key + "': " + path + " " + reason};
}

}  // namespace

LoadedTls load_tls(const TlsFiles& paths) {
  TlsMaterial material;
  const auto read = [](const char* key, const std::string& path,
                       std::string& into) -> std::optional<TlsProblem> {
    auto text = files::read_bounded(path, kPemBytesMax);
    if (const auto* failed = std::get_if<files::FileProblem>(&text)) {
      return problem(key, path, failed->reason);
    }
    into = std::get<std::string>(std::move(text));
    return std::nullopt;
  };
  if (auto failed = read("cert_file", paths.cert_file, material.certificates)) return *failed;
  const Certificate certificate = first_certificate(material.certificates);
  if (!certificate) return problem("cert_file", paths.cert_file, "holds no certificate (PEM)");
  material.expires = dataplane::expires_at(*certificate);

  if (auto failed = read("key_file", paths.key_file, material.key)) return *failed;
  const Key key = read_key(material.key);
  if (!key) {
    return problem("key_file", paths.key_file, "holds no private key (PEM) without pass phrase");
  }
  if (::X509_check_private_key(certificate.get(), key.get()) != 1) {
    return problem("key_file", paths.key_file,
                   "is not the key of the first certificate in " + paths.cert_file);
  }
  if (!paths.client_ca_file.empty()) {
    if (auto failed = read("client_ca_file", paths.client_ca_file, material.client_authorities)) {
      return *failed;
    }
    if (!first_certificate(material.client_authorities)) {
      return problem("client_ca_file", paths.client_ca_file, "holds no certificate (PEM)");
    }
  }
  return std::make_shared<const TlsMaterial>(std::move(material));
}

}  // namespace crier::services::control
