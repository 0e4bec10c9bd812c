#include <filesystem>

#include "tests/services/config/support.hpp"

namespace crier::services::config {
namespace {

const std::filesystem::path kExamples = CRIER_SOURCE_DIR "/examples";

v1::Config load_example(const std::filesystem::path& path) {
  const Result result = load({path, {}});
  if (const auto* error = std::get_if<Error>(&result)) {
    ADD_FAILURE() << error->text;
    return {};
  }
  return std::get<v1::Config>(result);
}

TEST(Examples, AllOfThemLoad) {
  int found = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kExamples)) {
    if (entry.path().extension() == ".yaml") {
      ++found;
      EXPECT_GT(load_example(entry.path()).listeners_size(), 0) << entry.path();
    }
  }
  EXPECT_GE(found, 4);
}

TEST(Examples, EchoDoubleIsTheServerOfTheArticle) {
  const auto config = load_example(kExamples / "echo-double.yaml");
  ASSERT_EQ(config.listeners_size(), 1);
  const auto& listener = config.listeners(0);
  EXPECT_EQ(listener.address(), "0.0.0.0:8082");
  EXPECT_EQ(listener.framing(), v1::Config::FRAMING_FIXED);
  EXPECT_EQ(listener.fixed_bytes(), 2);
  EXPECT_EQ(listener.processor(), "double");
}

}  // namespace
}  // namespace crier::services::config
