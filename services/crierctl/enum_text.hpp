#pragma once

#include <string>

#include "crier/v1/control.pb.h"

namespace crier::services::crierctl {

// The API's enumerators as people write them: queue_full, half_closed, drop_oldest. A value from a
// newer server reads "unknown".
[[nodiscard]] std::string text_of(v1::DropReason reason);
[[nodiscard]] std::string text_of(v1::ClientState state);
[[nodiscard]] std::string text_of(v1::OverflowPolicy policy);

}  // namespace crier::services::crierctl
