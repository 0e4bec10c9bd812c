#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "crier/v1/config.pb.h"
#include "dataplane/access/authenticator.hpp"
#include "services/credentials/jwt.hpp"
#include "services/credentials/problem.hpp"

namespace crier::services::credentials {

// What a listener knows its clients by. What it reads from files is nothing until reload() has been
// called; until then, and where something of our own fails, everybody is refused.
class ListenerAuthenticator final : public dataplane::Authenticator {
 public:
  // REQUIRES: `auth` passed the configuration's checks.
  ListenerAuthenticator(const v1::Config::ListenerAuth& auth, Jwt::Clock now);

  // The files that reload() reads; none with certificates, which TLS reads.
  [[nodiscard]] const std::vector<std::string>& files() const { return files_; }

  // Reads the files and puts what they hold in force for whoever comes from now on; or says, in one
  // sentence without secrets, why not, and then what was in force stays. One thread at a time,
  // while others check.
  [[nodiscard]] std::optional<std::string> reload();

  Outcome check_token(std::string_view token) override;
  Outcome check_certificate(std::string_view subject,
                            std::chrono::system_clock::time_point expires) override;

 private:
  using Check = std::function<Outcome(std::string_view)>;

  [[nodiscard]] std::variant<Check, Problem> read() const;
  [[nodiscard]] std::variant<Check, Problem> read_tokens() const;
  [[nodiscard]] std::variant<Check, Problem> read_keys() const;
  [[nodiscard]] std::shared_ptr<const Check> current() const;

  const v1::Config::ListenerAuth auth_;
  const Jwt::Clock now_;
  const std::vector<std::string> files_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Check> check_;  // guarded by mutex_; what it points to never changes
};

// For one listener; null where it asks for nothing.
[[nodiscard]] std::shared_ptr<ListenerAuthenticator> make_authenticator(
    const v1::Config::ListenerAuth& auth, Jwt::Clock now = &std::chrono::system_clock::now);

}  // namespace crier::services::credentials
