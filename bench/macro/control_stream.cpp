#include <grpcpp/grpcpp.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "crier/v1/control.grpc.pb.h"
#include "dataplane/dataplane.hpp"
#include "services/control/dataplane_clients.hpp"
#include "services/control/server.hpp"

// How many small requests a second one BroadcastStream takes with no client connected, beside a
// bare gRPC echo of the same messages in the same run. Caller and server share this process, so
// the CPU figures are of both.
namespace {

using crier::v1::BroadcastRequest;
using crier::v1::BroadcastResponse;

struct Options {
  int requests = 300'000;
  int payload_bytes = 64;
  int rounds = 5;
};

// The floor: gRPC's own work for these messages and nothing else.
class Echo final : public crier::v1::Control::Service {
 public:
  grpc::Status BroadcastStream(
      grpc::ServerContext* /*context*/,
      grpc::ServerReaderWriter<BroadcastResponse, BroadcastRequest>* stream) override {
    BroadcastRequest request;
    BroadcastResponse response;
    response.set_matched(1);
    response.set_queued(1);
    // A hinted first write, which carries the headers, may never complete (grpc/grpc#12975).
    stream->SendInitialMetadata();
    while (stream->Read(&request)) {
      stream->Write(response, grpc::WriteOptions().set_buffer_hint());
    }
    return grpc::Status::OK;
  }
};

struct Figures {
  double requests_per_second = 0;
  double cpu_us_per_request = 0;
};

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Sends everything as fast as it goes and takes the answers at the same time.
Figures measure(const std::string& address, const Options& options) {
  const auto stub =
      crier::v1::Control::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  const auto stream = stub->BroadcastStream(&context);
  BroadcastRequest request;
  request.set_payload(std::string(static_cast<std::size_t>(options.payload_bytes), 'x'));
  const double cpu_before = cpu_seconds();
  const auto start = std::chrono::steady_clock::now();
  std::thread writer([&] {
    for (int i = 0; i < options.requests; ++i) {
      if (!stream->Write(request, grpc::WriteOptions().set_buffer_hint())) {
        break;
      }
    }
    stream->WritesDone();
  });
  BroadcastResponse response;
  int answers = 0;
  while (stream->Read(&response)) {
    ++answers;
  }
  writer.join();
  const grpc::Status status = stream->Finish();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  if (!status.ok() || answers != options.requests) {
    std::fprintf(stderr, "%d answers of %d: %s\n", answers, options.requests,
                 status.error_message().c_str());
    std::exit(1);
  }
  return {answers / took.count(), (cpu_seconds() - cpu_before) * 1e6 / answers};
}

Figures measure_echo(const Options& options) {
  Echo echo;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&echo);
  const auto server = builder.BuildAndStart();
  return measure("127.0.0.1:" + std::to_string(port), options);
}

Figures measure_crier(const Options& options) {
  crier::dataplane::Config config;
  config.listeners.resize(1);
  config.listeners[0].address = "127.0.0.1:0";
  crier::dataplane::Dataplane dataplane(config);
  dataplane.start();
  crier::services::control::DataplaneClients clients(dataplane);
  crier::services::control::ControlOptions control_options;
  control_options.listeners = config.listeners;
  crier::services::control::NoPeers peers([] { return crier::v1::Node(); });
  crier::services::control::Control control(clients, peers, control_options);
  crier::services::control::ServerOptions server_options;
  server_options.address = "127.0.0.1:0";
  crier::services::control::Server server(control, server_options);
  server.start();
  return measure(server.address(), options);
}

void print(const char* name, std::vector<Figures> rounds) {
  const auto middle = rounds.begin() + static_cast<std::ptrdiff_t>(rounds.size() / 2);
  std::nth_element(rounds.begin(), middle, rounds.end(), [](const Figures& a, const Figures& b) {
    return a.requests_per_second < b.requests_per_second;
  });
  std::printf("%-24s %10.0f requests/s  %6.2f CPU us/request\n", name, middle->requests_per_second,
              middle->cpu_us_per_request);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"One BroadcastStream of small requests beside a bare gRPC echo"};
  app.add_option("--requests", options.requests)->check(CLI::PositiveNumber);
  app.add_option("--payload", options.payload_bytes)->check(CLI::Range(1, 65'536));
  app.add_option("--rounds", options.rounds)->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);
  std::vector<Figures> echo;
  std::vector<Figures> crier;
  for (int round = 0; round < options.rounds; ++round) {  // in turn, so that both see one machine
    echo.push_back(measure_echo(options));
    crier.push_back(measure_crier(options));
  }
  std::printf("%d requests of %d bytes, median of %d rounds\n", options.requests,
              options.payload_bytes, options.rounds);
  print("bare gRPC echo", echo);
  print("crier BroadcastStream", crier);
}
