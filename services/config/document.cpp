#include "services/config/document.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <sstream>
#include <utility>

#include "services/logging/escape.hpp"

namespace crier::services::config {
namespace {

// yaml-cpp reports no reason to stop other than an exception.
struct Refused {
  DocumentError error;
};

int line_of(const YAML::Mark& mark) {
  return mark.line + 1;
}

// Builds the tree from parser events rather than YAML::Node, which keeps the last of two equal
// keys without a word and expands aliases.
class TreeBuilder final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ > 0) {
      throw Refused{{line_of(mark), "a second document begins here; only one is allowed"}};
    }
  }
  void OnDocumentEnd() override {}

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    throw Refused{{line_of(mark), "aliases are not supported"}};
  }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(make(Node::Kind::kNull, mark, "", anchor));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Node node = make(Node::Kind::kScalar, mark, tag, anchor);
    node.quoted = tag == "!";
    node.text = value;
    add(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(make(Node::Kind::kList, mark, tag, anchor));
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(make(Node::Kind::kMap, mark, tag, anchor));
  }
  void OnMapEnd() override { close(); }

  [[nodiscard]] Node take() { return std::move(root_); }

 private:
  struct Open {
    Node node;
    bool key_pending = false;  // kMap: the next scalar is a value
    std::string key;
    int key_line = 0;
  };

  Node make(Node::Kind kind, const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) {
      throw Refused{{line_of(mark), "anchors are not supported"}};
    }
    if (!tag.empty() && tag != "?" && tag != "!") {
      throw Refused{{line_of(mark), "tags are not supported"}};
    }
    if (++nodes_ > kDocumentNodesMax) {
      throw Refused{{line_of(mark), "too many values"}};
    }
    Node node;
    node.kind = kind;
    node.line = line_of(mark);
    return node;
  }

  [[nodiscard]] bool key_expected() const {
    return !stack_.empty() && stack_.back().node.kind == Node::Kind::kMap &&
           !stack_.back().key_pending;
  }

  void add(Node node) {
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& parent = stack_.back();
    if (key_expected()) {
      if (node.kind != Node::Kind::kScalar) {
        throw Refused{{node.line, "a key must be a name"}};
      }
      parent.key_pending = true;
      parent.key = std::move(node.text);
      parent.key_line = node.line;
      return;
    }
    if (parent.node.kind == Node::Kind::kMap) {
      node.key = std::move(parent.key);
      node.key_line = parent.key_line;
      parent.key_pending = false;
    }
    parent.node.children.push_back(std::move(node));
  }

  void open(Node node) {
    if (key_expected()) {
      throw Refused{{node.line, "a key must be a name"}};
    }
    if (stack_.size() >= kDocumentDepthMax) {
      throw Refused{{node.line, "nested too deeply"}};
    }
    stack_.push_back(Open{std::move(node), false, {}, 0});
  }

  void close() {
    Node node = std::move(stack_.back().node);
    stack_.pop_back();
    add(std::move(node));
  }

  int documents_ = 0;
  std::size_t nodes_ = 0;
  std::vector<Open> stack_;
  Node root_;
};

}  // namespace

std::variant<Node, DocumentError> parse_document(std::string_view yaml) {
  if (yaml.size() > kDocumentBytesMax) {
    return DocumentError{0, "the file is larger than 1MiB"};
  }
  try {
    std::istringstream stream{std::string(yaml)};
    YAML::Parser parser(stream);
    TreeBuilder builder;
    while (parser.HandleNextDocument(builder)) {
    }
    return builder.take();
  } catch (const Refused& refused) {
    return refused.error;
  } catch (const YAML::Exception& error) {
    return DocumentError{error.mark.is_null() ? 0 : line_of(error.mark),
                         "this is not valid YAML: " + logging::escape(error.msg)};
  }
}

}  // namespace crier::services::config
