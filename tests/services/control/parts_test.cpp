#include "services/control/parts.hpp"

#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <gtest/gtest.h>
// RapidCheck's GoogleTest support needs gtest first.
#include <rapidcheck/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "crier/v1/bus.pb.h"
#include "crier/v1/control.pb.h"
#include "services/control/client_ids.hpp"

namespace crier::services::control {
namespace {

using namespace std::string_literals;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

// In pieces of `piece_bytes`; 0: in one.
template <class Message>
Parts parts_of(std::string_view bytes, int piece_bytes = 0) {
  google::protobuf::io::ArrayInputStream pieces(bytes.data(), static_cast<int>(bytes.size()),
                                                piece_bytes == 0 ? -1 : piece_bytes);
  return count_parts(pieces, bytes.size(), *Message::descriptor());
}

std::string repeat(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

v1::BroadcastRequest full_request() {
  v1::BroadcastRequest request;
  request.set_payload(std::string(300, 'x'));
  for (const auto* id : {"", "one", "two"}) request.mutable_only()->add_client_ids(id);
  request.mutable_except()->add_client_ids(std::string(200, 'y'));
  request.set_listener("first");
  request.set_overflow(v1::OVERFLOW_POLICY_DISCONNECT);
  request.set_request_id("once");
  request.set_validate_only(true);
  request.set_scope(v1::SCOPE_LOCAL);
  request.mutable_wait_timeout()->set_seconds(-1);
  return request;
}

TEST(Parts, AreCountedInEverySplit) {
  const std::string bytes = full_request().SerializeAsString();
  for (int piece = 1; piece <= static_cast<int>(bytes.size()); ++piece) {
    const Parts parts = parts_of<v1::BroadcastRequest>(bytes, piece);
    ASSERT_FALSE(parts.malformed) << piece;
    ASSERT_EQ(parts.ids, 4U) << piece;
    ASSERT_EQ(parts.others, 0U) << piece;
  }
}

TEST(Parts, OfAMessageCutAnywhereAreMalformedWhereverProtobufSaysSo) {
  const std::string bytes = full_request().SerializeAsString();
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    const std::string cut = bytes.substr(0, size);
    v1::BroadcastRequest request;
    ASSERT_EQ(parts_of<v1::BroadcastRequest>(cut).malformed, !request.ParseFromString(cut)) << size;
  }
}

TEST(Parts, OfWhatIsSaidTwiceAddUp) {
  const std::string twice = full_request().SerializeAsString() + full_request().SerializeAsString();
  EXPECT_EQ(parts_of<v1::BroadcastRequest>(twice).ids, 8U);
}

// The tag of `only` and that of an id, longer than they need be, up to bits that 32 do not hold.
TEST(Parts, AreFoundBehindEveryWayToWriteATag) {
  for (const std::string& only : {"\x12"s, "\x92\x00"s, "\x92\x80\x80\x00"s,
                                  "\x92\x80\x80\x80\x00"s, "\x92\x80\x80\x80\x70"s}) {
    for (const std::string& id : {"\x0a"s, "\x8a\x80\x80\x80\x70"s}) {
      const std::string inner = id + '\x00';
      const std::string bytes = only + static_cast<char>(inner.size()) + inner;
      v1::BroadcastRequest request;
      ASSERT_TRUE(request.ParseFromString(bytes));
      ASSERT_EQ(request.only().client_ids_size(), 1);
      EXPECT_EQ(parts_of<v1::BroadcastRequest>(bytes).ids, 1U);
    }
  }
}

TEST(Parts, ThatNobodyKnowsAreOthersWhereverTheyAre) {
  // A number, eight bytes, four bytes, a text, and a group with a text in it.
  const std::string unknown = "\x78\x01\x79--------\x7d----\x7a\x00\x7b\x7a\x00\x7c"s;
  const std::string bytes = unknown + "\x12"s + static_cast<char>(unknown.size()) + unknown;
  v1::BroadcastRequest request;
  ASSERT_TRUE(request.ParseFromString(bytes));
  const Parts parts = parts_of<v1::BroadcastRequest>(bytes);
  EXPECT_FALSE(parts.malformed);
  EXPECT_EQ(parts.others, 12U);
  EXPECT_EQ(parts.ids, 0U);
  // What is known by its number, but comes as something else.
  EXPECT_EQ(parts_of<v1::BroadcastRequest>("\x2a\x00"s).others, 1U);
  EXPECT_EQ(parts_of<v1::ListNodesRequest>("\x0a\x00"s).others, 1U);
}

TEST(Parts, OfAnswersAreTheirMessages) {
  v1::ListClientsResponse page;
  for (int i = 0; i < 3; ++i) {
    v1::Client& client = *page.add_clients();
    client.add_dropped()->set_count(1);
    client.mutable_tcp()->mutable_rtt()->set_nanos(1);
    (*client.mutable_labels())["tier"] = "gold";
  }
  page.add_unreachable("node");
  const Parts parts = parts_of<v1::ListClientsResponse>(page.SerializeAsString());
  EXPECT_FALSE(parts.malformed);
  EXPECT_EQ(parts.others, 9U);
  EXPECT_EQ(parts.ids, 1U);
}

TEST(Parts, AreMalformedWhereTheyCannotBe) {
  for (const std::string& bytes : {
           "\x00"s,                                          // field 0
           "\x03"s,                                          // the same, as a group
           "\x0c"s,                                          // the end of a group that is none
           "\x7b"s,                                          // a group without its end
           "\x7b\x74"s,                                      // or with another one's
           "\x0e\x00"s, "\x0f\x00"s,                         // no such type
           "\x0a"s, "\x0a\x02x"s,                            // text that is not there
           "\x12\x03\x0a\x05x12345"s,                        // an id that is longer than its set
           "\x12\x01\x0a\x00"s,                              // or begins at its end
           "\x8a\x80\x80\x80\x80\x00\x00"s,                  // a tag of six bytes
           "\x38\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"s,  // a number that does not end
           "\x7d---"s, "\x79-------"s,                       // four and eight bytes
           "\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01x"s  // 2^64 - 1 bytes
       }) {
    v1::BroadcastRequest request;
    ASSERT_FALSE(request.ParseFromString(bytes));
    EXPECT_TRUE(parts_of<v1::BroadcastRequest>(bytes).malformed);
  }
}

TEST(Parts, AreNestedAsDeepAsProtobufGoes) {
  for (const std::size_t depth : {99U, 100U, 101U}) {
    const std::string groups = repeat("\x7b", depth) + repeat("\x7c", depth);
    v1::BroadcastRequest request;
    EXPECT_EQ(parts_of<v1::BroadcastRequest>(groups).malformed, !request.ParseFromString(groups));
  }
  EXPECT_TRUE(parts_of<v1::BroadcastRequest>(repeat("\x7b", 1U << 20U)).malformed);
}

std::string empty_ids(std::size_t count) {
  v1::BroadcastRequest request;
  for (std::size_t i = 0; i < count; ++i) request.mutable_only()->add_client_ids();
  return request.SerializeAsString();
}

TEST(Parts, AreRefusedAboveTheirBounds) {
  const auto judge = [](std::string_view bytes) {
    return check_parts(parts_of<v1::BroadcastRequest>(bytes));
  };
  EXPECT_TRUE(judge(empty_ids(kClientIdsMax)).ok());
  EXPECT_EQ(judge(empty_ids(kClientIdsMax + 1)).message,
            too_many_client_ids("ids", kClientIdsMax + 1, kClientIdsMax).message);
  EXPECT_TRUE(judge(repeat("\x7a\x00"s, kOtherPartsMax)).ok());
  const Status status = judge(repeat("\x7a\x00"s, kOtherPartsMax + 1));
  EXPECT_EQ(status.code, Code::kInvalidArgument);
  EXPECT_EQ(status.reason, "INVALID_REQUEST");
  EXPECT_EQ(judge("\x00"s).reason, "INVALID_REQUEST");
}

// What a refusal calls ids is nothing else.
TEST(Parts, OfRequestsThatRepeatAreIdsOfClients) {
  const auto* service = v1::BroadcastRequest::descriptor()->file()->FindServiceByName("Control");
  ASSERT_NE(service, nullptr);
  for (int i = 0; i < service->method_count(); ++i) {
    std::vector<const Descriptor*> types{service->method(i)->input_type()};
    while (!types.empty()) {
      const Descriptor* type = types.back();
      types.pop_back();
      for (int j = 0; j < type->field_count(); ++j) {
        const FieldDescriptor* field = type->field(j);
        if (field->message_type() != nullptr) types.push_back(field->message_type());
        EXPECT_TRUE(!field->is_repeated() || type == v1::ClientIds::descriptor())
            << field->full_name();
      }
    }
  }
}

RC_GTEST_PROP(Parts, OfAnyBytesAgreeWithProtobufWhereItParses, (const std::string& bytes)) {
  v1::BroadcastRequest request;
  const Parts parts = parts_of<v1::BroadcastRequest>(bytes);
  if (!request.ParseFromString(bytes)) return;
  RC_ASSERT(!parts.malformed);
  RC_ASSERT(parts.ids == static_cast<std::size_t>(request.only().client_ids_size() +
                                                  request.except().client_ids_size()));
}

}  // namespace
}  // namespace crier::services::control
