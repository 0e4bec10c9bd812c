// The publisher, open loop: each message is stamped with the moment when it was due, and a late
// one is sent at once.
//
//   bench_publish crier|floor ADDRESS
//
// Obeys, line by line, and answers each with one line of JSON:
//   await CLIENTS                   returns once the server would reach exactly so many clients
//   publish FIRST COUNT RATE BYTES  COUNT messages of BYTES, RATE a second; 0: as fast as possible
// Ends with its standard input.
#include <sys/prctl.h>

#include <algorithm>
#include <chrono>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>

#include "bench/macro/message.hpp"
#include "bench/macro/sink.hpp"
#include "bench/macro/system.hpp"

namespace crier::bench {
namespace {

constexpr std::uint64_t kAwaitNs = 60'000'000'000U;
constexpr std::uint64_t kAwaitStepNs = 2'000'000U;

void await_clients(Sink& sink, std::uint64_t wanted) {
  const std::uint64_t deadline = now_ns() + kAwaitNs;
  std::uint64_t found = 0;
  while ((found = sink.clients()) != wanted && now_ns() < deadline) {
    wait_until_ns(now_ns() + kAwaitStepNs);
  }
  std::printf("{\"clients\": %" PRIu64 "}\n", found);
}

struct Run {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  double rate = 0;
  std::size_t bytes = 0;
};

void publish(Sink& sink, const Run& run) {
  std::string payload(std::clamp(run.bytes, kMessageBytesMin, kMessageBytesMax), ' ');
  sink.begin();
  const std::uint64_t start = now_ns();
  std::uint64_t late_ns = 0;
  for (std::uint64_t i = 0; i < run.count; ++i) {
    std::uint64_t due = now_ns();
    if (run.rate > 0) {
      due = start + static_cast<std::uint64_t>(static_cast<double>(i) / run.rate * 1e9);
      wait_until_ns(due);
      late_ns = std::max(late_ns, now_ns() - due);
    }
    write_message({run.first + i, due}, payload);
    sink.publish(payload, run.rate == 0 && i + 1 < run.count);
  }
  const std::uint64_t end = now_ns();
  const Sink::Answers answers = sink.finish();
  std::printf("{\"published\": %" PRIu64
              ", \"seconds\": %.6f, \"late_max_us\": %.1f, "
              "\"answers\": %" PRIu64 ", \"matched\": %" PRIu64 ", \"queued\": %" PRIu64
              ", \"dropped\": %" PRIu64 "}\n",
              run.count, static_cast<double>(end - start) / 1e9, static_cast<double>(late_ns) / 1e3,
              answers.answers, answers.matched, answers.queued, answers.dropped);
}

int serve(Sink& sink) {
  // Else the kernel lets every wait be 50 us late.
  prctl(PR_SET_TIMERSLACK, 1);
  for (std::string line; std::getline(std::cin, line);) {
    Run run;
    std::uint64_t clients = 0;
    if (std::sscanf(line.c_str(), "await %" SCNu64, &clients) == 1) {
      await_clients(sink, clients);
    } else if (std::sscanf(line.c_str(), "publish %" SCNu64 " %" SCNu64 " %lf %zu", &run.first,
                           &run.count, &run.rate, &run.bytes) == 4) {
      publish(sink, run);
    } else {
      std::fprintf(stderr, "not a command: %s\n", line.c_str());
      return 2;
    }
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace
}  // namespace crier::bench

int main(int argc, char** argv) {
  const std::string kind = argc == 3 ? argv[1] : "";
  if (kind == "crier") return crier::bench::serve(*crier::bench::connect_crier(argv[2]));
  if (kind == "floor") return crier::bench::serve(*crier::bench::connect_floor(argv[2]));
  std::fprintf(stderr, "usage: bench_publish crier|floor ADDRESS\n");
  return 2;
}
