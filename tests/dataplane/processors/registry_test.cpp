#include "dataplane/processors/registry.hpp"

#include <gmock/gmock.h>

#include <string>

namespace crier::dataplane {
namespace {

using ::testing::ElementsAre;

ListenerConfig with(std::string_view processor) {
  ListenerConfig listener;
  listener.processor = processor;
  return listener;
}

// A node that takes relays, or has no room for them.
class FakeNode final : public NodePort {
 public:
  Submit answer = Submit::kAccepted;
  ListenerIndex listener = 0;
  ClientId from;
  std::string payload;

  Submit relay(ListenerIndex to, const ClientId& sender, std::string_view bytes) override {
    listener = to;
    from = sender;
    payload = bytes;
    return answer;
  }
  void complete_reply(const ClientId&, std::uint64_t, std::optional<std::string>) override {}
  void on_closed(const ClosedClient&) override {}
};

TEST(ProcessorRegistry, NamesItsProcessors) {
  EXPECT_THAT(processor_names(), ElementsAre("discard", "echo", "relay", "double"));
}

TEST(ProcessorRegistry, MakesEveryProcessorItNames) {
  for (const std::string_view name : processor_names()) {
    EXPECT_FALSE(processor_problem(with(name))) << name;
    EXPECT_NE(make_processor(with(name)), nullptr) << name;
  }
}

TEST(ProcessorRegistry, TheNameDecidesWhatIsMade) {
  std::string scratch;
  EXPECT_EQ(make_processor(with("echo"))->process({"hi", 0, {}, scratch}).reply, "hi");
  EXPECT_EQ(make_processor(with("double"))->process({"\x01\x03", 0, {}, scratch}).reply, "\x06");
  EXPECT_EQ(make_processor(with("discard"))->process({"hi", 0, {}, scratch}).kind,
            Verdict::Kind::kNone);
}

TEST(ProcessorRegistry, TheProblemNamesWhatThereIs) {
  for (const char* name : {"", "Echo", "echo ", "none"}) {
    EXPECT_EQ(processor_problem(with(name)),
              "is not the name of a processor; there are discard, echo, relay, double");
  }
}

TEST(RelayProcessor, HandsTheFrameToTheNodeAndIsBusyWhereItHasNoRoom) {
  const auto relay = make_processor(with("relay"));
  FakeNode node;
  std::string scratch;
  const ClientId sender{.incarnation = 1, .slot = 2, .shard = 3, .serial = 4};
  EXPECT_EQ(relay->process({"hi", 5, {&node, sender, 0}, scratch}).kind, Verdict::Kind::kNone);
  EXPECT_EQ(node.listener, 5U);
  EXPECT_EQ(node.from, sender);
  EXPECT_EQ(node.payload, "hi");
  for (const Submit no_room : {Submit::kOverloaded, Submit::kMemoryFull}) {
    node.answer = no_room;
    EXPECT_EQ(relay->process({"hi", 5, {&node, sender, 0}, scratch}).kind, Verdict::Kind::kBusy);
  }
  // What no client could ever get is not tried again.
  for (const Submit lost : {Submit::kUnencodable, Submit::kTooLarge, Submit::kStopped}) {
    node.answer = lost;
    EXPECT_EQ(relay->process({"hi", 5, {&node, sender, 0}, scratch}).kind, Verdict::Kind::kNone);
  }
  EXPECT_FALSE(relay->replies());
}

}  // namespace
}  // namespace crier::dataplane
