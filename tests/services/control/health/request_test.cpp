#include "services/control/health/request.hpp"

#include <gtest/gtest.h>

namespace crier::services::control {
namespace {

std::string request(const std::string& name) {
  return "\x0A" + std::string(1, static_cast<char>(name.size())) + name;
}

TEST(HealthRequest, NamesAServiceOrNone) {
  EXPECT_EQ(health_request(""), "");
  EXPECT_EQ(health_request(request("")), "");
  EXPECT_EQ(health_request(request("crier.v1.Control")), "crier.v1.Control");
  EXPECT_EQ(health_request(request(std::string(127, 'x'))), std::string(127, 'x'));
}

TEST(HealthRequest, IsNothingElse) {
  const std::string whole = request("crier");
  for (std::size_t size = 1; size < whole.size(); ++size) {
    EXPECT_EQ(health_request(whole.substr(0, size)), std::nullopt) << size;
  }
  EXPECT_EQ(health_request(whole + "x"), std::nullopt);
  EXPECT_EQ(health_request("\x12\x01x"), std::nullopt) << "another field";
  EXPECT_EQ(health_request(request(std::string(128, 'x'))), std::nullopt);
  EXPECT_EQ(health_request(std::string(1'000, '\x0A')), std::nullopt);
}

}  // namespace
}  // namespace crier::services::control
