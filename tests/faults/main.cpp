// The tests of this folder. CRIER_FAULT_SEED=N repeats what failed with that seed; --gtest_repeat=N
// tries N seeds from there on.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "tests/faults/seed.hpp"

namespace crier::testing {
namespace {

std::uint64_t seed = 1;

class Seeds final : public ::testing::EmptyTestEventListener {
 public:
  Seeds() {
    if (const char* asked = std::getenv("CRIER_FAULT_SEED")) {
      first_ = std::strtoull(asked, nullptr, 10);
    }
    seed = first_;
  }

 private:
  void OnTestIterationStart(const ::testing::UnitTest& /*unit_test*/, int iteration) override {
    seed = first_ + static_cast<std::uint64_t>(iteration);
  }
  void OnTestEnd(const ::testing::TestInfo& test) override {
    if (!test.result()->Failed()) return;
    std::printf("again: CRIER_FAULT_SEED=%lu faults_test --gtest_filter=%s.%s\n",
                static_cast<unsigned long>(seed), test.test_suite_name(), test.name());
  }

  std::uint64_t first_ = 1;
};

}  // namespace

std::uint64_t fault_seed() {
  return seed;
}

}  // namespace crier::testing

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  ::testing::UnitTest::GetInstance()->listeners().Append(new crier::testing::Seeds);
  return RUN_ALL_TESTS();
}
