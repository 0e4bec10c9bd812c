// The load: very many clients in one process, on one epoll set, that check every byte they get.
//
//   bench_clients line|nats|redis|mqtt ADDRESS,... [--group]
//
// Obeys, line by line, and answers each with one line of JSON; clients/load.hpp says what they do:
//   connect COUNT
//   disconnect KEEP
//   group
//   expect all|group FIRST COUNT PUBLISHERS BYTES SECONDS QUIET_SECONDS   (two answers)
//   details
//   stall COUNT
//   resume
//   churn RATE
// Ends with its standard input.
#include <unistd.h>

#include <array>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "bench/macro/clients/load.hpp"
#include "bench/macro/message.hpp"
#include "bench/macro/system.hpp"

namespace crier::bench {
namespace {

bool expect(const char* line, Load& load) {
  std::array<char, 8> who{};
  Expectation e;
  if (std::sscanf(line, "expect %7s %" SCNu32 " %" SCNu32 " %u %zu %lf %lf", who.data(), &e.first,
                  &e.count, &e.publishers, &e.bytes, &e.seconds, &e.quiet_seconds) != 7 ||
      e.publishers == 0 || e.publishers > kPublishersMax) {
    return false;
  }
  load.expect(e, std::string_view(who.data()) == "group");
  return true;
}

bool obey(const std::string& command, Load& load) {
  const char* line = command.c_str();
  std::size_t count = 0;
  double rate = 0;
  if (std::sscanf(line, "connect %zu", &count) == 1) {
    load.connect(count);
  } else if (std::sscanf(line, "disconnect %zu", &count) == 1) {
    load.disconnect(count);
  } else if (std::sscanf(line, "stall %zu", &count) == 1) {
    load.stall(count);
  } else if (std::sscanf(line, "churn %lf", &rate) == 1) {
    load.churn(rate);
  } else if (command == "group") {
    load.print_group();
  } else if (command == "details") {
    load.print_details();
  } else if (command == "resume") {
    load.resume();
  } else {
    return expect(line, load);
  }
  return true;
}

std::vector<std::uint16_t> ports_of(const std::string& addresses) {
  std::vector<std::uint16_t> ports;
  std::istringstream each(addresses);
  for (std::string address; std::getline(each, address, ',');) ports.push_back(port_of(address));
  return ports;
}

void serve(Load& load) {
  std::string commands;
  for (;;) {
    if (!load.step()) continue;
    std::array<char, 4096> bytes;
    const ssize_t n = read(STDIN_FILENO, bytes.data(), bytes.size());
    if (n <= 0) return;
    commands.append(bytes.data(), static_cast<std::size_t>(n));
    for (std::size_t lf = 0; (lf = commands.find('\n')) != std::string::npos;) {
      const std::string command = commands.substr(0, lf);
      commands.erase(0, lf + 1);
      if (!obey(command, load)) fail("not a command: " + command);
    }
  }
}

}  // namespace
}  // namespace crier::bench

int main(int argc, char** argv) {
  const auto protocol = crier::bench::make_protocol(argc > 1 ? argv[1] : "");
  const bool grouped = argc == 4 && std::string_view(argv[3]) == "--group";
  if (!protocol || argc < 3 || argc > 4 || (argc == 4 && !grouped)) {
    std::fprintf(stderr, "usage: bench_clients line|nats|redis|mqtt ADDRESS,... [--group]\n");
    return 2;
  }
  // Answers are read line by line, while this goes on.
  setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
  crier::bench::raise_open_files();
  crier::bench::Load load(*protocol, crier::bench::ports_of(argv[2]), grouped);
  crier::bench::serve(load);
}
