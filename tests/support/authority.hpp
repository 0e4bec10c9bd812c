#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace crier::testing {

// A certificate and its private key, PEM.
struct Identity {
  std::string certificate;
  std::string key;
};

// A certificate authority that exists for one test.
class Authority {
 public:
  struct Wishes {
    std::string dns;                          // a name of the subject; empty: none
    std::string ip;                           // an address of the subject; empty: none
    std::chrono::seconds begins{-3600};       // from now
    std::chrono::seconds ends{24 * 60 * 60};  // from now
  };
  // Attributes of a subject in the order of the certificate, such as {{"O", "crier"}, {"CN", "x"}}.
  using Subject = std::vector<std::pair<std::string, std::string>>;

  // Throws std::runtime_error where OpenSSL refuses, as does issue().
  explicit Authority(const std::string& name);

  // PEM, for those who are to trust it.
  [[nodiscard]] const std::string& certificate() const { return own_.certificate; }

  [[nodiscard]] Identity issue(const Subject& subject, const Wishes& wishes) const;
  [[nodiscard]] Identity issue(const Subject& subject) const { return issue(subject, Wishes{}); }

 private:
  Identity own_;
};

}  // namespace crier::testing
