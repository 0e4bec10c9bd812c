#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "services/config/config.hpp"

namespace crier::services::config {

// The error of a configuration that must be refused, or "" with a failure where it was accepted.
inline std::string error_of(std::string_view yaml, const std::vector<std::string>& sets = {}) {
  const Result result = parse(yaml, "crier.yaml", sets);
  if (const auto* error = std::get_if<Error>(&result)) {
    EXPECT_EQ(error->text.find('\n'), std::string::npos) << "not one line: " << error->text;
    return error->text;
  }
  ADD_FAILURE() << "accepted:\n" << yaml;
  return "";
}

// The configuration of a text that must be accepted.
inline v1::Config config_of(std::string_view yaml, const std::vector<std::string>& sets = {}) {
  const Result result = parse(yaml, "crier.yaml", sets);
  if (const auto* error = std::get_if<Error>(&result)) {
    ADD_FAILURE() << error->text;
    return {};
  }
  return std::get<v1::Config>(result);
}

}  // namespace crier::services::config
