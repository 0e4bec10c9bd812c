#include "services/ops/http_server.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "tests/support/http_client.hpp"

namespace crier::services::ops {
namespace {

using tests::http;
using tests::HttpAnswer;
using tests::HttpClient;

class HttpServerTest : public ::testing::Test {
 protected:
  HttpServerTest() { server_.start("127.0.0.1:0"); }

  static std::optional<HttpResponse> respond(std::string_view path) {
    if (path == "/hello") return HttpResponse{200, "hi\n"};
    if (path == "/throws") throw std::runtime_error("the handler failed");
    return std::nullopt;
  }

  HttpServer server_{&respond, HttpLimits{.connections = 64, .connection_bytes = 4096}};
};

TEST_F(HttpServerTest, AnswersGet) {
  const HttpAnswer answer = http(server_.address(), "/hello?ignored=1");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "hi\n");
  EXPECT_NE(answer.headers.find("Content-Type: text/plain; charset=utf-8"), std::string::npos);
}

TEST_F(HttpServerTest, AnswersHeadWithoutABody) {
  const HttpAnswer answer = http(server_.address(), "/hello", "HEAD");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "");
  EXPECT_NE(answer.headers.find("Content-Length: 3"), std::string::npos);
}

TEST_F(HttpServerTest, UnknownPathIs404) {
  const HttpAnswer answer = http(server_.address(), "/nothing");
  EXPECT_EQ(answer.status, 404);
  EXPECT_NE(answer.body.find("/metrics"), std::string::npos);
}

TEST_F(HttpServerTest, OtherMethodsAre405AndSaySo) {
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS"}) {
    const HttpAnswer answer = http(server_.address(), "/hello", method);
    EXPECT_EQ(answer.status, 405) << method;
    EXPECT_NE(answer.headers.find("Allow: GET, HEAD"), std::string::npos) << method;
  }
}

TEST_F(HttpServerTest, AFailingHandlerIs500AndTheServerGoesOn) {
  EXPECT_EQ(http(server_.address(), "/throws").status, 500);
  EXPECT_EQ(http(server_.address(), "/hello").status, 200);
}

TEST_F(HttpServerTest, HeadersBeyondTheLimitAreRefused) {
  HttpClient client(server_.address());
  client.send("GET /hello HTTP/1.1\r\nHost: test\r\nX: " + std::string(8192, 'x') + "\r\n\r\n");
  const int status = tests::parse_answer(client.read_to_end()).status;
  EXPECT_GE(status, 400);
  EXPECT_LT(status, 500);
}

TEST_F(HttpServerTest, ClosesAConnectionAfterItsAnswer) {
  HttpClient client(server_.address());
  client.send("GET /hello HTTP/1.1\r\nHost: test\r\n\r\n");
  const HttpAnswer answer = tests::parse_answer(client.read_to_end());
  EXPECT_EQ(answer.body, "hi\n");
  EXPECT_NE(answer.headers.find("Connection: close"), std::string::npos);
}

TEST_F(HttpServerTest, SlowRequestsAreAnsweredWhileThereIsRoom) {
  constexpr int kTricklers = 40;
  std::vector<std::unique_ptr<HttpClient>> tricklers;
  for (int i = 0; i < kTricklers; ++i) {
    tricklers.push_back(std::make_unique<HttpClient>(server_.address()));
    tricklers.back()->send("GET /hello HTTP/1.1\r\nHo");
  }
  for (const char* more : {"s", "t", ":"}) {
    for (auto& trickler : tricklers) trickler->send(more);
    EXPECT_EQ(http(server_.address(), "/hello").status, 200);
  }
  for (auto& trickler : tricklers) EXPECT_TRUE(trickler->waiting());
  for (auto& trickler : tricklers) trickler->send(" test\r\nConnection: close\r\n\r\n");
  for (auto& trickler : tricklers) {
    EXPECT_EQ(tests::parse_answer(trickler->read_to_end()).status, 200);
  }
}

// None of these ends by itself within the test.
constexpr HttpLimits kPatient{.age = std::chrono::hours(1), .timeout = std::chrono::hours(1)};

// What a server does to a slow peer shows there as an end or an error.
bool send_more(HttpClient& client) {
  try {
    if (client.waiting()) client.send("x");
    return client.waiting();
  } catch (const std::system_error&) {
    return false;
  }
}

TEST(SlowHttpClients, TricklingConnectionsHoldUpNobody) {
  HttpServer server([](std::string_view) { return HttpResponse{200, "hi\n"}; }, kPatient);
  server.start("127.0.0.1:0");
  std::vector<std::unique_ptr<HttpClient>> tricklers;
  for (unsigned i = 0; i < kPatient.connections; ++i) {
    tricklers.push_back(std::make_unique<HttpClient>(server.address()));
    tricklers.back()->send("GET /hello HTTP/1.1\r\nHo");
  }
  for (int round = 0; round < 10; ++round) {
    for (auto& trickler : tricklers) {
      if (send_more(*trickler)) continue;
      trickler = std::make_unique<HttpClient>(server.address());
      trickler->send("GET /hello HTTP/1.1\r\nHo");
    }
    EXPECT_EQ(http(server.address(), "/hello").status, 200);
  }
}

TEST(SlowHttpClients, ThoseThatDoNotReadHoldUpNobody) {
  constexpr std::size_t kMoreThanTheKernelTakes = 32U << 20U;
  HttpLimits limits = kPatient;
  limits.connections = 4;
  HttpServer server(
      [](std::string_view path) {
        return HttpResponse{200, std::string(path == "/" ? kMoreThanTheKernelTakes : 3, 'x')};
      },
      limits);
  server.start("127.0.0.1:0");
  std::vector<std::unique_ptr<HttpClient>> readers;
  for (unsigned i = 0; i < 2 * limits.connections; ++i) {
    readers.push_back(std::make_unique<HttpClient>(server.address()));
    readers.back()->send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
    EXPECT_EQ(http(server.address(), "/small").body, "xxx");
  }
}

TEST(SlowHttpClients, ABurstOfThemLeavesTheLastOnesIn) {
  HttpServer server([](std::string_view) { return HttpResponse{200, "hi\n"}; }, kPatient);
  server.start("127.0.0.1:0");
  std::vector<std::unique_ptr<HttpClient>> clients;
  for (unsigned i = 0; i < 4 * kPatient.connections; ++i) {
    clients.push_back(std::make_unique<HttpClient>(server.address()));
  }
  EXPECT_EQ(http(server.address(), "/").status, 200);
  // All that were accepted before that answer; an end takes a moment to arrive.
  for (unsigned i = 0; i < 3 * kPatient.connections; ++i) EXPECT_EQ(clients[i]->read_to_end(), "");
  EXPECT_TRUE(clients.back()->waiting());
}

TEST_F(HttpServerTest, APortInUseIsRefusedWithASentence) {
  HttpServer second(&respond);
  try {
    second.start(server_.address());
    FAIL() << "two servers on one port";
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), std::errc::address_in_use);
    EXPECT_NE(std::string(error.what()).find("cannot listen on " + server_.address()),
              std::string::npos)
        << error.what();
  }
  EXPECT_EQ(http(server_.address(), "/hello").status, 200);
}

TEST_F(HttpServerTest, StopsTwiceAndFreesThePort) {
  const std::string address = server_.address();
  server_.stop();
  server_.stop();
  HttpServer next(&respond);
  next.start(address);
  EXPECT_EQ(next.address(), address);
}

TEST(HttpServer, ListensOnIpv6) {
  HttpServer server([](std::string_view) { return HttpResponse{200, "six\n"}; });
  server.start("[::1]:0");
  EXPECT_EQ(server.address().rfind("[::1]:", 0), 0U);
  EXPECT_EQ(http(server.address(), "/").body, "six\n");
}

TEST(HttpServer, RefusesAnAddressThatIsNone) {
  HttpServer server([](std::string_view) { return HttpResponse{}; });
  EXPECT_THROW(server.start("nowhere"), std::system_error);
  EXPECT_THROW(server.start("localhost:0"), std::system_error);
  EXPECT_THROW(server.start("127.0.0.1:http"), std::system_error);
}

}  // namespace
}  // namespace crier::services::ops
