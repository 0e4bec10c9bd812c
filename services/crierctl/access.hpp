#pragma once

#include <grpcpp/channel.h>

#include <CLI/App.hpp>
#include <memory>
#include <stdexcept>

#include "services/crierctl/options.hpp"

namespace crier::services::crierctl {

// A file or an option that makes no sense; what() is a sentence.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The options of `access`, which must outlive the parsing.
void add_access_options(CLI::App& app, AccessOptions& access);

// A channel to global.address as global.access says: encrypted or not, and with every call saying
// who calls. Throws UsageError where a file cannot be used, and where a token would cross a network
// for everybody to read.
[[nodiscard]] std::shared_ptr<grpc::Channel> make_channel(const GlobalOptions& global);

}  // namespace crier::services::crierctl
