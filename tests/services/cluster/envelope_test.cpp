#include "services/cluster/envelope.hpp"

#include <gtest/gtest.h>
// RapidCheck's GoogleTest support needs gtest first.
#include <rapidcheck/gtest.h>

#include <string>

#include "dataplane/access/identity.hpp"
#include "services/control/client_ids.hpp"
#include "services/control/page_size.hpp"

namespace crier::services::cluster {
namespace {

constexpr std::size_t kBytesMax = 4096;

std::string broadcast(const std::string& payload) {
  v1::BusBody body;
  body.mutable_broadcast()->mutable_request()->set_payload(payload);
  return body.SerializeAsString();
}

Ignored refused(std::string_view bytes, std::size_t bytes_max = kBytesMax) {
  const auto opened = open(bytes, bytes_max);
  EXPECT_TRUE(std::holds_alternative<Ignored>(opened));
  return std::get<Ignored>(opened);
}

RC_GTEST_PROP(Envelope, OpensAsItWasSealed, ()) {
  const auto payload = *rc::gen::string<std::string>();
  const auto epoch = *rc::gen::suchThat<std::uint64_t>([](auto value) { return value != 0; });
  const auto to = *rc::gen::arbitrary<std::uint64_t>();
  const auto sequence = *rc::gen::arbitrary<std::uint64_t>();
  const auto opened = open(seal({"node", epoch, to, sequence}, broadcast(payload)), kBytesMax);
  RC_ASSERT(std::holds_alternative<Opened>(opened));
  const auto& [envelope, body] = std::get<Opened>(opened);
  RC_ASSERT(envelope.node() == "node");
  RC_ASSERT(envelope.epoch() == epoch);
  RC_ASSERT(envelope.to() == to);
  RC_ASSERT(envelope.sequence() == sequence);
  RC_ASSERT(body.broadcast().request().payload() == payload);
}

RC_GTEST_PROP(Envelope, WithAChangedBodyIsRefused, ()) {
  const std::string body = broadcast("a payload that somebody changes on its way");
  std::string sealed = seal({"node", 7, 0, 1}, body);
  const std::size_t from = sealed.find(body);
  const auto at = *rc::gen::inRange<std::size_t>(0, body.size());
  const auto bit = *rc::gen::inRange(0, 8);
  sealed[from + at] = static_cast<char>(sealed[from + at] ^ (1 << bit));
  RC_ASSERT(refused(sealed) == Ignored::kChecksum);
}

RC_GTEST_PROP(Envelope, OfAnyBytesIsRefusedOrOpens, (const std::string& bytes)) {
  static_cast<void>(open(bytes, kBytesMax));  // what counts is that it comes back
}

TEST(Envelope, TellsWhyItIsRefused) {
  const std::string good = seal({"node", 7, 0, 1}, broadcast("x"));
  EXPECT_EQ(refused(good, good.size() - 1), Ignored::kTooLarge);
  EXPECT_EQ(refused("\xff\xff\xff"), Ignored::kMalformed);
  EXPECT_EQ(refused(good.substr(0, good.size() - 1)), Ignored::kMalformed);
  EXPECT_EQ(refused(seal({"node", 0, 0, 1}, broadcast("x"))), Ignored::kMalformed);
  EXPECT_EQ(refused(seal({"node", 7, 0, 1}, "\xff\xff\xff")), Ignored::kMalformed);
  EXPECT_EQ(refused(""), Ignored::kVersion);
  EXPECT_EQ(refused(seal({"node", 7, 0, 1}, "")), Ignored::kKind);
}

TEST(Envelope, OfAnotherVersionIsRefused) {
  for (const std::uint32_t version : {0U, kEnvelopeVersion + 1}) {
    v1::BusEnvelope envelope;
    ASSERT_TRUE(envelope.ParseFromString(seal({"node", 7, 0, 1}, broadcast("x"))));
    envelope.set_version(version);
    EXPECT_EQ(refused(envelope.SerializeAsString()), Ignored::kVersion) << version;
  }
}

TEST(Envelope, OpensWithAsManyIdsAsANodeMaySendAndNoMore) {
  v1::BusBody body;
  auto& ids = *body.mutable_broadcast()->mutable_request()->mutable_only();
  for (std::size_t i = 0; i < control::kClientIdsMax; ++i) ids.add_client_ids();
  constexpr std::size_t kMuch = 1U << 20U;
  EXPECT_TRUE(std::holds_alternative<Opened>(
      open(seal({"node", 7, 0, 1}, body.SerializeAsString()), kMuch)));
  ids.add_client_ids();
  EXPECT_EQ(refused(seal({"node", 7, 0, 1}, body.SerializeAsString()), kMuch), Ignored::kTooLarge);
}

// The largest answer: a page of clients, each with all that can be said of one.
TEST(Envelope, OpensWithTheLargestPageOfClients) {
  v1::BusBody body;
  auto& page = *body.mutable_reply()->mutable_list_clients();
  for (int i = 0; i < control::kPageSizeMax; ++i) {
    v1::Client& client = *page.add_clients();
    for (const int reason : {1, 2, 3, 4, 5}) {
      client.add_dropped()->set_reason(static_cast<v1::DropReason>(reason));
    }
    for (std::size_t label = 0; label < dataplane::Identity::kLabelsMax; ++label) {
      (*client.mutable_labels())[std::to_string(label)] = "value";
    }
  }
  EXPECT_TRUE(std::holds_alternative<Opened>(
      open(seal({"node", 7, 0, 1}, body.SerializeAsString()), 16U << 20U)));
}

// A length of 512 MiB in a few bytes.
TEST(Envelope, DoesNotBelieveALength) {
  EXPECT_EQ(refused(std::string("\x42\x80\x80\x80\x80\x02") + "few"), Ignored::kMalformed);
}

}  // namespace
}  // namespace crier::services::cluster
