#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "services/control/access/roles.hpp"
#include "services/control/rpc_stats.hpp"
#include "services/control/status.hpp"

namespace crier::services::control {

// What a caller shows. Refers to the call's headers and certificate.
struct Shown {
  std::size_t authorizations = 0;  // how many `authorization` headers came
  std::string_view authorization;  // the last of them
  std::string_view subject;        // of the verified certificate, RFC 2253; empty: there is none
};

// What the gate says of one call.
struct [[nodiscard]] Admission {
  Status status;       // OK: the call may go on
  std::string caller;  // the NAME or SUBJECT of who calls; empty: unknown
};

// Decides who may call what, for every call, before its first message is read: of who is not let in
// nothing is read but the headers. A token counts before a certificate: where both come, the token
// must be a good one. Any thread.
class Gate final {
 public:
  // Denied calls are counted in `stats`, which must outlive this. Until there are roles every call
  // is let in.
  explicit Gate(RpcStats& stats) : stats_(stats) {}
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  // For calls from now on; those let in earlier go on. Null changes nothing: a gate that stands is
  // not torn down by a mistake.
  void set_roles(std::shared_ptr<const Roles> roles);
  [[nodiscard]] bool guarded() const { return roles() != nullptr; }

  Admission admit(Method method, const Shown& shown);

 private:
  [[nodiscard]] std::shared_ptr<const Roles> roles() const;
  Status unauthenticated(Method method, std::string_view why);

  RpcStats& stats_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Roles> roles_;  // guarded by mutex_
};

}  // namespace crier::services::control
