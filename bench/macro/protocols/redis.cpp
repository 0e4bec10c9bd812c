// https://redis.io/docs/latest/develop/reference/protocol-spec/ and .../develop/pubsub/
#include <charconv>

#include "bench/macro/protocols/protocol.hpp"

namespace crier::bench {
namespace {

constexpr std::string_view kEnd = "\r\n";

// Reads replies from the front of the input; once something is not there yet, `whole` is false.
class Reader {
 public:
  explicit Reader(std::string_view input) : input_(input) {}

  [[nodiscard]] std::size_t used() const { return used_; }
  [[nodiscard]] bool whole() const { return whole_; }
  [[nodiscard]] bool malformed() const { return malformed_; }

  // "<mark><number>\r\n"
  std::size_t number(char mark) {
    const std::size_t end = input_.find(kEnd, used_);
    if (end == std::string_view::npos) return give_up();
    const char* first = input_.data() + used_;
    std::size_t value = 0;
    const auto [last, error] = std::from_chars(first + 1, input_.data() + end, value);
    if (*first != mark || error != std::errc{} || last != input_.data() + end) return refuse();
    used_ = end + kEnd.size();
    return value;
  }

  // "$<bytes>\r\n<text>\r\n"
  std::string_view text() {
    const std::size_t bytes = number('$');
    if (!whole_) return {};
    if (input_.size() - used_ < bytes + kEnd.size()) {
      give_up();
      return {};
    }
    if (input_.substr(used_ + bytes, kEnd.size()) != kEnd) refuse();
    const std::string_view found = input_.substr(used_, bytes);
    used_ += bytes + kEnd.size();
    return found;
  }

 private:
  std::size_t give_up() {
    whole_ = false;
    return 0;
  }
  std::size_t refuse() {
    malformed_ = true;
    return give_up();
  }

  std::string_view input_;
  std::size_t used_ = 0;
  bool whole_ = true;
  bool malformed_ = false;
};

class RedisProtocol final : public Protocol {
 public:
  [[nodiscard]] std::string subscribe(const std::vector<std::string_view>& topics) const override {
    std::string bytes = "SUBSCRIBE";
    for (const std::string_view topic : topics) bytes.append(" ").append(topic);
    return bytes.append(kEnd);
  }
  [[nodiscard]] unsigned acknowledgements(std::size_t topics) const override {
    return static_cast<unsigned>(topics);
  }

  std::size_t parse(std::string_view input, Found& found) const override {
    std::size_t used = 0;
    while (used < input.size()) {
      Reader reader(input.substr(used));
      const std::size_t parts = reader.number('*');
      const std::string_view kind = reader.whole() ? reader.text() : std::string_view();
      if (reader.whole()) reader.text();  // the channel
      std::string_view payload;
      if (reader.whole() && kind == "message") payload = reader.text();
      if (reader.whole() && kind == "subscribe") reader.number(':');
      if (reader.malformed() ||
          (reader.whole() && (parts != 3 || (kind != "message" && kind != "subscribe")))) {
        found.malformed = true;
        return input.size();
      }
      if (!reader.whole()) return used;
      if (kind == "message") {
        found.payloads.push_back(payload);
      } else {
        ++found.acknowledgements;
      }
      used += reader.used();
    }
    return used;
  }
};

}  // namespace

std::unique_ptr<Protocol> make_redis_protocol() {
  return std::make_unique<RedisProtocol>();
}

}  // namespace crier::bench
