#include "services/config/reader.hpp"

#include <set>
#include <string>

#include "services/config/number.hpp"
#include "services/config/schema.hpp"
#include "services/config/value.hpp"

namespace crier::services::config {
namespace {

using google::protobuf::Message;

std::string_view shape_of(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kNull:
      return "nothing";
    case Node::Kind::kScalar:
      return "a single value";
    case Node::Kind::kList:
      return "a list";
    case Node::Kind::kMap:
      return "a group of keys";
  }
  return "";
}

std::string expected(std::string_view what, const Node& node) {
  return "must be " + std::string(what) + ", not " + std::string(shape_of(node));
}

class Reader {
 public:
  explicit Reader(Origins& origins) : origins_(origins) {}

  std::optional<Error> read_group(const Node& node, Message& group, const std::string& path) {
    if (node.kind == Node::Kind::kNull) {
      return std::nullopt;  // a group whose keys are all commented out
    }
    if (node.kind != Node::Kind::kMap) {
      return path.empty() ? origins_.error_at(node.line, "the file " + expected("keys", node))
                          : origins_.error(path, expected("a group of keys", node));
    }
    const auto& type = *group.GetDescriptor();
    std::set<std::string_view> seen;
    for (const Node& child : node.children) {
      const std::string child_path = (path.empty() ? "" : path + ".") + child.key;
      if (!seen.insert(child.key).second) {
        return duplicate(child, child_path);
      }
      origins_.from_line(child_path, child.key_line);
      const Field* field = type.FindFieldByName(child.key);
      if (field == nullptr) {
        return origins_.error(child_path, "is unknown" + suggestion(child.key, keys_of(type)));
      }
      if (auto error = read_field(child, group, *field, child_path)) {
        return error;
      }
    }
    return std::nullopt;
  }

 private:
  Error duplicate(const Node& again, const std::string& path) {
    origins_.from_line(path, again.key_line);
    return origins_.error(path, "is given twice");
  }

  std::optional<Error> read_field(const Node& node, Message& group, const Field& field,
                                  const std::string& path) {
    if (is_list(field)) {
      return read_list(node, group, field, path);
    }
    if (is_group(field)) {
      return read_group(node, *group.GetReflection()->MutableMessage(&group, &field), path);
    }
    if (node.kind == Node::Kind::kNull) {
      return origins_.error(path, "has no value; give one or leave the key out");
    }
    if (node.kind != Node::Kind::kScalar) {
      return origins_.error(path, expected(kind_text(field), node));
    }
    if (const auto reason = assign(group, field, {node.text, node.quoted})) {
      return origins_.error(path, *reason);
    }
    return std::nullopt;
  }

  std::optional<Error> read_list(const Node& node, Message& group, const Field& field,
                                 const std::string& path) {
    if (node.kind != Node::Kind::kList) {
      return origins_.error(path, expected("a list", node));
    }
    if (node.children.empty()) {
      return origins_.error(path, "is empty; give an element or leave the key out");
    }
    const auto most = parse_number(v1::KeyOptions::KIND_COUNT, options_of(field).max());
    if (node.children.size() > static_cast<std::size_t>(std::get<std::int64_t>(most))) {
      return origins_.error(path, "has more than " + options_of(field).max() + " elements");
    }
    std::size_t index = 0;
    for (const Node& child : node.children) {
      const std::string child_path = path + "[" + std::to_string(index++) + "]";
      origins_.from_line(child_path, child.line);
      Message& element = *group.GetReflection()->AddMessage(&group, &field);
      set_defaults(element);
      if (auto error = read_group(child, element, child_path)) {
        return error;
      }
    }
    return std::nullopt;
  }

  Origins& origins_;
};

}  // namespace

std::optional<Error> read(const Node& document, v1::Config& config, Origins& origins) {
  return Reader(origins).read_group(document, config, "");
}

}  // namespace crier::services::config
