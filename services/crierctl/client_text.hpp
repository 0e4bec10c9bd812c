#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "crier/v1/control.pb.h"
#include "services/crierctl/table.hpp"

namespace crier::services::crierctl {

// The columns of `crierctl list`.
[[nodiscard]] std::vector<Column> client_columns();

// One client as cells under client_columns(), human units, "-" for zero. `now` dates the age.
[[nodiscard]] std::vector<std::string> client_cells(const v1::Client& client,
                                                    std::chrono::system_clock::time_point now);

// Everything that is known of one client, a line each, ending in LF.
[[nodiscard]] std::string client_text(const v1::Client& client,
                                      std::chrono::system_clock::time_point now);

}  // namespace crier::services::crierctl
