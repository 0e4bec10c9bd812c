#include <gtest/gtest.h>
// RapidCheck's GoogleTest support needs gtest first.
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "services/control/client_ids.hpp"
#include "tests/services/control/control_fixture.hpp"

namespace crier::services::control {
namespace {

// Ids a caller may write: of clients there are, of one that has left, and no ids at all.
std::vector<std::string> id_pool(FakeClients& fake) {
  std::vector<std::string> pool;
  for (int i = 0; i < 4; ++i) pool.push_back(dataplane::to_string(fake.add(0)));
  const auto left = fake.add(0);
  fake.remove(left);
  pool.push_back(dataplane::to_string(left));
  pool.insert(pool.end(), {"", "nobody", std::string(26, '1'), std::string(26, 'a')});
  std::string upper = pool[0];
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; });
  pool.push_back(upper);
  return pool;
}

constexpr int kPoolSize = 10;

RC_GTEST_PROP(ClientIds, EachDistinctOnlyIsMatchedOrUnknownOrExcepted, ()) {
  ControlFixture f;
  const auto pool = id_pool(f.fake);
  const auto indexes = rc::gen::container<std::vector<int>>(rc::gen::inRange(0, kPoolSize));
  const auto only_indexes = *indexes;
  const auto except_indexes = *indexes;
  std::set<std::string> only;
  std::set<std::string> except;
  v1::BroadcastRequest request;
  request.mutable_only();
  for (const int i : only_indexes) {
    request.mutable_only()->add_client_ids(pool[static_cast<std::size_t>(i)]);
    only.insert(pool[static_cast<std::size_t>(i)]);
  }
  for (const int i : except_indexes) {
    request.mutable_except()->add_client_ids(pool[static_cast<std::size_t>(i)]);
    except.insert(pool[static_cast<std::size_t>(i)]);
  }
  const auto answer = f.broadcast(request);
  RC_ASSERT(answer.status->ok());

  std::set<std::string> matched;
  std::set<std::string> unknown;
  for (const std::string& id : only) {
    if (except.contains(id)) continue;
    (std::find(pool.begin(), pool.begin() + 4, id) != pool.begin() + 4 ? matched : unknown)
        .insert(id);
  }
  RC_ASSERT(answer.response.matched() == static_cast<std::int64_t>(matched.size()));
  const std::vector<std::string> reported(answer.response.unknown_client_ids().begin(),
                                          answer.response.unknown_client_ids().end());
  RC_ASSERT(reported.size() == unknown.size());
  RC_ASSERT(std::set<std::string>(reported.begin(), reported.end()) == unknown);
}

RC_GTEST_PROP(ClientIds, ExceptWithoutOnlyLeavesOutEachNamedClientOnce, ()) {
  ControlFixture f;
  const auto pool = id_pool(f.fake);
  const auto indexes = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, kPoolSize));
  std::set<int> excepted;
  v1::BroadcastRequest request;
  for (const int i : indexes) {
    request.mutable_except()->add_client_ids(pool[static_cast<std::size_t>(i)]);
    if (i < 4) excepted.insert(i);
  }
  const auto answer = f.broadcast(request);
  RC_ASSERT(answer.response.matched() == 4 - static_cast<std::int64_t>(excepted.size()));
  RC_ASSERT(answer.response.unknown_client_ids().empty());
}

RC_GTEST_PROP(ClientIds, AnswersStayWithinWhatIsReservedForThem, ()) {
  const auto ids = *rc::gen::container<std::vector<std::string>>(rc::gen::string<std::string>());
  v1::BroadcastRequest request;
  v1::BroadcastResponse response;
  response.set_matched(std::numeric_limits<std::int64_t>::max());
  response.set_queued(std::numeric_limits<std::int64_t>::max());
  response.set_evicted(std::numeric_limits<std::int64_t>::max());
  for (int reason = 1; reason <= 5; ++reason) {
    auto* drop = response.add_dropped();
    drop->set_reason(static_cast<v1::DropReason>(reason));
    drop->set_count(std::numeric_limits<std::int64_t>::max());
  }
  for (const std::string& id : ids) {
    request.mutable_only()->add_client_ids(id);
    response.add_unknown_client_ids(id);
  }
  RC_ASSERT(response.ByteSizeLong() <= answer_bytes_max(request.only()));
}

}  // namespace
}  // namespace crier::services::control
