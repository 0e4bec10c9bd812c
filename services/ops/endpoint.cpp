#include "services/ops/endpoint.hpp"

#include <utility>

namespace crier::services::ops {
namespace {

constexpr unsigned kOk = 200;
constexpr unsigned kUnavailable = 503;

}  // namespace

Endpoint::Endpoint(Sources sources, HttpLimits limits)
    : sources_(std::move(sources)),
      server_([this](std::string_view path) { return respond(path); }, limits) {}

std::optional<HttpResponse> Endpoint::respond(std::string_view path) const {
  if (path == "/metrics") {
    return HttpResponse{kOk, to_text(sources_.exposition.collect()),
                        std::string(kMetricsContentType)};
  }
  if (path == "/livez") return livez();
  if (path == "/readyz") return readyz();
  return std::nullopt;
}

HttpResponse Endpoint::livez() const {
  const std::chrono::milliseconds age = sources_.oldest_tick();
  if (age <= kLivenessLimit) return {kOk, "ok\n"};
  return {kUnavailable, "a data plane thread has not ticked for " + std::to_string(age.count()) +
                            " ms (limit " + std::to_string(kLivenessLimit.count()) + " ms)\n"};
}

HttpResponse Endpoint::readyz() const {
  switch (sources_.readiness.state()) {
    case Readiness::State::kStarting:
      return {kUnavailable, "starting\n"};
    case Readiness::State::kReady:
      return {kOk, "ok\n"};
    case Readiness::State::kDraining:
      return {kUnavailable, "draining\n"};
  }
  return {kUnavailable, "unknown\n"};
}

}  // namespace crier::services::ops
