#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "services/config/document.hpp"
#include "tests/services/config/support.hpp"

namespace crier::services::config {
namespace {

using ::testing::HasSubstr;

// The contract: keys, defaults and their spelling.
constexpr std::string_view kBuiltIn = R"(listeners:
  - name: default
    address: "0.0.0.0:8082"
    framing: line
    length_bytes: 4
    fixed_bytes: 2
    processor: echo
    max_frame_bytes: 64KiB
    queue:
      max_frames: 1024
      max_bytes: 2MiB
      overflow: drop_newest
    write_stall: 10s
    partial_frame: 30s
    idle_timeout: 0s
    max_connections: 0
    send_buffer_bytes: 0
    proxy_protocol: "off"
    proxy_trusted: ""
    handshake_timeout: 5s
    max_connections_per_address: 0
    codec: plain
    tls:
      cert_file: ""
      key_file: ""
      client_certificates: none
      client_ca_file: ""
    auth:
      method: none
      tokens_file: ""
      secret_file: ""
      keys_file: ""
      audience: ""
      issuer: ""
      label_claims: ""
      expiry_grace: 30s
    max_connections_per_identity: 0
    accept_rate: 0
    inbound:
      messages_per_second: 0
      bytes_per_second: 0
      close_after: 0s
    max_age: 0s
    ping_interval: 25s
    pong_timeout: 10s
    reconnect_spread: 10s
shards: 0
io_uring: auto
node:
  name: ""
bus:
  url: ""
  mode: pubsub
  sentinel_master: ""
  username: ""
  password: ""
  password_file: ""
  prefix: "crier"
  tls:
    ca_file: ""
    cert_file: ""
    key_file: ""
    server_name: ""
  max_backlog_bytes: 16MiB
  stream_max_entries: 100000
  probe_interval: 1s
  probe_timeout: 5s
limits:
  inflight_bytes: 64MiB
  partial_bytes: 64MiB
  linger: 2s
  queue_memory_bytes: 0
control:
  address: "127.0.0.1:50051"
  max_payload_bytes: 1MiB
  stream_window: 1024
  tls:
    cert_file: ""
    key_file: ""
    client_ca_file: ""
  roles_file: ""
  insecure: false
  max_memory_bytes: 0
  max_connections: 96
ops:
  address: "127.0.0.1:9464"
drain:
  settle: 0s
  spread: 5s
  flush: 2s
  deadline: 0s
credentials:
  reload_interval: 10s
log:
  level: info
  format: auto
)";

class ConfigFile : public ::testing::Test {
 protected:
  ConfigFile() {
    std::string pattern = (std::filesystem::temp_directory_path() / "crier_config.XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~ConfigFile() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path write(std::string_view text) {
    const auto path = folder_ / "crier.yaml";
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  static std::string load_error(const std::filesystem::path& path) {
    const Result result = load({path, {}});
    const auto* error = std::get_if<Error>(&result);
    EXPECT_NE(error, nullptr);
    return error == nullptr ? "" : error->text;
  }

  std::filesystem::path folder_;
};

TEST(Config, BuiltInIsTheContract) {
  const Result result = load({});
  ASSERT_TRUE(std::holds_alternative<v1::Config>(result));
  EXPECT_EQ(print(std::get<v1::Config>(result)), kBuiltIn);
}

TEST(Config, WhatSomeReadersOfYamlTakeForOtherThanTextIsPrintedInQuotes) {
  for (const std::string name :
       {"off", "on", "yes", "no", "y", "n", "true", "false", "null", "7"}) {
    const std::string printed = print(config_of("listeners: [{name: \"" + name + "\"}]\n"));
    EXPECT_TRUE(printed.starts_with("listeners:\n  - name: \"" + name + "\"\n")) << printed;
  }
}

TEST(Config, WithoutListenersTheBuiltInOneStays) {
  for (const char* yaml : {"", "# nothing\n", "shards: 0\n", "{}\n", "---\n"}) {
    EXPECT_EQ(print(config_of(yaml)), kBuiltIn) << yaml;
  }
}

TEST(Config, AListenerWithoutProcessorDiscards) {
  const auto config = config_of("listeners:\n  - name: feed\n");
  ASSERT_EQ(config.listeners_size(), 1);
  EXPECT_EQ(config.listeners(0).processor(), "discard");
  EXPECT_EQ(config.listeners(0).address(), "0.0.0.0:8082");
  EXPECT_EQ(config.listeners(0).queue().max_frames(), 1024);
}

TEST(Config, AGroupWhoseKeysAreCommentedOutKeepsItsDefaults) {
  EXPECT_EQ(config_of("drain:\n  # spread: 1s\nlog:\n").drain().spread(), 5'000);
}

TEST(Config, UnknownKeysAreRefusedWithASuggestion) {
  EXPECT_EQ(error_of("shards: 1\nlisteners:\n  - name: a\n    procesor: echo\n"),
            "crier.yaml:4: key 'listeners[0].procesor': is unknown; did you mean 'processor'?");
  EXPECT_EQ(error_of("drain:\n  spred: 1s\n"),
            "crier.yaml:2: key 'drain.spred': is unknown; did you mean 'spread'?");
  EXPECT_EQ(error_of("\nwhatever: 1\n"), "crier.yaml:2: key 'whatever': is unknown");
  EXPECT_EQ(error_of("<<: {shards: 1}\n"), "crier.yaml:1: key '<<': is unknown");
}

TEST(Config, DuplicateKeysAreRefusedAtTheSecondOne) {
  EXPECT_EQ(error_of("shards: 1\nlog: {level: info}\nshards: 1\n"),
            "crier.yaml:3: key 'shards': is given twice");
  EXPECT_EQ(error_of("listeners:\n  - queue:\n      max_frames: 1\n      max_frames: 2\n"),
            "crier.yaml:4: key 'listeners[0].queue.max_frames': is given twice");
}

TEST(Config, WrongTypesAreRefused) {
  const char* const cases[][2] = {
      {"shards: many\n", "'many' is not a whole number"},
      {"shards: \"4\"\n", "is text; write the number without quotes"},
      {"shards: [1]\n", "must be a whole number, not a list"},
      {"shards: {a: 1}\n", "must be a whole number, not a group of keys"},
      {"shards:\n", "has no value"},
      {"shards: ~\n", "has no value"},
      {"shards: 1.0\n", "is not a whole number"},
      {"shards: 0x4\n", "is not a whole number"},
      {"control: {insecure: yes}\n", "key 'control.insecure': 'yes' is neither true nor false"},
      {"control: {insecure: 1}\n", "'1' is neither true nor false"},
      {"control: {insecure: True}\n", "'True' is neither true nor false"},
      {"control: {insecure: \"\"}\n", "'' is neither true nor false"},
      {"control: {insecure: \"true\"}\n", "'true' is text; write it without quotes"},
      {"control: {insecure: [true]}\n", "must be true or false, not a list"},
      {"control: {insecure:}\n", "has no value"},
      {"drain: 5s\n", "must be a group of keys, not a single value"},
      {"drain: [spread]\n", "must be a group of keys, not a list"},
      {"drain: {spread: 5}\n", "'5' has no unit; write 5s or 5ms"},
      {"drain: {spread: 1.5s}\n", "is not a duration"},
      {"control: {max_payload_bytes: 1MB}\n", "did you mean 1MiB?"},
      {"log: {level: loud}\n", "'loud' is not one of trace, debug, info, warn, error"},
      {"log: {level: INFO}\n", "is not one of"},
      {"log: {level: wran}\n", "did you mean 'warn'?"},
      {"log: {level: unspecified}\n", "is not one of"},
      {"ops: {address: \"localhost:9464\"}\n", "is not an address"},
      {"ops: {address: 9464}\n", "is not an address"},
      {"ops: {address: \"127.0.0.1:70000\"}\n", "is not an address"},
      {"ops: {address: \"::1:9464\"}\n", "is not an address"},
      {"listeners: {name: a}\n", "must be a list, not a group of keys"},
      {"listeners:\n", "must be a list, not nothing"},
      {"listeners: []\n", "is empty; give an element or leave the key out"},
      {"listeners: [a]\n", "key 'listeners[0]': must be a group of keys, not a single value"},
      {"listeners: [{name: \"a b\"}]\n", "'a b' is not a name"},
      {"listeners: [{name: \"\"}]\n", "'' is not a name"},
      {"node: {name: \"a b\"}\n", "key 'node.name': must be printable ASCII without spaces"},
      {"node: {name: \"a\\nb\"}\n", "must be printable ASCII without spaces"},
      {"node: {name: \"\xc3\xa9\"}\n", "must be printable ASCII without spaces"},
      {"node: {name: [a]}\n", "must be text, not a list"},
      {"- shards: 1\n", "the file must be keys, not a list"},
      {"shards\n", "the file must be keys, not a single value"},
  };
  for (const auto& [yaml, reason] : cases) {
    EXPECT_THAT(error_of(yaml), HasSubstr(reason)) << yaml;
  }
}

TEST(Config, ValuesOutOfRangeAreRefused) {
  const char* const cases[][2] = {
      {"shards: 257\n", "257 is above the maximum of 256"},
      {"shards: -1\n", "'-1' is not a whole number"},
      {"shards: 99999999999999999999\n", "is too large"},
      {"control: {max_payload_bytes: 0}\n", "0 is below the minimum of 1"},
      {"control: {max_payload_bytes: 1GiB}\n", "1GiB is above the maximum of 256MiB"},
      {"control: {stream_window: 0}\n", "0 is below the minimum of 1"},
      {"listeners: [{write_stall: 0s}]\n", "0s is below the minimum of 1ms"},
      {"listeners: [{idle_timeout: 25h}]\n", "25h is above the maximum of 24h"},
      {"listeners: [{framing: length, length_bytes: 3}]\n", "3 is not one of 1, 2, 4"},
      {"listeners: [{queue: {max_frames: 1000001}}]\n", "is above the maximum of 1000000"},
      {"bus: {prefix: \"\"}\n", "has 0 characters, below the minimum of 1"},
  };
  for (const auto& [yaml, reason] : cases) {
    EXPECT_THAT(error_of(yaml), HasSubstr(reason)) << yaml;
  }
  std::string many = "listeners:\n";
  for (int i = 0; i < 65; ++i) {
    many += "  - name: l" + std::to_string(i) + "\n    address: \"127.0.0.1:0\"\n";
  }
  EXPECT_THAT(error_of(many), HasSubstr("key 'listeners': has more than 64 elements"));
}

TEST(Config, TextHasAsManyCharactersAsItMay) {
  EXPECT_EQ(config_of("node: {name: " + std::string(64, 'n') + "}\n").node().name(),
            std::string(64, 'n'));
  EXPECT_EQ(error_of("node: {name: " + std::string(65, 'n') + "}\n"),
            "crier.yaml:1: key 'node.name': has 65 characters, above the maximum of 64");
  EXPECT_EQ(config_of("bus: {prefix: 7}\n").bus().prefix(), "7");
}

TEST(Config, HostileTextStaysOnePrintableLine) {
  const std::string error = error_of("\"a\\nb\\e[31m\": 1\n");
  EXPECT_THAT(error, HasSubstr("a\\nb\\u001b[31m"));
  EXPECT_THAT(error_of("\"\\\x1b"), HasSubstr("\\u001b"));  // the parser's own words quote the file
  EXPECT_LT(error_of(std::string(100'000, 'k') + ": 1\n").size(), 300U);
  EXPECT_LT(error_of("log: {level: " + std::string(100'000, 'v') + "}\n").size(), 300U);
}

TEST_F(ConfigFile, IsReadWithItsPathInErrors) {
  const auto path = write("shards: 2\n");
  const Result result = load({path, {"log.level=debug"}});
  ASSERT_TRUE(std::holds_alternative<v1::Config>(result));
  EXPECT_EQ(std::get<v1::Config>(result).shards(), 2);
  EXPECT_EQ(std::get<v1::Config>(result).log().level(), v1::Config::LOG_LEVEL_DEBUG);
  EXPECT_EQ(load_error(write("shards: x\n")),
            path.string() + ":1: key 'shards': 'x' is not a whole number; write decimal digits");
}

TEST_F(ConfigFile, UnreadableOnesAreRefused) {
  const auto missing = folder_ / "missing.yaml";
  EXPECT_EQ(load_error(missing), missing.string() + ": cannot be read: No such file or directory");
  EXPECT_EQ(load_error(folder_), folder_.string() + ": cannot be read: it is not a regular file");
}

TEST_F(ConfigFile, EndlessAndHugeOnesAreRefused) {
  EXPECT_EQ(load_error("/dev/zero"), "/dev/zero: cannot be read: it is not a regular file");
  EXPECT_THAT(load_error(write(std::string(kDocumentBytesMax + 1, '#'))),
              HasSubstr("is larger than 1048576 bytes"));
}

}  // namespace
}  // namespace crier::services::config
