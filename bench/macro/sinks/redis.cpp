#include "bench/macro/sinks/publisher_socket.hpp"
#include "bench/macro/sinks/sink.hpp"
#include "bench/macro/topic.hpp"

namespace crier::bench {
namespace {

class RedisSink final : public Sink {
 public:
  // Like the other sinks, it is known to the server once it is there.
  explicit RedisSink(const std::string& address) : socket_(address) {
    constexpr std::string_view kPong = "+PONG\r\n";
    socket_.waiting() = "*1\r\n$4\r\nPING\r\n";
    socket_.flush();
    std::string answer;
    while (answer.size() < kPong.size()) socket_.read(answer);
    if (answer != kPong) fail("redis answers " + answer);
  }

  std::optional<std::uint64_t> clients() override { return std::nullopt; }
  bool target(const std::vector<std::string>& addresses) override {
    topic_ = addresses.empty() ? kTopicOfAll : kTopicOfGroup;
    return true;
  }

  void begin() override { asked_ = 0; }

  void publish(std::string_view payload, bool more) override {
    std::string& out = socket_.waiting();
    out += "*3\r\n";
    append_text(out, "PUBLISH");
    append_text(out, topic_);
    append_text(out, payload);
    socket_.flush_unless(more);
    ++asked_;
  }

  // Redis keeps its answers until they are read: with how many subscribers each was queued.
  Answers finish() override {
    Answers answers;
    std::string input;
    while (answers.answers < asked_) {
      socket_.read(input);
      std::size_t used = 0;
      for (std::size_t end = 0; (end = input.find("\r\n", used)) != std::string::npos;
           used = end + 2) {
        if (input[used] != ':') fail("redis answers " + input.substr(used, end - used));
        answers.matched += std::stoull(input.substr(used + 1, end - used - 1));
        ++answers.answers;
      }
      input.erase(0, used);
    }
    answers.queued = answers.matched;
    return answers;
  }

 private:
  static void append_text(std::string& out, std::string_view text) {
    out.append("$").append(std::to_string(text.size())).append("\r\n");
    out.append(text).append("\r\n");
  }

  PublisherSocket socket_;
  std::string_view topic_ = kTopicOfAll;
  std::uint64_t asked_ = 0;
};

}  // namespace

std::unique_ptr<Sink> connect_redis(const std::string& address) {
  return std::make_unique<RedisSink>(address);
}

}  // namespace crier::bench
