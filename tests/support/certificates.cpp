#include "tests/support/certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include <atomic>
#include <cstdio>
#include <memory>
#include <stdexcept>

namespace crier::testing {
namespace {

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freer<&::EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freer<&::X509_free>>;
using File = std::unique_ptr<std::FILE, Freer<&std::fclose>>;

void check(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("cannot make a certificate: ") + what);
}

Key make_key() {
  Key key(::EVP_EC_gen("P-256"));
  check(key != nullptr, "key");
  return key;
}

void set_name(X509* certificate, const std::string& name) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(name.c_str());
  check(::X509_NAME_add_entry_by_txt(::X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                                     bytes, -1, -1, 0) == 1,
        "name");
}

void add_extension(X509* certificate, int nid, const std::string& value) {
  X509_EXTENSION* extension = ::X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
  check(extension != nullptr && ::X509_add_ext(certificate, extension, -1) == 1, value.c_str());
  ::X509_EXTENSION_free(extension);
}

Certificate make_certificate(const std::string& name, EVP_PKEY* key,
                             std::chrono::seconds valid_for) {
  static std::atomic<long> serial{1};
  Certificate certificate(::X509_new());
  ::X509_set_version(certificate.get(), 2);
  ::ASN1_INTEGER_set(::X509_get_serialNumber(certificate.get()), serial++);
  ::X509_gmtime_adj(::X509_getm_notBefore(certificate.get()), -86'400);
  ::X509_gmtime_adj(::X509_getm_notAfter(certificate.get()), valid_for.count());
  ::X509_set_pubkey(certificate.get(), key);
  set_name(certificate.get(), name);
  return certificate;
}

void write(const std::string& path, X509* certificate) {
  const File file(std::fopen(path.c_str(), "w"));
  check(file && ::PEM_write_X509(file.get(), certificate) == 1, path.c_str());
}

void write(const std::string& path, EVP_PKEY* key) {
  const File file(std::fopen(path.c_str(), "w"));
  check(file && ::PEM_write_PrivateKey(file.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
        path.c_str());
}

}  // namespace

struct Certificates::Authority {
  Authority()
      : key(make_key()),
        certificate(make_certificate("test CA", key.get(), std::chrono::hours(24))) {
    ::X509_set_issuer_name(certificate.get(), ::X509_get_subject_name(certificate.get()));
    add_extension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
    sign(certificate.get());
  }
  void sign(X509* signee) const {
    check(::X509_sign(signee, key.get(), ::EVP_sha256()) > 0, "sign");
  }

  Key key;
  Certificate certificate;
};

Certificates::Certificates()
    : authority_(std::make_unique<Authority>()), stranger_(std::make_unique<Authority>()) {
  std::string folder = std::filesystem::temp_directory_path() / "crier-certificates-XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = folder;
  write(ca_file(), authority_->certificate.get());
}

Certificates::~Certificates() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

Certificates::Pair Certificates::make(const Wanted& wanted) const {
  const Authority& authority = wanted.by_stranger ? *stranger_ : *authority_;
  const Key key = make_key();
  const Certificate certificate = make_certificate(wanted.name, key.get(), wanted.valid_for);
  ::X509_set_issuer_name(certificate.get(), ::X509_get_subject_name(authority.certificate.get()));
  add_extension(certificate.get(), NID_subject_alt_name, "DNS:" + wanted.name);
  authority.sign(certificate.get());
  const Pair pair{path(wanted.name + ".crt"), path(wanted.name + ".key")};
  write(pair.cert_file, certificate.get());
  write(pair.key_file, key.get());
  return pair;
}

std::string Certificates::lock(const std::string& key_file, const std::string& phrase) const {
  const File in(std::fopen(key_file.c_str(), "r"));
  const Key key(in ? ::PEM_read_PrivateKey(in.get(), nullptr, nullptr, nullptr) : nullptr);
  std::string locked = key_file + ".locked";
  const File out(std::fopen(locked.c_str(), "w"));
  const auto* bytes = reinterpret_cast<const unsigned char*>(phrase.data());
  check(key && out &&
            ::PEM_write_PrivateKey(out.get(), key.get(), ::EVP_aes_128_cbc(), bytes,
                                   static_cast<int>(phrase.size()), nullptr, nullptr) == 1,
        locked.c_str());
  return locked;
}

}  // namespace crier::testing
