#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dataplane/config.hpp"

namespace crier::testing {

// The framings once more, as a client would write them: what crier encodes is decoded by something
// else than crier, and the other way round. `fixed` frames have one size in both directions here.
[[nodiscard]] std::string to_wire(const dataplane::FramingConfig& framing,
                                  std::string_view payload);

// Takes payloads off the front of `stream`, and leaves what is not whole yet.
[[nodiscard]] std::vector<std::string> take_payloads(const dataplane::FramingConfig& framing,
                                                     std::string& stream);

}  // namespace crier::testing
