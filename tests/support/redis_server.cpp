#include "tests/support/redis_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "tests/support/deadline.hpp"

namespace crier::testing {
namespace {

// Between fork() and exec() only what is allowed after fork() in a program with threads.
pid_t spawn_program(const std::vector<std::string>& words, const std::string& output) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) throw std::runtime_error("cannot fork");
  if (pid > 0) return pid;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(126);
  const int file = ::open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  ::dup2(file, STDOUT_FILENO);
  ::dup2(file, STDERR_FILENO);
  ::execv(arguments.front(), arguments.data());
  ::_exit(127);
}

int connect_to(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
  ::close(fd);
  return -1;
}

// Whether it listens, and says anything at all to PING (with TLS: whether it listens).
bool answers(std::uint16_t port, bool tls) {
  const int fd = connect_to(port);
  if (fd < 0) return false;
  char answer = 0;
  const bool answered =
      tls || (::send(fd, "PING\r\n", 6, MSG_NOSIGNAL) == 6 && ::recv(fd, &answer, 1, 0) == 1);
  ::close(fd);
  return answered;
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "crier-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a folder");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool bound = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
                     ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(fd);
  if (!bound) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

void run_program(const std::vector<std::string>& words) {
  const pid_t pid = spawn_program(words, "/dev/null");
  int status = 0;
  ::waitpid(pid, &status, 0);
  if (status != 0) throw std::runtime_error(words.front() + " failed");
}

RedisServer::RedisServer(std::vector<std::string> arguments)
    : RedisServer(Options{.arguments = std::move(arguments),
                          .sentinel = false,
                          .configuration = {},
                          .tls = false,
                          .started = true}) {}

RedisServer::RedisServer(Options options) : options_(std::move(options)) {
  if (options_.sentinel) std::ofstream(folder_.file("sentinel.conf")) << options_.configuration;
  port_ = free_port();
  if (!options_.started) return;
  // Another program may have taken the port meanwhile.
  constexpr int kAttempts = 10;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    spawn();
    if (await_answer()) return;
    port_ = free_port();
  }
  throw std::runtime_error("redis-server does not start");
}

RedisServer::~RedisServer() {
  if (pid_ > 0) kill();
}

void RedisServer::start() {
  Deadline deadline;
  for (;;) {
    spawn();
    if (await_answer()) return;
    if (deadline.passed()) throw std::runtime_error("redis-server does not start again");
  }
}

void RedisServer::kill() {
  if (pid_ <= 0) throw std::runtime_error("redis-server does not run");
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void RedisServer::freeze() {
  ::kill(pid_, SIGSTOP);
  int status = 0;
  // Until it has stopped, and not only been told to.
  if (::waitpid(pid_, &status, WUNTRACED) != pid_ || !WIFSTOPPED(status)) {
    throw std::runtime_error("redis-server does not stop");
  }
}

void RedisServer::thaw() {
  ::kill(pid_, SIGCONT);
}

std::vector<std::string> RedisServer::command_line() const {
  std::vector<std::string> words{"/usr/bin/redis-server"};
  if (options_.sentinel) words.push_back(folder_.file("sentinel.conf"));
  const std::string port = std::to_string(port_);
  for (const char* word : {"--daemonize", "no", "--bind", "127.0.0.1", "--dir"}) {
    words.emplace_back(word);
  }
  words.push_back(folder_.path().string());
  for (const std::string& word : {std::string("--port"), options_.tls ? "0" : port}) {
    words.push_back(word);
  }
  if (options_.tls) {
    for (const std::string& word : {std::string("--tls-port"), port}) words.push_back(word);
  }
  if (options_.sentinel) {
    words.emplace_back("--sentinel");
  } else {
    for (const char* word : {"--save", ""}) words.emplace_back(word);
  }
  words.insert(words.end(), options_.arguments.begin(), options_.arguments.end());
  return words;
}

void RedisServer::spawn() {
  pid_ = spawn_program(command_line(), folder_.file("log"));
}

bool RedisServer::await_answer() {
  bool ended = false;
  const bool came = await([&] {
    ended = ::waitpid(pid_, nullptr, WNOHANG) == pid_;
    return ended || answers(port_, options_.tls);
  });
  if (ended) pid_ = -1;
  if (!came) throw std::runtime_error("redis-server does not answer");
  return !ended;
}

}  // namespace crier::testing
