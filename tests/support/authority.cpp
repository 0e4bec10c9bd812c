#include "tests/support/authority.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <memory>
#include <stdexcept>

namespace crier::testing {
namespace {

template <auto Function>
struct Free {
  template <class T>
  void operator()(T* object) const {
    Function(object);
  }
};
using Bio = std::unique_ptr<BIO, Free<::BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Free<::X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<::EVP_PKEY_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Free<::X509_EXTENSION_free>>;

void require(bool condition) {
  if (!condition) throw std::runtime_error("OpenSSL refused");
}

template <class Write>
std::string pem(Write write) {
  const Bio bio(::BIO_new(::BIO_s_mem()));
  require(write(bio.get()) == 1);
  char* text = nullptr;
  const long bytes = ::BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(bytes)};
}

Bio reader(const std::string& text) {
  return Bio(::BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

void extend(X509& certificate, X509& issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  ::X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
  const Extension extension(::X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  require(extension != nullptr && ::X509_add_ext(&certificate, extension.get(), -1) == 1);
}

Certificate make(const Authority::Subject& subject, const Authority::Wishes& wishes,
                 EVP_PKEY& key) {
  Certificate certificate(::X509_new());
  require(::X509_set_version(certificate.get(), X509_VERSION_3) == 1);
  std::uint64_t serial = 0;
  require(::RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1);
  require(::ASN1_INTEGER_set_uint64(::X509_get_serialNumber(certificate.get()), serial >> 1U) == 1);
  ::X509_gmtime_adj(::X509_getm_notBefore(certificate.get()), wishes.begins.count());
  ::X509_gmtime_adj(::X509_getm_notAfter(certificate.get()), wishes.ends.count());
  require(::X509_set_pubkey(certificate.get(), &key) == 1);
  X509_NAME* const name = ::X509_get_subject_name(certificate.get());
  for (const auto& [attribute, value] : subject) {
    require(::X509_NAME_add_entry_by_txt(name, attribute.c_str(), MBSTRING_UTF8,
                                         reinterpret_cast<const unsigned char*>(value.c_str()), -1,
                                         -1, 0) == 1);
  }
  return certificate;
}

Identity sign(X509& certificate, EVP_PKEY& key, EVP_PKEY& by) {
  require(::X509_sign(&certificate, &by, ::EVP_sha256()) != 0);
  return {
      pem([&](BIO* bio) { return ::PEM_write_bio_X509(bio, &certificate); }),
      pem([&](BIO* bio) {
        return ::PEM_write_bio_PrivateKey(bio, &key, nullptr, nullptr, 0, nullptr, nullptr);
      }),
  };
}

}  // namespace

Authority::Authority(const std::string& name) {
  const Key key(::EVP_EC_gen("P-256"));
  const Certificate certificate = make({{"CN", name}}, {}, *key);
  require(::X509_set_issuer_name(certificate.get(), ::X509_get_subject_name(certificate.get())) ==
          1);
  extend(*certificate, *certificate, NID_basic_constraints, "critical,CA:TRUE");
  own_ = sign(*certificate, *key, *key);
}

Identity Authority::issue(const Subject& subject, const Wishes& wishes) const {
  const Certificate issuer(
      ::PEM_read_bio_X509(reader(own_.certificate).get(), nullptr, nullptr, nullptr));
  const Key issuer_key(
      ::PEM_read_bio_PrivateKey(reader(own_.key).get(), nullptr, nullptr, nullptr));
  const Key key(::EVP_EC_gen("P-256"));
  const Certificate certificate = make(subject, wishes, *key);
  require(::X509_set_issuer_name(certificate.get(), ::X509_get_subject_name(issuer.get())) == 1);
  if (!wishes.dns.empty()) {
    extend(*certificate, *issuer, NID_subject_alt_name, "DNS:" + wishes.dns);
  }
  if (!wishes.ip.empty()) extend(*certificate, *issuer, NID_subject_alt_name, "IP:" + wishes.ip);
  return sign(*certificate, *key, *issuer_key);
}

}  // namespace crier::testing
