// Any text as a page token, of one node or of a cluster. The first bytes say for what run of a node
// and which filter it is; or a good token is made from them and one of its characters changed, so
// that the fuzzer need not guess a check. Only what was made may be accepted.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "dataplane/client_id.hpp"
#include "services/control/cluster_token.hpp"
#include "services/control/page_token.hpp"

using namespace crier::services::control;
using crier::dataplane::kIncarnationBits;
using crier::dataplane::ListPosition;

namespace {

struct Head {
  std::uint64_t incarnation;
  ListPosition position;
  std::uint8_t filter_bytes;
  std::uint8_t change_at;
  char change_to;
};
constexpr std::size_t kHeadBytes = 19;

void require(bool condition) {
  if (!condition) std::abort();
}

Head head_of(const std::uint8_t* data) {
  Head head{};
  std::memcpy(&head.incarnation, data, 8);
  std::memcpy(&head.position.shard, data + 8, 4);
  std::memcpy(&head.position.slot, data + 12, 4);
  head.incarnation &= (std::uint64_t{1} << kIncarnationBits) - 1;
  head.filter_bytes = data[16];
  head.change_at = data[17];
  head.change_to = static_cast<char>(data[18]);
  return head;
}

void check_foreign(const Head& head, std::string_view filter, std::string_view text) {
  const PageContext context{head.incarnation, filter};
  if (const auto position = parse_page_token(context, text)) {
    require(make_page_token(context, *position) == text);
  }
  if (const auto position = parse_cluster_token(text, filter)) {
    require(make_cluster_token(*position, filter) == text);
  }
}

void check_own(const Head& head, std::string_view filter) {
  const PageContext context{head.incarnation, filter};
  std::string token = make_page_token(context, head.position);
  require(parse_page_token(context, token) == head.position);
  std::string text = make_cluster_token({head.incarnation, token}, filter);
  const auto position = parse_cluster_token(text, filter);
  require(position && position->epoch == head.incarnation && position->token == token);

  char& in_token = token[head.change_at % token.size()];
  if (in_token != head.change_to) {
    in_token = head.change_to;
    require(!parse_page_token(context, token));
  }
  char& in_text = text[head.change_at % text.size()];
  if (in_text != head.change_to) {
    in_text = head.change_to;
    require(!parse_cluster_token(text, filter));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < kHeadBytes) return 0;
  const Head head = head_of(data);
  const std::string_view rest(reinterpret_cast<const char*>(data) + kHeadBytes, size - kHeadBytes);
  const std::string_view filter = rest.substr(0, head.filter_bytes);
  check_foreign(head, filter, rest.substr(filter.size()));
  check_own(head, filter);
  return 0;
}
