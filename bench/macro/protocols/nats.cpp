// https://docs.nats.io/reference/reference-protocols/nats-protocol
#include <charconv>

#include "bench/macro/protocols/protocol.hpp"

namespace crier::bench {
namespace {

constexpr std::string_view kEnd = "\r\n";

// The last word of "MSG <subject> <sid> <bytes>" as a number; npos where it is none.
std::size_t payload_bytes(std::string_view line) {
  const std::string_view word = line.substr(line.rfind(' ') + 1);
  std::size_t bytes = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), bytes);
  return error == std::errc{} && end == word.data() + word.size() ? bytes : std::string_view::npos;
}

class NatsProtocol final : public Protocol {
 public:
  // The PONG says that everything before the PING is in force.
  [[nodiscard]] std::string subscribe(const std::vector<std::string_view>& topics) const override {
    std::string bytes = "CONNECT {\"verbose\":false,\"pedantic\":false}\r\n";
    int number = 0;
    for (const std::string_view topic : topics) {
      bytes.append("SUB ").append(topic).append(" ").append(std::to_string(++number)).append(kEnd);
    }
    return bytes += "PING\r\n";
  }
  [[nodiscard]] unsigned acknowledgements(std::size_t /*topics*/) const override { return 1; }

  std::size_t parse(std::string_view input, Found& found) const override {
    std::size_t used = 0;
    for (;;) {
      const std::size_t end = input.find(kEnd, used);
      if (end == std::string_view::npos) return used;
      const std::string_view line = input.substr(used, end - used);
      const std::size_t next = end + kEnd.size();
      if (line.starts_with("MSG ")) {
        const std::size_t bytes = payload_bytes(line);
        if (bytes == std::string_view::npos) return malformed(input, found);
        if (input.size() - next < bytes + kEnd.size()) return used;
        if (input.substr(next + bytes, kEnd.size()) != kEnd) return malformed(input, found);
        found.payloads.push_back(input.substr(next, bytes));
        used = next + bytes + kEnd.size();
        continue;
      }
      if (line == "PING") found.replies += "PONG\r\n";
      if (line == "PONG") ++found.acknowledgements;
      used = next;  // INFO, +OK and -ERR ask for nothing; after an error the server closes
    }
  }

 private:
  static std::size_t malformed(std::string_view input, Found& found) {
    found.malformed = true;
    return input.size();
  }
};

}  // namespace

std::unique_ptr<Protocol> make_nats_protocol() {
  return std::make_unique<NatsProtocol>();
}

}  // namespace crier::bench
