#include "dataplane/envelope/client_frame.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "crier/v1/frame.pb.h"

namespace crier::dataplane::envelope {
namespace {

using Kind = ClientFrame::Kind;

// What protobuf's own code makes of it.
ClientFrame reference(const v1::ClientFrame& frame, std::string& storage) {
  switch (frame.kind_case()) {
    case v1::ClientFrame::kHello:
      storage = frame.hello().token();
      return {Kind::kHello, storage, 0};
    case v1::ClientFrame::kPayload:
      storage = frame.payload();
      return {Kind::kPayload, storage, 0};
    case v1::ClientFrame::kPing:
      return {Kind::kPing, {}, frame.ping().id()};
    case v1::ClientFrame::kPong:
      return {Kind::kPong, {}, frame.pong().id()};
    case v1::ClientFrame::KIND_NOT_SET:
      break;
  }
  return {};
}

void expect_same(const ClientFrame& ours, const ClientFrame& theirs) {
  RC_ASSERT(ours.kind == theirs.kind);
  RC_ASSERT(ours.bytes == theirs.bytes);
  RC_ASSERT(ours.id == theirs.id);
}

v1::ClientFrame any_frame() {
  v1::ClientFrame frame;
  const auto id = *rc::gen::arbitrary<std::uint64_t>();
  switch (*rc::gen::inRange(0, 4)) {
    case 0:
      frame.mutable_hello()->set_token(
          *rc::gen::container<std::string>(rc::gen::inRange<char>(' ', '~')));
      break;
    case 1:
      frame.set_payload(*rc::gen::arbitrary<std::string>());
      break;
    case 2:
      frame.mutable_ping()->set_id(id);
      break;
    default:
      frame.mutable_pong()->set_id(id);
  }
  return frame;
}

RC_GTEST_PROP(ClientFrame, IsReadAsProtobufDoes, ()) {
  const v1::ClientFrame frame = any_frame();
  std::string storage;
  const std::string wire = frame.SerializeAsString();
  expect_same(parse_client_frame(wire), reference(frame, storage));
}

// Fields may come more than once and in any order, known or not.
RC_GTEST_PROP(ClientFrame, ConcatenatedMessagesAreMergedAsProtobufDoes, ()) {
  std::string wire;
  const int parts = *rc::gen::inRange(1, 5);
  for (int i = 0; i < parts; ++i) {
    wire += any_frame().SerializeAsString();
    if (*rc::gen::arbitrary<bool>()) wire += std::string("\x7A\x02hi\x78\x05", 6);
  }
  v1::ClientFrame frame;
  RC_ASSERT(frame.ParseFromString(wire));
  std::string storage;
  expect_same(parse_client_frame(wire), reference(frame, storage));
}

// Cut or changed anywhere: no crash, and never anything that protobuf reads differently.
RC_GTEST_PROP(ClientFrame, DamageIsSeenAsProtobufSeesIt, ()) {
  std::string wire = any_frame().SerializeAsString();
  if (!wire.empty()) {
    const auto at = *rc::gen::inRange<std::size_t>(0, wire.size());
    wire[at] = *rc::gen::arbitrary<char>();
    wire.resize(*rc::gen::inRange<std::size_t>(0, wire.size() + 1));
  }
  const ClientFrame ours = parse_client_frame(wire);
  v1::ClientFrame frame;
  if (!frame.ParseFromString(wire)) {
    // Text that is not UTF-8 is no concern of ours.
    RC_PRE(ours.kind != Kind::kHello);
    RC_ASSERT(ours.kind == Kind::kMalformed);
    return;
  }
  RC_PRE(ours.kind != Kind::kMalformed);
  std::string storage;
  expect_same(ours, reference(frame, storage));
}

TEST(ClientFrame, NothingIsOfNoKind) {
  EXPECT_EQ(parse_client_frame("").kind, Kind::kUnknown);
  EXPECT_EQ(parse_client_frame(std::string_view("\x7A\x00", 2)).kind, Kind::kUnknown);
}

TEST(ClientFrame, WhatIsNoProtobufIsMalformed) {
  using namespace std::string_view_literals;
  for (const std::string_view wire :
       {"\x0A"sv, "\x0A\x05"sv, "\x12\x02x"sv, "\x00"sv, "\x12\xFF\xFF\xFF\xFF\x0F"sv,
        "\x12\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"sv,
        "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"sv, "\x0B"sv, "\x0A\x01\x0A"sv,
        "\x1A\x02\x08\x80"sv, "hello there"sv, "\x09short"sv}) {
    EXPECT_EQ(parse_client_frame(wire).kind, Kind::kMalformed) << wire;
  }
}

// Which protobuf skips where it does not know them.
TEST(ClientFrame, GroupsAreMalformed) {
  constexpr std::string_view kGroup = "\x7B\x7C";
  v1::ClientFrame frame;
  EXPECT_TRUE(frame.ParseFromString(std::string(kGroup)));
  EXPECT_EQ(parse_client_frame(kGroup).kind, Kind::kMalformed);
}

}  // namespace
}  // namespace crier::dataplane::envelope
