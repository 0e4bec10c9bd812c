#include "bench/macro/protocols/protocol.hpp"

namespace crier::bench {
namespace {

class LineProtocol final : public Protocol {
 public:
  [[nodiscard]] std::string subscribe(
      const std::vector<std::string_view>& /*topics*/) const override {
    return {};
  }
  [[nodiscard]] unsigned acknowledgements(std::size_t /*topics*/) const override { return 0; }

  std::size_t parse(std::string_view input, Found& found) const override {
    std::size_t used = 0;
    for (std::size_t lf = 0; (lf = input.find('\n', used)) != std::string_view::npos;
         used = lf + 1) {
      found.payloads.push_back(input.substr(used, lf - used));
    }
    return used;
  }
};

}  // namespace

std::unique_ptr<Protocol> make_line_protocol() {
  return std::make_unique<LineProtocol>();
}

}  // namespace crier::bench
