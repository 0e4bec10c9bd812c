// bench_secure [--clients N] [--broadcasts N]
//
// What TLS, authentication and the envelope cost a node: a data plane in this process, clients in
// another, loopback between them. Prints a line of JSON for each mode, plain TCP first.
#include <malloc.h>
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "bench/macro/system.hpp"
#include "bench/secure/clients.hpp"
#include "bench/secure/mode.hpp"
#include "tests/support/running_dataplane.hpp"

namespace crier::bench {
namespace {

struct Options {
  std::size_t clients = 1'000;
  std::size_t broadcasts = 100;
};

struct Result {
  double connect_us = 0;         // CPU of the server for each client that connects
  double idle_bytes = 0;         // heap for each that is there
  double delivery_us = 0;        // CPU for each, one broadcast at a time
  double burst_delivery_us = 0;  // CPU for each, all broadcasts at once
};

double cpu_us() {
  rusage usage{};
  must(::getrusage(RUSAGE_SELF, &usage), "getrusage");
  const auto us = [](const timeval& time) {
    return 1e6 * static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec);
  };
  return us(usage.ru_utime) + us(usage.ru_stime);
}

std::size_t heap_bytes() {
  const auto info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
}

// CPU for each delivery of `count` broadcasts, each of which waits for the one before where
// `paced`.
double deliver(testing::RunningDataplane& plane, const Options& options, bool paced) {
  const std::uint64_t before = plane->stats().shards.sent_frames;
  const double cpu = cpu_us();
  const auto await = [&](std::size_t broadcasts) {
    plane.await_stats([&](const dataplane::Stats& stats) {
      return stats.shards.sent_frames == before + broadcasts * options.clients;
    });
  };
  dataplane::Broadcast broadcast;
  broadcast.payload = std::string(64, 'x');
  for (std::size_t i = 1; i <= options.broadcasts; ++i) {
    if (paced) {
      (void)plane.broadcast(broadcast);
    } else if (plane->broadcast(broadcast, nullptr) != dataplane::Submit::kAccepted) {
      fail("a broadcast was not accepted");
    }
  }
  await(options.broadcasts);
  return (cpu_us() - cpu) / static_cast<double>(options.broadcasts * options.clients);
}

Result measure(const Mode& mode, const testing::Certificates& certificates,
               const Options& options) {
  const Clients clients;
  const auto pair = certificates.make("localhost");
  const auto own = certificates.make("meter-7");
  dataplane::Config config = testing::config_of({mode.listener});
  testing::RunningDataplane plane(config, [&](dataplane::Dataplane& starting) {
    if (mode.authenticator) starting.use_authenticator(0, mode.authenticator);
    if (!mode.listener.tls) return;
    const auto asked = mode.certificate ? dataplane::ClientCertificates::kRequired
                                        : dataplane::ClientCertificates::kNone;
    starting.use_tls(0, std::get<dataplane::TlsContextPtr>(dataplane::TlsContext::load(
                            {pair.cert_file, pair.key_file, asked, certificates.ca_file()})));
  });
  Clients::Order order{plane.address(), options.clients, mode.listener.tls, mode.first_frame, {}};
  if (mode.certificate) {
    order.options.cert_file = own.cert_file;
    order.options.key_file = own.key_file;
  }
  Result result;
  const auto count = static_cast<double>(options.clients);
  const std::size_t heap = heap_bytes();
  const double cpu = cpu_us();
  clients.connect(order);
  plane.await_connections(options.clients);
  result.connect_us = (cpu_us() - cpu) / count;
  result.idle_bytes = static_cast<double>(heap_bytes() - heap) / count;
  result.delivery_us = deliver(plane, options, true);
  result.burst_delivery_us = deliver(plane, options, false);
  return result;
}

void print(const std::string& name, const Result& result) {
  std::printf(R"({"mode": "%s", "cpu_us_per_connection": %.3f, "heap_bytes_per_client": %.1f, )"
              R"("cpu_us_per_delivery": %.4f, "cpu_us_per_delivery_in_burst": %.4f})"
              "\n",
              name.c_str(), result.connect_us, result.idle_bytes, result.delivery_us,
              result.burst_delivery_us);
}

Options parse(int count, char** arguments) {
  Options options;
  for (int i = 1; i < count; i += 2) {
    const std::string name = arguments[i];
    if (i + 1 == count) fail("no value for " + name);
    const std::size_t value = std::stoul(arguments[i + 1]);
    if (name == "--clients") {
      options.clients = value;
    } else if (name == "--broadcasts") {
      options.broadcasts = value;
    } else {
      fail("unknown: " + name);
    }
  }
  return options;
}

int run(const Options& options) {
  raise_open_files();
  const testing::Certificates certificates;
  const auto folder = std::filesystem::path(certificates.ca_file()).parent_path();
  for (const Mode& mode : modes(folder)) print(mode.name, measure(mode, certificates, options));
  return 0;
}

}  // namespace
}  // namespace crier::bench

int main(int count, char** arguments) {
  return crier::bench::run(crier::bench::parse(count, arguments));
}
