#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace crier::services::config {

// What a YAML text says, before anybody asks what it means: values with the lines they stand on.
struct Node {
  enum class Kind { kNull, kScalar, kList, kMap };

  Kind kind = Kind::kNull;
  int line = 0;
  bool quoted = false;  // kScalar: written in quotes or as a block
  std::string text;     // kScalar
  std::string key;      // in a map: its key, duplicates and all
  int key_line = 0;
  std::vector<Node> children;  // kList, kMap: in the order of the file
};

struct DocumentError {
  int line = 0;  // 0: the file as a whole
  std::string reason;
};

inline constexpr std::size_t kDocumentBytesMax = 1U << 20U;
inline constexpr std::size_t kDocumentDepthMax = 16;
inline constexpr std::size_t kDocumentNodesMax = 20'000;

// Parses one document; an empty text is a null node. Memory is bounded by the text: anchors,
// aliases and tags are refused, as nothing in a configuration needs them.
[[nodiscard]] std::variant<Node, DocumentError> parse_document(std::string_view yaml);

}  // namespace crier::services::config
