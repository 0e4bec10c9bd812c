#pragma once

#include <string_view>

#include "dataplane/access/identity.hpp"
#include "services/logging/escape.hpp"

// What dataplane::Identity demands of text.
namespace crier::services::credentials {

[[nodiscard]] inline bool is_subject(std::string_view text) {
  return !text.empty() && text.size() <= dataplane::Identity::kSubjectBytesMax &&
         logging::is_printable(text);
}

[[nodiscard]] inline bool is_label_name(std::string_view text) {
  return !text.empty() && text.size() <= dataplane::Identity::kLabelBytesMax &&
         logging::is_printable(text);
}

[[nodiscard]] inline bool is_label_value(std::string_view text) {
  return text.size() <= dataplane::Identity::kLabelBytesMax && logging::is_printable(text);
}

}  // namespace crier::services::credentials
