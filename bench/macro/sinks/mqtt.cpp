#include "bench/macro/protocols/mqtt_packet.hpp"
#include "bench/macro/sinks/publisher_socket.hpp"
#include "bench/macro/sinks/sink.hpp"
#include "bench/macro/topic.hpp"

namespace crier::bench {
namespace {

class MqttSink final : public Sink {
 public:
  explicit MqttSink(const std::string& address) : socket_(address) {
    socket_.waiting() = mqtt::connect_packet();
    socket_.flush();
    await(mqtt::kConnack);
  }

  std::optional<std::uint64_t> clients() override { return std::nullopt; }
  bool target(const std::vector<std::string>& addresses) override {
    topic_ = addresses.empty() ? kTopicOfAll : kTopicOfGroup;
    return true;
  }

  void begin() override {}

  void publish(std::string_view payload, bool more) override {
    std::string& out = socket_.waiting();
    mqtt::append_header(out, mqtt::kPublish, 2 + topic_.size() + payload.size());
    mqtt::append_text(out, topic_);
    out += payload;
    socket_.flush_unless(more);
  }

  // The answer to a ping says that the server has taken everything before it.
  Answers finish() override {
    mqtt::append_header(socket_.waiting(), mqtt::kPingreq, 0);
    socket_.flush();
    await(mqtt::kPingresp);
    return {};
  }

 private:
  void await(std::uint8_t kind) {
    std::string input;
    mqtt::Packet packet;
    do {
      socket_.read(input);
      packet = mqtt::read_packet(input);
    } while (packet.bytes == 0 && !packet.malformed);
    if (packet.kind != kind) fail("the broker answers with something else");
  }

  PublisherSocket socket_;
  std::string_view topic_ = kTopicOfAll;
};

}  // namespace

std::unique_ptr<Sink> connect_mqtt(const std::string& address) {
  return std::make_unique<MqttSink>(address);
}

}  // namespace crier::bench
