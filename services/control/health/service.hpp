#pragma once

#include <grpcpp/impl/codegen/service_type.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/status.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string_view>
#include <unordered_set>

namespace crier::services::control {

// grpc.health.v1.Health, which answers everybody: of "", the node, and of the API. gRPC's own reads
// a request of any size from anybody. Here at most kUnreadMax requests are on their way at a time,
// and one more ends the one that has been for longest; an honest one comes with its headers.
//
// Any thread. Must outlive every call.
class HealthService final : public grpc::Service {
 public:
  enum class Serving : std::uint8_t { kYes = 1, kNo = 2, kUnknownService = 3 };  // as on the wire

  static constexpr std::size_t kUnreadMax = 16;
  static constexpr std::size_t kWatchersMax = 1'024;  // those above it are refused

  HealthService();

  // Watchers are told.
  void set_node(Serving serving) { set(0, serving); }
  void set_api(Serving serving) { set(1, serving); }

 private:
  class Call;

  void add(const char* path, bool watch);
  void set(std::size_t service, Serving serving);
  [[nodiscard]] Serving serving(std::size_t service) const;

  // What becomes of a call. One that has ended is never touched again.
  void begin(Call& call);
  void read(Call& call, bool ok);
  void written(Call& call, bool ok);
  void end(Call& call, const grpc::Status& status);
  void end_locked(Call& call, const grpc::Status& status);
  void tell_locked(Call& call);

  int methods_added_ = 0;

  std::mutex mutex_;  // guards all below, and every call
  std::array<Serving, 2> serving_{Serving::kNo, Serving::kNo};
  std::deque<Call*> unread_;  // oldest first
  std::unordered_set<Call*> watchers_;
};

}  // namespace crier::services::control
