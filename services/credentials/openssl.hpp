#pragma once

#include <openssl/bio.h>

#include <memory>
#include <string_view>

// OpenSSL's objects with an owner.
namespace crier::services::credentials {

template <auto Function>
struct Release {
  template <class T>
  void operator()(T* object) const {
    Function(object);
  }
};
template <class T, auto Function>
using Owned = std::unique_ptr<T, Release<Function>>;

using Bio = Owned<BIO, &::BIO_free_all>;

// Reads `text`, which must outlive it.
[[nodiscard]] inline Bio bio_of(std::string_view text) {
  return Bio(::BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

}  // namespace crier::services::credentials
