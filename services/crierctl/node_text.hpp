#pragma once

#include <string>
#include <vector>

#include "crier/v1/control.pb.h"
#include "services/crierctl/table.hpp"

namespace crier::services::crierctl {

// The columns of `crierctl nodes`.
[[nodiscard]] std::vector<Column> node_columns();

// One node as cells under node_columns(), human units, "-" for zero and for what is not known. Its
// state is "called", "reachable" or "unreachable, heard 42s ago".
[[nodiscard]] std::vector<std::string> node_cells(const v1::Node& node);

}  // namespace crier::services::crierctl
