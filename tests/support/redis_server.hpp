#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace crier::testing {

// A folder of its own under the system's temporary one, gone with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();

  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// A real redis-server on a free loopback port, in a folder of its own, that ends with the test.
// Every call waits for what it promises and throws std::runtime_error where it does not come.
class RedisServer {
 public:
  struct Options {
    std::vector<std::string> arguments;  // further ones of redis-server
    bool sentinel = false;               // its configuration file holds `configuration`
    std::string configuration;
    bool tls = false;  // its port speaks TLS; `arguments` name the certificates
    bool started = true;
  };

  explicit RedisServer(Options options);
  explicit RedisServer(std::vector<std::string> arguments = {});
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;
  ~RedisServer();

  // On the same port and in the same folder as before, until it answers.
  void start();
  void kill();  // SIGKILL, until it is gone
  // SIGSTOP and SIGCONT: it holds its connections and does nothing.
  void freeze();
  void thaw();

  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  [[nodiscard]] std::vector<std::string> command_line() const;
  void spawn();
  // False: it has ended instead.
  [[nodiscard]] bool await_answer();

  Options options_;
  TemporaryFolder folder_;
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
};

// A loopback port that nobody listened on a moment ago.
[[nodiscard]] std::uint16_t free_port();

// Runs a program to its end; throws where it fails.
void run_program(const std::vector<std::string>& words);

}  // namespace crier::testing
