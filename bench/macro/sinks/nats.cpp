#include "bench/macro/protocols/protocol.hpp"
#include "bench/macro/sinks/publisher_socket.hpp"
#include "bench/macro/sinks/sink.hpp"
#include "bench/macro/topic.hpp"

namespace crier::bench {
namespace {

class NatsSink final : public Sink {
 public:
  explicit NatsSink(const std::string& address) : socket_(address) {
    socket_.waiting() = protocol_->subscribe({});  // greets, and asks for a PONG
    await_pong();
  }

  std::optional<std::uint64_t> clients() override { return std::nullopt; }
  bool target(const std::vector<std::string>& addresses) override {
    topic_ = addresses.empty() ? kTopicOfAll : kTopicOfGroup;
    return true;
  }

  void begin() override {}

  void publish(std::string_view payload, bool more) override {
    socket_.waiting().append("PUB ").append(topic_).append(" ");
    socket_.waiting().append(std::to_string(payload.size())).append("\r\n");
    socket_.waiting().append(payload).append("\r\n");
    socket_.flush_unless(more);
  }

  // The PONG says that the server has taken everything before the PING.
  Answers finish() override {
    socket_.waiting() += "PING\r\n";
    await_pong();
    return {};
  }

 private:
  void await_pong() {
    socket_.flush();
    Protocol::Found found;
    while (found.acknowledgements == 0) {
      socket_.read(input_);
      input_.erase(0, protocol_->parse(input_, found));
    }
    socket_.waiting() += found.replies;
    socket_.flush();
  }

  std::unique_ptr<Protocol> protocol_ = make_nats_protocol();
  PublisherSocket socket_;
  std::string_view topic_ = kTopicOfAll;
  std::string input_;
};

}  // namespace

std::unique_ptr<Sink> connect_nats(const std::string& address) {
  return std::make_unique<NatsSink>(address);
}

}  // namespace crier::bench
