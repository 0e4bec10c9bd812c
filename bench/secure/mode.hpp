#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dataplane/dataplane.hpp"
#include "tests/support/certificates.hpp"

namespace crier::bench {

// What a client has to do before it is one, and what its frames look like.
struct Mode {
  std::string name;
  dataplane::ListenerConfig listener;
  std::shared_ptr<dataplane::Authenticator> authenticator;
  std::string first_frame;   // in its framing; empty: none
  bool certificate = false;  // the client shows one
};

// All that are measured, plain TCP first. `folder`: for the files that authenticators read.
[[nodiscard]] std::vector<Mode> modes(const std::string& folder);

}  // namespace crier::bench
