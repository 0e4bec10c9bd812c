#include <fstream>
#include <sstream>

#include "tests/services/config/support.hpp"

namespace crier::services::config {
namespace {

TEST(Documentation, CommittedPageIsThatOfTheSchema) {
  std::ifstream file(CRIER_SOURCE_DIR "/docs/configuration.md");
  std::ostringstream committed;
  committed << file.rdbuf();
  EXPECT_EQ(committed.str(), documentation())
      << "the schema changed; run: build/release/bin/config_docs > docs/configuration.md";
}

TEST(Documentation, NamesKeysOfNestedGroups) {
  EXPECT_THAT(documentation(), ::testing::HasSubstr("| `queue.overflow` | one of drop_newest, "
                                                    "drop_oldest, disconnect | `drop_newest` |"));
}

}  // namespace
}  // namespace crier::services::config
