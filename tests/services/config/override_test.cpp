#include "tests/services/config/support.hpp"

namespace crier::services::config {
namespace {

using ::testing::HasSubstr;

TEST(Set, OverridesTheFileAndTheBuiltInConfiguration) {
  const auto config = config_of("drain: {spread: 1s}\n",
                                {"drain.spread=0s", "shards=3", "listeners[0].processor=relay",
                                 "listeners[0].queue.overflow=disconnect"});
  EXPECT_EQ(config.drain().spread(), 0);
  EXPECT_EQ(config.shards(), 3);
  ASSERT_EQ(config.listeners_size(), 1);
  EXPECT_EQ(config.listeners(0).processor(), "relay");
  EXPECT_EQ(config.listeners(0).queue().overflow(), v1::Config::OVERFLOW_DISCONNECT);
}

TEST(Set, TheLastOneOfAKeyCounts) {
  EXPECT_EQ(config_of("", {"shards=1", "shards=2"}).shards(), 2);
}

TEST(Set, AddsAListenerOnePastTheEnd) {
  const auto config =
      config_of("", {"listeners[1].name=second", "listeners[1].address=127.0.0.1:9000"});
  ASSERT_EQ(config.listeners_size(), 2);
  EXPECT_EQ(config.listeners(0).processor(), "echo");
  EXPECT_EQ(config.listeners(1).processor(), "discard");
  EXPECT_THAT(error_of("", {"listeners[2].name=x"}),
              HasSubstr("there is no element 2; the next one to add is 1"));
}

TEST(Set, TakesEverythingBehindTheFirstEqualsSign) {
  EXPECT_EQ(error_of("", {"listeners[0].name=a=b"}),
            "--set listeners[0].name: 'a=b' is not a name; write 1 to 64 letters, digits, '_', "
            "'-' or '.'");
}

TEST(Set, FaultsNameTheArgument) {
  const char* const cases[][2] = {
      {"shards", "--set shards: must be KEY=VALUE, such as log.level=debug"},
      {"=1", "--set =1: must be KEY=VALUE"},
      {"shards=", "--set shards: '' is not a whole number"},
      {"shard=1", "--set shard: 'shard' is unknown; did you mean 'shards'?"},
      {"drain.spred=1s", "--set drain.spred: 'spred' is unknown; did you mean 'spread'?"},
      {"drain.spread=5", "--set drain.spread: '5' has no unit; write 5s or 5ms"},
      {"drain=1s", "--set drain: is a group of keys; set one of them, such as drain.settle"},
      {"listeners=x", "is a list; set one key of one element, such as listeners[0].name"},
      {"listeners[0]=x", "is a list; set one key of one element"},
      {"listeners.name=x", "'listeners' is a list; write listeners[0]"},
      {"listeners[x].name=x", "the key is malformed"},
      {"listeners[-1].name=x", "the key is malformed"},
      {"listeners[0.name=x", "the key is malformed"},
      {"listeners[99999999999999999999].name=x", "the key is malformed"},
      {"listeners[0]x.name=x", "the key is malformed"},
      {"shards[0]=1", "'shards' is not a list"},
      {"drain[0].spread=1s", "'drain' is not a list"},
      {"shards.x=1", "'shards' is a value and has no keys of its own"},
      {".=1", "'' is unknown"},
      {"drain.=1", "'' is unknown"},
      {"log.level=loud", "--set log.level: 'loud' is not one of"},
  };
  for (const auto& [argument, reason] : cases) {
    EXPECT_THAT(error_of("", {argument}), HasSubstr(reason)) << argument;
  }
}

TEST(Set, AddsNoMoreListenersThanAFileMayHave) {
  std::vector<std::string> sets;
  for (int i = 1; i < 65; ++i) {
    const std::string element = "listeners[" + std::to_string(i) + "].";
    sets.push_back(element + "name=l" + std::to_string(i));
    sets.push_back(element + "address=127.0.0.1:0");
  }
  EXPECT_THAT(error_of("", sets), HasSubstr("'listeners' would have more than 64 elements"));
  sets.resize(sets.size() - 2);
  EXPECT_EQ(config_of("", sets).listeners_size(), 64);
}

}  // namespace
}  // namespace crier::services::config
