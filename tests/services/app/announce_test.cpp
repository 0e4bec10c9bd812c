#include "services/app/announce.hpp"

#include <gtest/gtest.h>

namespace crier::services::app {
namespace {

TEST(Hint, NamesCommandsThatWorkWithTheDefaults) {
  const Addresses addresses{{{"default", "0.0.0.0:8082"}}, "127.0.0.1:50051", "127.0.0.1:9464"};
  EXPECT_EQ(hint(addresses, "build/release/bin/crier"),
            "try it in other terminals: 'nc localhost 8082', then 'build/release/bin/crierctl "
            "broadcast hello', 'build/release/bin/crierctl list', 'curl localhost:9464/metrics'; "
            "Ctrl-C ends it");
}

TEST(Hint, FollowsOtherAddressesAndAProgramFoundInThePath) {
  const Addresses addresses{{{"default", "[::1]:9"}}, "10.0.0.1:7", "[::1]:8"};
  EXPECT_EQ(hint(addresses, "crier"),
            "try it in other terminals: 'nc ::1 9', then 'crierctl --address 10.0.0.1:7 broadcast "
            "hello', 'crierctl --address 10.0.0.1:7 list', 'curl [::1]:8/metrics'; Ctrl-C ends it");
}

}  // namespace
}  // namespace crier::services::app
