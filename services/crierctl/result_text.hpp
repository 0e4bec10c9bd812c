#pragma once

#include <string>

#include "crier/v1/control.pb.h"

namespace crier::services::crierctl {

// "matched 3, queued 3", and what else is not zero:
// "matched 5, queued 3, dropped 2 (queue_full 2), evicted 4, unknown: abc, def".
[[nodiscard]] std::string result_text(const v1::BroadcastResponse& response);

// The same of one node, with ", refused: REASON" where it did.
[[nodiscard]] std::string result_text(const v1::NodeCounts& node);

// "matched 1, disconnected 1", with ", unknown: abc" where there are any.
[[nodiscard]] std::string result_text(const v1::DisconnectResponse& response);

// "queue_full 2, closing 1"; empty where nothing was dropped.
[[nodiscard]] std::string drops_text(const google::protobuf::RepeatedPtrField<v1::Drop>& drops);

// "abc, def"; of many the first ten "and 3 more".
[[nodiscard]] std::string ids_text(const google::protobuf::RepeatedPtrField<std::string>& ids);

}  // namespace crier::services::crierctl
