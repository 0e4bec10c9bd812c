#pragma once

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "crier/v1/control.grpc.pb.h"
#include "google/rpc/error_details.pb.h"
#include "services/control/server.hpp"
#include "tests/services/control/control_fixture.hpp"

namespace crier::services::control {

inline constexpr std::chrono::seconds kPatience{30};  // no test waits this long unless it fails

using Headers = std::vector<std::pair<std::string, std::string>>;

// A server on a free port over the fake data plane, which answers from its own thread, and a
// caller of it.
class ServerFixture {
 public:
  explicit ServerFixture(std::size_t stream_window = 4,
                         const std::function<void(Server&)>& prepare = {})
      : logic(16U << 20U, stream_window), server(logic.control, {.address = "127.0.0.1:0"}) {
    if (prepare) prepare(server);
    logic.fake.answer_from_thread();
    server.start();
    channel = grpc::CreateChannel(server.address(), grpc::InsecureChannelCredentials());
    stub = v1::Control::NewStub(channel);
  }

  // A connection of its own.
  [[nodiscard]] std::shared_ptr<grpc::Channel> connect() const;

  // `raw` is a serialized message, and so is what comes back; for services without a stub here.
  std::string call_raw(const std::string& method, const std::string& raw);
  // The same with headers, for calls that may fail.
  grpc::Status try_raw(const std::string& method, const std::string& raw, const Headers& headers,
                       std::string* answer = nullptr);

  ControlFixture logic;
  Server server;
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<v1::Control::Stub> stub;
};

// A context whose call ends with an error rather than wait for ever.
struct Context : grpc::ClientContext {
  Context() { set_deadline(std::chrono::system_clock::now() + kPatience); }
};

// Of a status that crier gave; nothing where there is none.
[[nodiscard]] std::optional<google::rpc::ErrorInfo> error_info(const grpc::Status& status);
[[nodiscard]] std::optional<google::rpc::RetryInfo> retry_info(const grpc::Status& status);

}  // namespace crier::services::control
