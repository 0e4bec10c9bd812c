// The publishers, open loop: each message is stamped with the moment when it was due, and a late
// one is sent at once. Several take turns, each over a connection of its own.
//
//   bench_publish crier|crier-waiting|line|nats|redis|mqtt ADDRESS PUBLISHERS
//
// Obeys, line by line, and answers each with one line of JSON:
//   await CLIENTS SECONDS           returns once the server would reach exactly so many clients, or
//                                   after so long; {"clients": null} where it does not say
//   target ADDRESS...               from now on to the group, whose clients have these addresses;
//                                   without addresses to all
//   publish PUBLISHERS FIRST COUNT RATE BYTES
//                                   from each of the first PUBLISHERS, COUNT messages of BYTES,
//                                   RATE a second; 0: as fast as possible
// Ends with its standard input.
#include <sys/prctl.h>

#include <algorithm>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "bench/macro/message.hpp"
#include "bench/macro/sinks/sink.hpp"
#include "bench/macro/system.hpp"

namespace crier::bench {
namespace {

using Sinks = std::vector<std::unique_ptr<Sink>>;

constexpr std::uint64_t kAwaitStepNs = 2'000'000U;

void await_clients(Sink& sink, std::uint64_t wanted, double seconds) {
  const std::uint64_t deadline = now_ns() + static_cast<std::uint64_t>(seconds * 1e9);
  std::optional<std::uint64_t> found;
  while ((found = sink.clients()) && *found != wanted && now_ns() < deadline) {
    wait_until_ns(now_ns() + kAwaitStepNs);
  }
  std::printf("{\"clients\": %s}\n", found ? std::to_string(*found).c_str() : "null");
}

void target(const Sinks& sinks, std::istringstream& words) {
  std::vector<std::string> addresses;
  for (std::string address; words >> address;) addresses.push_back(address);
  bool able = true;
  for (const auto& sink : sinks) able = sink->target(addresses) && able;
  std::printf("{\"targeted\": %s}\n", able ? "true" : "false");
}

struct Run {
  unsigned publishers = 1;
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  double rate = 0;
  std::size_t bytes = 0;

  [[nodiscard]] bool is_valid(std::size_t sinks) const {
    return publishers >= 1 && publishers <= sinks && bytes >= kMessageBytesMin &&
           bytes <= kMessageBytesMax && first > 0 && count <= kSequenceMax - first;
  }
};

// Sends everything when it is due; returns by how much the latest was late.
std::uint64_t send_all_messages(const Sinks& sinks, const Run& run) {
  std::string payload(run.bytes, ' ');
  const std::uint64_t start = now_ns();
  const std::uint64_t total = std::uint64_t{run.count} * run.publishers;
  std::uint64_t late_ns = 0;
  for (std::uint64_t i = 0; i < total; ++i) {
    std::uint64_t due = now_ns();
    if (run.rate > 0) {
      due = start +
            static_cast<std::uint64_t>(static_cast<double>(i) * 1e9 / (run.rate * run.publishers));
      wait_until_ns(due);
      late_ns = std::max(late_ns, now_ns() - due);
    }
    const auto publisher = static_cast<unsigned>(i % run.publishers);
    const auto sequence = static_cast<std::uint32_t>(run.first + i / run.publishers);
    write_message({publisher, sequence, due}, payload);
    sinks[publisher]->publish(payload, run.rate == 0 && i + run.publishers < total);
  }
  return late_ns;
}

void publish(const Sinks& sinks, const Run& run) {
  for (unsigned i = 0; i < run.publishers; ++i) sinks[i]->begin();
  const std::uint64_t start = now_ns();
  const std::uint64_t late_ns = send_all_messages(sinks, run);
  const std::uint64_t end = now_ns();
  Sink::Answers sum;
  for (unsigned i = 0; i < run.publishers; ++i) {
    const Sink::Answers answers = sinks[i]->finish();
    sum.answers += answers.answers;
    sum.matched += answers.matched;
    sum.queued += answers.queued;
    sum.dropped += answers.dropped;
  }
  std::printf("{\"published\": %" PRIu64
              ", \"seconds\": %.6f, \"late_max_us\": %.1f, "
              "\"answers\": %" PRIu64 ", \"matched\": %" PRIu64 ", \"queued\": %" PRIu64
              ", \"dropped\": %" PRIu64 "}\n",
              std::uint64_t{run.count} * run.publishers, static_cast<double>(end - start) / 1e9,
              static_cast<double>(late_ns) / 1e3, sum.answers, sum.matched, sum.queued,
              sum.dropped);
}

bool obey(const Sinks& sinks, const std::string& line) {
  std::istringstream words(line);
  std::string command;
  words >> command;
  Run run;
  std::uint64_t clients = 0;
  double seconds = 0;
  if (command == "target") {
    target(sinks, words);
  } else if (command == "await" && words >> clients >> seconds) {
    await_clients(*sinks.front(), clients, seconds);
  } else if (command == "publish" &&
             words >> run.publishers >> run.first >> run.count >> run.rate >> run.bytes &&
             run.is_valid(sinks.size())) {
    publish(sinks, run);
  } else {
    return false;
  }
  std::fflush(stdout);
  return true;
}

}  // namespace
}  // namespace crier::bench

int main(int argc, char** argv) {
  crier::bench::Sinks sinks;
  const auto wanted = argc == 4 ? std::stoul(argv[3]) : 0;
  for (std::size_t i = 0; i < std::min<std::size_t>(wanted, crier::bench::kPublishersMax); ++i) {
    sinks.push_back(crier::bench::connect_sink(argv[1], argv[2]));
  }
  if (sinks.empty() || !sinks.front()) {
    std::fprintf(
        stderr,
        "usage: bench_publish crier|crier-waiting|line|nats|redis|mqtt ADDRESS PUBLISHERS\n");
    return 2;
  }
  // Else the kernel lets every wait be 50 us late.
  prctl(PR_SET_TIMERSLACK, 1);
  for (std::string line; std::getline(std::cin, line);) {
    if (!crier::bench::obey(sinks, line)) crier::bench::fail("not a command: " + line);
  }
}
