#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dataplane/config.hpp"
#include "dataplane/processors/processor.hpp"

namespace crier::dataplane {

// The names that ListenerConfig::processor may have.
[[nodiscard]] std::vector<std::string_view> processor_names();

// Why `listener` cannot have the processor it names, or nothing. For people.
[[nodiscard]] std::optional<std::string> processor_problem(const ListenerConfig& listener);

// REQUIRES: processor_problem(listener) found nothing.
[[nodiscard]] std::unique_ptr<Processor> make_processor(const ListenerConfig& listener);

}  // namespace crier::dataplane
