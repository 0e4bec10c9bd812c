#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/faults/fault_scene.hpp"
#include "tests/faults/seed.hpp"
#include "tests/support/fault_proxy.hpp"
#include "tests/support/open_files.hpp"
#include "tests/support/scale.hpp"

namespace crier::testing {

// One scenario of the fault matrix. Everything it decides by chance follows from fault_seed(); its
// end is the oracle's.
class FaultTest : public ::testing::Test {
 protected:
  FaultScene& start(const ListenerSetup& setup, const FaultScene::Options& options = {}) {
    scene_.emplace(setup, options);
    return *scene_;
  }

  void TearDown() override {
    if (scene_) {
      EXPECT_EQ(scene_->finish(), "");
    }
    scene_.reset();
    EXPECT_EQ(open_files(), files_before_);
  }

  [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

  std::mt19937_64 random_{fault_seed()};

 private:
  const std::size_t files_before_ = open_files();
  std::optional<FaultScene> scene_;
};

// A scenario that runs with every kind of listener.
class EverySetup : public FaultTest, public ::testing::WithParamInterface<const ListenerSetup*> {
 protected:
  FaultScene& start(const FaultScene::Options& options = {}) {
    return FaultTest::start(*GetParam(), options);
  }
};

[[nodiscard]] inline std::vector<const ListenerSetup*> every_setup() {
  std::vector<const ListenerSetup*> all;
  for (const ListenerSetup& setup : listener_setups()) all.push_back(&setup);
  return all;
}

// Those whose clients need only a socket.
[[nodiscard]] inline std::vector<const ListenerSetup*> setups_by_hand() {
  auto all = every_setup();
  std::erase_if(all, [](const ListenerSetup* setup) { return !setup->by_hand; });
  return all;
}

// Those whose clients have to go through something first.
[[nodiscard]] inline std::vector<const ListenerSetup*> guarded_setups() {
  auto all = every_setup();
  std::erase_if(all, [](const ListenerSetup* setup) { return setup->by_hand; });
  return all;
}

#define CRIER_FOR_SETUPS(suite, setups)     \
  INSTANTIATE_TEST_SUITE_P(                 \
      , suite, ::testing::ValuesIn(setups), \
      [](const ::testing::TestParamInfo<const ListenerSetup*>& i) { return i.param->name; })
#define CRIER_FOR_EVERY_SETUP(suite) CRIER_FOR_SETUPS(suite, every_setup())
#define CRIER_FOR_SETUPS_BY_HAND(suite) CRIER_FOR_SETUPS(suite, setups_by_hand())
#define CRIER_FOR_GUARDED_SETUPS(suite) CRIER_FOR_SETUPS(suite, guarded_setups())

}  // namespace crier::testing
