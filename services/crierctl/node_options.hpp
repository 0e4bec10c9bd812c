#pragma once

#include <CLI/App.hpp>
#include <chrono>
#include <string>

#include "crier/v1/control.pb.h"
#include "services/crierctl/options.hpp"

namespace crier::services::crierctl {

// Which nodes of a cluster a call is about, and how long it waits for the others.
struct NodeOptions {
  bool local = false;
  std::chrono::milliseconds wait_timeout{0};  // 0: as the called node has it
};

// --local, the called node alone. `local` must outlive the parsing.
CLI::Option* add_local(CLI::App& command, bool& local);

// --wait-timeout. `options` must outlive the parsing.
CLI::Option* add_wait_timeout(CLI::App& command, NodeOptions& options,
                              const std::string& description);

// Throws CLI::ValidationError where the nodes would be waited for longer than the answer.
void check_wait(const NodeOptions& options, const GlobalOptions& global);

// An old crier is not told of what was not asked for.
[[nodiscard]] v1::Scope scope_of(bool local);
[[nodiscard]] google::protobuf::Duration to_duration(std::chrono::milliseconds time);

template <typename Request>
void set_nodes(Request& request, const NodeOptions& options) {
  request.set_scope(scope_of(options.local));
  if (options.wait_timeout.count() > 0) {
    *request.mutable_wait_timeout() = to_duration(options.wait_timeout);
  }
}

}  // namespace crier::services::crierctl
