#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/control/control.hpp"
#include "tests/services/control/fake_clients.hpp"
#include "tests/services/control/lone_node.hpp"

namespace crier::services::control {

// What a call gave so far.
template <class Response>
struct Answer {
  Response response;
  std::optional<Status> status;  // absent: not answered yet

  [[nodiscard]] std::string reason() const { return status ? status->reason : "NOT_ANSWERED"; }
};

// A Control over a fake data plane with the listeners "first" and "second" and a clock that the
// test moves. Calls return before their answer; the fake gives it.
class ControlFixture {
 public:
  explicit ControlFixture(std::size_t request_id_bytes_max = 16U << 20U,
                          std::size_t stream_window = 4)
      : control(fake, peers, options(request_id_bytes_max, stream_window)) {}

  template <class Request, class Response>
  void call(void (Control::*method)(const Request&, Response&, Control::Done),
            const Request& request, Answer<Response>& answer) {
    (control.*method)(request, answer.response,
                      [&answer](const Status& status) { answer.status = status; });
  }

  // Calls and lets the fake answer.
  template <class Request, class Response>
  Answer<Response> ask(void (Control::*method)(const Request&, Response&, Control::Done),
                       const Request& request) {
    Answer<Response> answer;
    call(method, request, answer);
    fake.answer_all();
    EXPECT_TRUE(answer.status.has_value());
    return answer;
  }

  Answer<v1::BroadcastResponse> broadcast(const v1::BroadcastRequest& request) {
    return ask(&Control::broadcast, request);
  }

  static constexpr std::uint64_t kPayloadBytesMax = 64;

  FakeClients fake;
  NoPeers peers = lone_node();
  RequestIds::Clock::time_point now{};
  Control control;

 private:
  ControlOptions options(std::size_t request_id_bytes_max, std::size_t stream_window) {
    ControlOptions options;
    options.listeners.resize(2);
    options.listeners[0].name = "first";
    options.listeners[1].name = "second";
    options.max_payload_bytes = kPayloadBytesMax;
    options.stream_window = stream_window;
    options.request_ids.bytes_max = request_id_bytes_max;
    options.request_ids.now = [this] { return now; };
    return options;
  }
};

}  // namespace crier::services::control
