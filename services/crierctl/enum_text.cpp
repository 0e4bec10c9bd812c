#include "services/crierctl/enum_text.hpp"

#include <cctype>
#include <string_view>

namespace crier::services::crierctl {
namespace {

std::string without_prefix(const std::string& name, std::string_view prefix) {
  if (name.size() <= prefix.size()) return "unknown";
  std::string text = name.substr(prefix.size());
  for (char& letter : text) {
    letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  }
  return text;
}

}  // namespace

std::string text_of(v1::DropReason reason) {
  return without_prefix(v1::DropReason_Name(reason), "DROP_REASON_");
}

std::string text_of(v1::ClientState state) {
  return without_prefix(v1::ClientState_Name(state), "CLIENT_STATE_");
}

std::string text_of(v1::OverflowPolicy policy) {
  return without_prefix(v1::OverflowPolicy_Name(policy), "OVERFLOW_POLICY_");
}

}  // namespace crier::services::crierctl
