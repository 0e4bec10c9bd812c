#pragma once

#include <google/protobuf/duration.pb.h>

#include <chrono>
#include <cstdint>
#include <string>

// Numbers as people read them: three significant digits where exactness does not help.
namespace crier::services::crierctl {

// 999, 9999, 12.3k, 4.56M, 7.89G
[[nodiscard]] std::string human_count(std::int64_t count);

// 512 B, 1.5 KiB, 23.4 MiB, 1.0 GiB
[[nodiscard]] std::string human_bytes(std::int64_t bytes);

// 850us, 1.5ms, 350ms, 42s, 3m12s, 2h05m, 3d04h. Below zero counts as zero: clocks differ.
[[nodiscard]] std::string human_duration(std::chrono::microseconds duration);
[[nodiscard]] std::string human_duration(const google::protobuf::Duration& duration);

// 1,234,567
[[nodiscard]] std::string grouped(std::int64_t count);

}  // namespace crier::services::crierctl
