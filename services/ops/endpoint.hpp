#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "services/ops/exposition.hpp"
#include "services/ops/http_server.hpp"
#include "services/ops/readiness.hpp"

namespace crier::services::ops {

// A data plane thread that has not ticked for longer makes /livez fail.
inline constexpr std::chrono::milliseconds kLivenessLimit{10'000};

// The HTTP endpoint for operators: /metrics, /livez, /readyz. Needs no thread of the data plane, so
// that it can tell when one hangs.
class Endpoint {
 public:
  struct Sources {
    const Exposition& exposition;
    const Readiness& readiness;
    std::function<std::chrono::milliseconds()> oldest_tick;
  };

  // What `sources` refers to must outlive this object; all of it is used on the server's thread.
  explicit Endpoint(Sources sources, HttpLimits limits = {});

  // See HttpServer.
  void start(const std::string& address) { server_.start(address); }
  void stop() { server_.stop(); }
  [[nodiscard]] const std::string& address() const { return server_.address(); }

 private:
  [[nodiscard]] std::optional<HttpResponse> respond(std::string_view path) const;
  [[nodiscard]] HttpResponse livez() const;
  [[nodiscard]] HttpResponse readyz() const;

  const Sources sources_;
  HttpServer server_;
};

}  // namespace crier::services::ops
