#include <string>

#include "services/config/config.hpp"
#include "services/config/schema.hpp"
#include "services/config/value.hpp"

namespace crier::services::config {
namespace {

using google::protobuf::Message;

constexpr std::size_t kIndent = 2;

void print_group(const Message& group, std::size_t indent, std::string& out);

// The first key of an element stands behind the dash, the others below it.
void print_list(const Message& parent, const Field& field, std::size_t indent, std::string& out) {
  const auto& reflection = *parent.GetReflection();
  for (int i = 0; i < reflection.FieldSize(parent, &field); ++i) {
    const std::size_t dash = out.size() + indent;
    print_group(reflection.GetRepeatedMessage(parent, &field, i), indent + kIndent, out);
    out[dash] = '-';
  }
}

void print_group(const Message& group, std::size_t indent, std::string& out) {
  const auto& type = *group.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const Field& field = *type.field(i);
    out += std::string(indent, ' ') + field.name() + ":";
    if (is_list(field)) {
      out += '\n';
      print_list(group, field, indent + kIndent, out);
    } else if (is_group(field)) {
      out += '\n';
      print_group(group.GetReflection()->GetMessage(group, &field), indent + kIndent, out);
    } else {
      out += ' ' + value_text(group, field) + '\n';
    }
  }
}

}  // namespace

std::string print(const v1::Config& config) {
  std::string out;
  print_group(config, 0, out);
  return out;
}

}  // namespace crier::services::config
