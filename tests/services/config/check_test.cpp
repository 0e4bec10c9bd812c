#include "tests/services/config/support.hpp"

namespace crier::services::config {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Check, ListenerNamesAreUnique) {
  EXPECT_EQ(error_of("listeners:\n  - address: \"127.0.0.1:1\"\n  - address: \"127.0.0.1:2\"\n"
                     "    name: default\n"),
            "crier.yaml:4: key 'listeners[1].name': the name 'default' is that of "
            "'listeners[0].name' too");
}

TEST(Check, AddressesAreUniqueUnlessThePortIsFree) {
  EXPECT_EQ(error_of("control: {address: \"127.0.0.1:7000\"}\n\nops:\n  address: 127.0.0.1:7000\n"),
            "crier.yaml:4: key 'ops.address': the address '127.0.0.1:7000' is that of "
            "'control.address' too");
  EXPECT_THAT(error_of("listeners:\n  - name: a\n  - name: b\n"),
              HasSubstr("key 'listeners[1].address': the address '0.0.0.0:8082'"));
  EXPECT_EQ(config_of("", {"control.address=127.0.0.1:0", "ops.address=127.0.0.1:0"}).shards(), 0);
}

TEST(Check, ADrainDeadlineHoldsItsParts) {
  EXPECT_EQ(error_of("drain:\n  spread: 30s\n  deadline: 10s\n"),
            "crier.yaml:3: key 'drain.deadline': 10s is shorter than settle + spread + flush, "
            "which is 32s");
  EXPECT_EQ(config_of("drain: {deadline: 7s}\n").drain().deadline(), 7'000);
}

TEST(Check, AQueueHoldsAPayload) {
  const std::string error = error_of(
      "control:\n  max_payload_bytes: 2MiB\nlisteners:\n  - queue:\n      max_bytes: 2MiB\n");
  EXPECT_THAT(error, StartsWith("crier.yaml:5: key 'listeners[0].queue.max_bytes': "));
}

TEST(Check, TheNodeHoldsAPayload) {
  EXPECT_EQ(error_of("control:\n  max_payload_bytes: 2KiB\nlimits: {inflight_bytes: 1KiB}\n"),
            "crier.yaml:2: key 'control.max_payload_bytes': 2KiB is more than "
            "'limits.inflight_bytes', which is 1KiB");
}

TEST(Check, AFaultInADefaultNamesTheClosestKeyThatWasGiven) {
  const std::string error =
      error_of("control: {max_payload_bytes: 8MiB}\n\nlisteners:\n  - name: a\n");
  EXPECT_THAT(error, StartsWith("crier.yaml:4: key 'listeners[0].queue.max_bytes': "));
  EXPECT_THAT(error_of("", {"control.max_payload_bytes=8MiB"}),
              StartsWith("crier.yaml: key 'listeners[0].queue.max_bytes': "));
}

TEST(Check, AFaultFromSetNamesIt) {
  EXPECT_THAT(error_of("", {"listeners[0].queue.max_bytes=1KiB"}),
              StartsWith("--set listeners[0].queue.max_bytes: "));
  EXPECT_THAT(error_of("", {"listeners[0].processor=shout"}),
              StartsWith("--set listeners[0].processor: "));
}

TEST(Check, UnknownProcessorsAreRefusedWithTheirLine) {
  const std::string error = error_of("listeners:\n  - name: a\n    processor: shout\n");
  EXPECT_THAT(error, StartsWith("crier.yaml:3: key 'listeners[0].processor': "));
  for (const char* known : {"discard", "echo", "relay", "double"}) {
    EXPECT_THAT(error, HasSubstr(known));
    const std::string framing = known == std::string_view("double") ? "fixed" : "line";
    EXPECT_EQ(config_of("", {"listeners[0].processor=" + std::string(known),
                             "listeners[0].framing=" + framing})
                  .listeners(0)
                  .processor(),
              known);
  }
}

}  // namespace
}  // namespace crier::services::config
