// stress [--seed N] [--seconds S] [--clients N]
//
// Runs a data plane with healthy and ill-behaved clients at once. Whatever the latter do, the
// former get every frame once and in order, and every frame offered is accounted for at any time.
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "tests/stress/frames.hpp"
#include "tests/stress/healthy_crew.hpp"
#include "tests/stress/mischief.hpp"
#include "tests/support/open_files.hpp"
#include "tests/support/running_dataplane.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;

struct Options {
  std::uint64_t seed = 1;
  std::uint64_t seconds = 5;
  std::size_t clients = 60;
};

constexpr std::size_t kPublishers = 2;
// Broadcasts that a publisher is ahead of the slowest healthy client: fewer than its queue holds.
constexpr std::uint64_t kAheadMax = 200;

Config stress_config(std::uint64_t seed) {
  Config config = config_of({loopback_listener("push"), loopback_listener("relay", "relay"),
                             loopback_listener("echo", "echo")});
  config.shards = static_cast<std::uint32_t>(1 + seed % 3);
  config.io_uring = seed % 2 == 1;
  config.linger = std::chrono::milliseconds(200);
  config.flush = std::chrono::milliseconds(200);
  config.max_payload_bytes = 16U << 10U;
  for (ListenerConfig& listener : config.listeners) {
    listener.max_frame_bytes = 4U << 10U;
    listener.write_stall = std::chrono::milliseconds(30'000);
    listener.queue.overflow = static_cast<OverflowPolicy>(seed % 3);
  }
  return config;
}

std::vector<HealthyCrew::Berth> berths(const RunningDataplane& plane, std::size_t clients) {
  std::vector<HealthyCrew::Berth> all;
  for (std::size_t i = 0; i < clients; ++i) {
    // Few relay: each of their frames goes to all of them.
    const std::size_t role = i < 3 ? 1 : i % 4 == 0 ? 2 : 0;
    all.push_back({static_cast<HealthyCrew::Role>(role), plane.address(role)});
  }
  return all;
}

// Publishes until `running` ends; returns how many broadcasts there were.
std::uint64_t publish(RunningDataplane& plane, const HealthyCrew& crew, std::size_t index,
                      const std::atomic<bool>& running) {
  std::uint64_t sequence = 0;
  while (running) {
    if (sequence >= crew.received_by_all(index) + kAheadMax) {
      (void)await([&] { return !running || sequence < crew.received_by_all(index) + kAheadMax; });
      continue;
    }
    Broadcast broadcast;
    broadcast.payload = stress_frame("b" + std::to_string(index), sequence);
    broadcast.payload.pop_back();  // the framing adds its own LF
    if (plane->broadcast(broadcast, nullptr) == Submit::kAccepted) ++sequence;
  }
  return sequence;
}

void act_for(std::chrono::seconds time, Mischief& mischief, RunningDataplane& plane,
             Verdict& verdict) {
  const Deadline end(time);
  while (!end.passed() && !verdict.failed()) {
    mischief.act();
    const std::string problem = conservation_problem(plane->stats());
    if (!problem.empty()) verdict.fail(problem);
  }
}

void run(const Options& options, Verdict& verdict) {
  RunningDataplane plane(stress_config(options.seed));
  HealthyCrew crew(berths(plane, options.clients / 2), kPublishers, verdict);
  plane.await_connections(options.clients / 2);
  crew.start();
  std::atomic<bool> running{true};
  std::array<std::uint64_t, kPublishers> published{};
  std::vector<std::thread> publishers;
  for (std::size_t i = 0; i < kPublishers; ++i) {
    publishers.emplace_back([&, i] { published[i] = publish(plane, crew, i, running); });
  }
  Mischief mischief(plane, options.seed, options.clients / 2, crew.addresses());
  act_for(std::chrono::seconds(options.seconds), mischief, plane, verdict);

  running = false;
  for (std::thread& publisher : publishers) publisher.join();
  crew.stop_sending();
  const bool complete = await([&] {
    if (verdict.failed()) return true;
    for (std::size_t i = 0; i < kPublishers; ++i) {
      if (crew.received_by_all(i) != published[i]) return false;
    }
    return crew.settled();
  });
  if (!complete) verdict.fail("frames for healthy clients are missing");
  crew.stop();
  plane->stop();
  const Stats stats = plane->stats();
  const std::string problem = conservation_problem(stats);
  if (!problem.empty()) verdict.fail("at the end: " + problem);
  if (stats.shards.queued_frames != 0) verdict.fail("queued frames without a connection");
  std::printf(
      "seed %lu: %lu + %lu broadcasts, %lu acts, %lu connections, %lu frames sent, "
      "%lu dropped\n",
      options.seed, published[0], published[1], mischief.acts(), closed(stats),
      stats.shards.sent_frames, total(stats.shards.dropped));
}

}  // namespace
}  // namespace crier::testing

int main(int argc, char** argv) {
  using namespace crier::testing;
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string key = argv[i];
    const std::uint64_t value = std::strtoull(argv[i + 1], nullptr, 10);
    if (key == "--seed") options.seed = value;
    if (key == "--seconds") options.seconds = value;
    if (key == "--clients") options.clients = value;
  }
  const std::size_t files = open_files();
  Verdict verdict;
  try {
    run(options, verdict);
  } catch (const std::exception& error) {
    verdict.fail(error.what());
  }
  if (open_files() != files) verdict.fail("file descriptors are left open");
  if (!verdict.failed()) return 0;
  std::printf("FAILED with --seed %lu: %s\n", options.seed, verdict.what().c_str());
  return 1;
}
