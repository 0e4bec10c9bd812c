#include <gtest/gtest.h>
// RapidCheck's GoogleTest support needs gtest first.
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "services/control/page_token.hpp"
#include "tests/services/control/control_fixture.hpp"

namespace crier::services::control {
namespace {

int page_length(ControlFixture& f, int page_size) {
  v1::ListClientsRequest request;
  request.set_page_size(page_size);
  return f.ask(&Control::list_clients, request).response.clients_size();
}

TEST(ListClients, HasPagesOf100UnlessToldAndOf1000AtMost) {
  ControlFixture f;
  for (int i = 0; i < 1001; ++i) f.fake.add();
  EXPECT_EQ(page_length(f, 0), 100);
  EXPECT_EQ(page_length(f, 7), 7);
  EXPECT_EQ(page_length(f, 1000), 1000);
  EXPECT_EQ(page_length(f, 1001), 1000);
  EXPECT_EQ(page_length(f, std::numeric_limits<int>::max()), 1000);
}

TEST(ListClients, RefusesANegativePageSize) {
  ControlFixture f;
  v1::ListClientsRequest request;
  request.set_page_size(-1);
  const auto answer = f.ask(&Control::list_clients, request);
  EXPECT_EQ(answer.status->code, Code::kInvalidArgument);
  EXPECT_EQ(answer.reason(), "INVALID_PAGE_SIZE");
}

TEST(ListClients, CountsAllClientsOfTheFilter) {
  ControlFixture f;
  for (int i = 0; i < 5; ++i) f.fake.add(i < 2 ? 0 : 1);
  v1::ListClientsRequest request;
  request.set_page_size(1);
  EXPECT_EQ(f.ask(&Control::list_clients, request).response.total_size(), 5);
  request.set_listener("second");
  EXPECT_EQ(f.ask(&Control::list_clients, request).response.total_size(), 3);
  request.set_listener("third");
  EXPECT_EQ(f.ask(&Control::list_clients, request).status->code, Code::kNotFound);
}

TEST(ListClients, RefusesATokenOfAnotherFilter) {
  ControlFixture f;
  f.fake.add();
  f.fake.add();
  v1::ListClientsRequest request;
  request.set_page_size(1);
  const std::string token = f.ask(&Control::list_clients, request).response.next_page_token();
  ASSERT_FALSE(token.empty());
  request.set_page_token(token);
  EXPECT_TRUE(f.ask(&Control::list_clients, request).status->ok());
  request.set_listener("first");
  const auto answer = f.ask(&Control::list_clients, request);
  EXPECT_EQ(answer.status->code, Code::kInvalidArgument);
  EXPECT_EQ(answer.reason(), "BAD_PAGE_TOKEN");
}

// Clients come and go between the pages; whoever stays is seen exactly once, others at most once.
RC_GTEST_PROP(ListClients, ShowsWhoStaysExactlyOnce, ()) {
  ControlFixture f;
  std::set<std::string> stayed;
  std::vector<dataplane::ClientId> present;
  const int clients = *rc::gen::inRange(0, 30);
  for (int i = 0; i < clients; ++i) {
    present.push_back(f.fake.add());
    stayed.insert(dataplane::to_string(present.back()));
  }
  struct Churn {
    bool joins;
    bool leaves;
    std::size_t who;
  };
  const auto churn = *rc::gen::container<std::vector<Churn>>(rc::gen::construct<Churn>(
      rc::gen::arbitrary<bool>(), rc::gen::arbitrary<bool>(), rc::gen::arbitrary<std::size_t>()));
  std::map<std::string, int> seen;
  v1::ListClientsRequest request;
  request.set_page_size(*rc::gen::inRange(1, 8));
  std::size_t pages = 0;
  do {
    const auto page = f.ask(&Control::list_clients, request);
    RC_ASSERT(page.status->ok());
    for (const auto& client : page.response.clients()) ++seen[client.client_id()];
    request.set_page_token(page.response.next_page_token());
    if (pages < churn.size()) {
      if (churn[pages].leaves && !present.empty()) {
        const auto who = present[churn[pages].who % present.size()];
        f.fake.remove(who);
        stayed.erase(dataplane::to_string(who));
      }
      if (churn[pages].joins) f.fake.add();
    }
    ++pages;
  } while (!request.page_token().empty());
  for (const auto& [id, times] : seen) RC_ASSERT(times == 1);
  for (const auto& id : stayed) RC_ASSERT(seen.contains(id));
}

RC_GTEST_PROP(PageToken, ComesBackAsItWas, ()) {
  const std::string filter = *rc::gen::string<std::string>();
  const PageContext context{*rc::gen::arbitrary<std::uint64_t>(), filter};
  const dataplane::ListPosition position{.shard = *rc::gen::arbitrary<std::uint32_t>(),
                                         .slot = *rc::gen::arbitrary<std::uint32_t>()};
  const std::string token = make_page_token(context, position);
  RC_ASSERT(parse_page_token(context, token) == position);
  RC_ASSERT(token.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == std::string::npos);
}

RC_GTEST_PROP(PageToken, IsRefusedOnceAnyCharacterDiffers, ()) {
  const PageContext context{7, "first"};
  std::string token = make_page_token(context, {.shard = 3, .slot = 5});
  const auto at = *rc::gen::inRange<std::size_t>(0, token.size());
  const char other = *rc::gen::distinctFrom(rc::gen::arbitrary<char>(), token[at]);
  token[at] = other;
  RC_ASSERT(!parse_page_token(context, token));
}

TEST(PageToken, IsRefusedByARestartedNodeAndWhenCutOrExtended) {
  const std::string token = make_page_token({7, "first"}, {.shard = 3, .slot = 5});
  EXPECT_TRUE(parse_page_token({7, "first"}, token));
  EXPECT_FALSE(parse_page_token({8, "first"}, token));
  EXPECT_FALSE(parse_page_token({7, ""}, token));
  for (std::size_t length = 0; length < token.size(); ++length) {
    EXPECT_FALSE(parse_page_token({7, "first"}, token.substr(0, length)));
  }
  EXPECT_FALSE(parse_page_token({7, "first"}, token + "0"));
}

}  // namespace
}  // namespace crier::services::control
