#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

namespace crier::testing {

// Certificates for tests, made when asked for, in a folder that goes with the object. All are of
// one authority; throws std::runtime_error where one cannot be made.
class Certificates {
 public:
  Certificates();
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;
  ~Certificates();

  struct Pair {
    std::string cert_file;
    std::string key_file;
  };
  struct Wanted {
    std::string name = "localhost";         // CN, and a DNS name
    std::chrono::seconds valid_for{3'600};  // negative: it has expired
    bool by_stranger = false;               // another authority of the same name
  };
  // Written to NAME.crt and NAME.key; one made before under that name is replaced.
  Pair make(const Wanted& wanted) const;
  Pair make(const std::string& name) const {
    return make(Wanted{name, std::chrono::hours(1), false});
  }
  // The same key behind a pass phrase, in another file.
  [[nodiscard]] std::string lock(const std::string& key_file, const std::string& phrase) const;
  [[nodiscard]] std::string ca_file() const { return path("ca.crt"); }
  [[nodiscard]] std::string path(const std::string& name) const { return folder_ / name; }

 private:
  struct Authority;

  std::filesystem::path folder_;
  std::unique_ptr<Authority> authority_;
  std::unique_ptr<Authority> stranger_;
};

}  // namespace crier::testing
