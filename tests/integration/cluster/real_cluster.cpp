#include "tests/integration/cluster/real_cluster.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "tests/integration/cluster/oracle.hpp"
#include "tests/support/deadline.hpp"
#include "tests/support/open_files.hpp"
#include "tests/support/scale.hpp"

namespace crier::testing {
namespace {

using std::chrono::milliseconds;

// Publishers may take so long to be answered beyond the bus's own 50 ms: a busy machine.
constexpr milliseconds kAnswerMax{1'050};

std::size_t default_clients() {
  return long_form() ? scaled(3'000) : std::max<std::size_t>(8, scaled(40));
}

std::string name_of(std::size_t index) {
  return "node-" + std::to_string(index);
}

std::uint64_t lost(const services::bus::Stats& stats) {
  return std::accumulate(stats.losses.begin(), stats.losses.end(), std::uint64_t{0});
}

void require(bool came, const std::string& what) {
  if (!came) throw std::runtime_error("did not come: " + what);
}

}  // namespace

bool long_form() {
  return std::getenv("CRIER_TEST_LONG") != nullptr;
}

services::bus::redis::Options bus_options(Mode mode, std::uint16_t port) {
  services::bus::redis::Options options;
  options.mode = mode;
  options.endpoints = {{"127.0.0.1", port}};
  if (long_form()) return options;
  options.connect_timeout = milliseconds(400);
  options.probe_interval = milliseconds(20);
  options.probe_timeout = milliseconds(400);
  options.backoff_min = milliseconds(10);
  options.backoff_max = milliseconds(100);
  return options;
}

std::vector<std::string> redis_arguments(Mode mode) {
  if (mode == Mode::kPubSub) return {};
  return {"--appendonly", "yes", "--appendfsync", "always"};
}

RealCluster::RealCluster(Options options)
    : options_(std::move(options)), streams_(options_.nodes), crowd_(streams_.count()) {
  const std::size_t clients = options_.clients > 0 ? options_.clients : default_clients();
  for (std::size_t i = 0; i < options_.nodes; ++i) {
    nodes_.push_back(std::make_unique<Node>(name_of(i), options_.bus));
    crowd_.add_group(nodes_[i]->plane.address(), clients);
    nodes_[i]->plane.await_connections(clients);
  }
  crowd_.start();
}

RealCluster::~RealCluster() {
  publishers_.clear();
  nodes_.clear();
  crowd_.stop();
}

bool RealCluster::all(const std::function<bool(Node&)>& condition) {
  return std::all_of(nodes_.begin(), nodes_.end(),
                     [&](const auto& node) { return condition(*node); });
}

bool RealCluster::reach(std::size_t others) {
  return all(
      [others](Node& node) { return node.bus.up() && node.cluster.stats().reachable == others; });
}

void RealCluster::await_met() {
  require(await([this] { return reach(size() - 1); }), "nodes that reach each other");
}

void RealCluster::await_down() {
  require(await([this] { return all([](Node& node) { return !node.bus.up(); }); }),
          "the loss of the bus");
}

void RealCluster::await_answers(v1::Published published, std::uint64_t count) {
  for (const auto& publisher : publishers_) {
    const std::uint64_t before = publisher->count(published);
    require(await([&] { return publisher->count(published) >= before + count; }),
            "answers " + v1::Published_Name(published));
  }
}

std::vector<std::uint64_t> RealCluster::losses() {
  std::vector<std::uint64_t> all;
  for (const auto& node : nodes_) all.push_back(lost(node->bus.stats()));
  return all;
}

void RealCluster::await_losses(const std::vector<std::uint64_t>& before) {
  for (std::size_t i = 0; i < size(); ++i) {
    require(await([&] { return lost(nodes_[i]->bus.stats()) > before[i]; }), "a loss of the bus");
  }
}

std::uint64_t RealCluster::ignored(std::size_t node, services::cluster::Ignored reason) {
  return nodes_.at(node)->cluster.stats().ignored[static_cast<std::size_t>(reason)];
}

std::uint64_t RealCluster::answers(v1::Published published) {
  std::uint64_t count = 0;
  for (const auto& publisher : publishers_) count += publisher->count(published);
  return count;
}

void RealCluster::make_publishers(bool met, std::chrono::microseconds period, std::size_t window) {
  Publisher::Options options;
  options.met = met;
  options.period = period;
  options.window = window;
  for (std::size_t i = 0; i < size(); ++i) {
    options.named.push_back(dataplane::to_string(nodes_[i]->plane.id_of(crowd_.client(i, 0))));
  }
  for (std::size_t i = 0; i < size(); ++i) {
    options.index = i;
    options.local_clients = nodes_[i]->plane->clients();
    publishers_.push_back(std::make_unique<Publisher>(nodes_[i]->control, streams_, options));
  }
}

void RealCluster::start_load(bool met) {
  make_publishers(met, milliseconds(long_form() ? 250 : 5), 256);
  for (const auto& publisher : publishers_) publisher->start();
}

void RealCluster::start_load(std::uint64_t count) {
  constexpr std::size_t kStreamWindow = 1024;  // as BroadcastStream has
  make_publishers(true, std::chrono::microseconds(0), kStreamWindow);
  for (const auto& publisher : publishers_) publisher->start(count);
}

void RealCluster::stop_load() {
  for (const auto& publisher : publishers_) publisher->request_stop();
  for (const auto& publisher : publishers_) publisher->stop();
}

// What comes last tells what is missing before it. It may be lost as well; then once more.
void RealCluster::await_arrival() {
  constexpr int kAttempts = 20;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    await_met();
    const auto before = losses();
    for (const auto& publisher : publishers_) publisher->publish_each();
    stop_load();
    const Oracle oracle(streams_, publishers_, crowd_);
    const auto arrived = [&] { return oracle.up_to_date() || !crowd_.problem().empty(); };
    (void)await([&] { return arrived() || losses() != before; });
    if (arrived()) return;
  }
  throw std::runtime_error("did not come: the last broadcasts");
}

std::uint64_t RealCluster::finish(Loss loss) {
  stop_load();
  await_arrival();
  EXPECT_EQ(crowd_.problem(), "");
  const Oracle oracle(streams_, publishers_, crowd_);
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < size(); ++i) {
    SCOPED_TRACE(name_of(i));
    const std::uint64_t missing = oracle.missing(i);
    std::printf("%s: %lu published to everybody, %lu missing\n", name_of(i).c_str(),
                publishers_[i]->numbers()[i], missing);
    EXPECT_EQ(oracle.problem(i), "");
    EXPECT_EQ(nodes_[i]->cluster.stats().gap_messages, missing);
    check_books(i);
    all += missing;
  }
  check_callers();
  if (loss == Loss::kNone) {
    EXPECT_EQ(all, 0U);
  }
  return all;
}

void RealCluster::check_books(std::size_t node) {
  const dataplane::Stats stats = nodes_[node]->plane->stats();
  EXPECT_EQ(conservation_problem(stats), "");
  EXPECT_EQ(total(stats.shards.dropped), 0U);
  EXPECT_EQ(closed(stats), 0U);
}

void RealCluster::check_answer_times() {
  if (!long_form()) return;
  for (const auto& publisher : publishers_) EXPECT_LE(publisher->answers().slowest, kAnswerMax);
}

void RealCluster::check_callers() {
  for (const auto& publisher : publishers_) {
    EXPECT_EQ(publisher->problem(), "");
    const Publisher::Answers answers = publisher->answers();
    const auto slowest = std::chrono::duration_cast<milliseconds>(answers.slowest);
    for (const auto& [published, count] : answers.published) {
      std::printf("%s %lu, ", v1::Published_Name(published).c_str(), count);
    }
    std::printf("%lu waited; slowest answer %ld ms\n", answers.waited_for, slowest.count());
  }
}

ClusterTest::ClusterTest() : files_before_(open_files()) {}

void ClusterTest::TearDown() {
  EXPECT_EQ(open_files(), files_before_);
}

RealCluster::Options ClusterTest::options(std::uint16_t port) const {
  RealCluster::Options options;
  options.bus = bus_options(GetParam(), port);
  return options;
}

RealCluster::Options ClusterTest::calm_options(std::uint16_t port) const {
  RealCluster::Options calm = options(port);
  calm.bus.probe_timeout = kPatience;
  calm.bus.connect_timeout = kPatience;
  return calm;
}

std::string mode_name(const ::testing::TestParamInfo<Mode>& each) {
  return each.param == Mode::kPubSub ? "PubSub" : "Stream";
}

}  // namespace crier::testing
