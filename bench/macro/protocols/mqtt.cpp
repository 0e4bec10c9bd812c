#include "bench/macro/protocols/mqtt_packet.hpp"
#include "bench/macro/protocols/protocol.hpp"

namespace crier::bench {
namespace {

class MqttProtocol final : public Protocol {
 public:
  [[nodiscard]] std::string subscribe(const std::vector<std::string_view>& topics) const override {
    std::string body;
    mqtt::append_u16(body, 1);  // the number of this packet, any but 0
    for (const std::string_view topic : topics) {
      mqtt::append_text(body, topic);
      body += '\0';  // QoS 0
    }
    std::string bytes = mqtt::connect_packet();
    mqtt::append_header(bytes, mqtt::kSubscribe, body.size());
    return bytes += body;
  }
  [[nodiscard]] unsigned acknowledgements(std::size_t /*topics*/) const override { return 1; }

  std::size_t parse(std::string_view input, Found& found) const override {
    std::size_t used = 0;
    for (;;) {
      const mqtt::Packet packet = mqtt::read_packet(input.substr(used));
      if (packet.malformed || (packet.bytes > 0 && !take(packet, found))) {
        found.malformed = true;
        return input.size();
      }
      if (packet.bytes == 0) return used;
      used += packet.bytes;
    }
  }

 private:
  // False where it is not what a server sends to a client of ours.
  static bool take(const mqtt::Packet& packet, Found& found) {
    switch (packet.kind) {
      case mqtt::kPublish: {
        if (packet.body.size() < 2) return false;
        const std::size_t topic = static_cast<unsigned char>(packet.body[0]) << 8U |
                                  static_cast<unsigned char>(packet.body[1]);
        if (packet.body.size() < 2 + topic) return false;
        found.payloads.push_back(packet.body.substr(2 + topic));
        return true;
      }
      case mqtt::kConnack:
        return packet.body.size() == 2 && packet.body[1] == '\0';
      case mqtt::kSuback:
        ++found.acknowledgements;
        return packet.body.find('\x80') == std::string_view::npos;  // a refusal
      default:
        return false;
    }
  }
};

}  // namespace

std::unique_ptr<Protocol> make_mqtt_protocol() {
  return std::make_unique<MqttProtocol>();
}

}  // namespace crier::bench
