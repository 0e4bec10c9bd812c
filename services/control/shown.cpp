#include "services/control/shown.hpp"

#include <grpc/grpc_security_constants.h>
#include <grpcpp/security/auth_context.h>

namespace crier::services::control {
namespace {

// gRPC writes it by OpenSSL's RFC 2253 form, which escapes all but printable ASCII.
std::string subject_of(const grpc::ServerContextBase& context) {
  const auto auth = context.auth_context();
  if (auth == nullptr || !auth->IsPeerAuthenticated()) return {};
  const auto found = auth->FindPropertyValues(GRPC_X509_SUBJECT_PROPERTY_NAME);
  return found.size() == 1 ? std::string(found[0].data(), found[0].size()) : std::string();
}

}  // namespace

ShownOf::ShownOf(const grpc::ServerContextBase& context) : subject_(subject_of(context)) {
  shown_.subject = subject_;
  const auto [begin, end] = context.client_metadata().equal_range("authorization");
  for (auto it = begin; it != end; ++it) {
    ++shown_.authorizations;
    shown_.authorization = {it->second.data(), it->second.size()};
  }
}

}  // namespace crier::services::control
