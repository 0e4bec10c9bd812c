#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "services/config/config.hpp"
#include "services/config/number.hpp"
#include "services/config/schema.hpp"
#include "services/config/value.hpp"

namespace crier::services::config {
namespace {

using google::protobuf::Descriptor;
using v1::KeyOptions;

std::string list_of(const std::vector<std::string>& values) {
  std::string out;
  for (const auto& value : values) {
    out += (out.empty() ? "" : ", ") + value;
  }
  return "[" + out + "]";
}

// A bound of the schema as a number: "2MiB" is 2097152.
std::string number(const KeyOptions& options, const std::string& text) {
  return std::to_string(std::get<std::int64_t>(parse_number(options.kind(), text)));
}

std::string range(const KeyOptions& options) {
  return R"("type": "integer", "minimum": )" + number(options, options.min()) + R"(, "maximum": )" +
         number(options, options.max());
}

// What YAML may say of a value. Sizes and durations are text with a unit, whose range only crier
// itself can judge.
std::string value_rule(const Field& field) {
  const KeyOptions& options = options_of(field);
  switch (options.kind()) {
    case KeyOptions::KIND_CHOICE: {
      std::vector<std::string> names;
      for (const auto& name : choices_of(field)) {
        names.push_back(quoted_text(name));
      }
      return R"("enum": )" + list_of(names);
    }
    case KeyOptions::KIND_DURATION:
      return R"("type": "string", "pattern": "^(0|[1-9][0-9]*)(ms|s|m|h)$")";
    case KeyOptions::KIND_BYTES:
      return R"("anyOf": [{)" + range(options) +
             R"(}, {"type": "string", "pattern": "^(0|[1-9][0-9]*)(KiB|MiB|GiB)?$"}])";
    case KeyOptions::KIND_FLAG:
      return R"("type": "boolean")";
    case KeyOptions::KIND_NAME:
      return R"("type": "string", "pattern": "^[A-Za-z0-9_.-]{1,64}$")";
    case KeyOptions::KIND_ADDRESS:
      return R"("type": "string", "pattern": "^(\\[[0-9a-fA-F:.]+\\]|[0-9.]+):[0-9]{1,5}$")";
    case KeyOptions::KIND_TEXT:
      return R"("type": "string", "pattern": "^[!-~]*$", "minLength": )" + options.min() +
             R"(, "maxLength": )" + options.max();
    default:
      if (options.one_of().empty()) {
        return range(options);
      }
      return R"("enum": )" + list_of({options.one_of().begin(), options.one_of().end()});
  }
}

std::string group_rule(const Descriptor& group);

std::string key_rule(const Field& field) {
  const KeyOptions& options = options_of(field);
  std::string rule = R"("description": )" + quoted_text(options.doc()) + ", ";
  if (is_list(field)) {
    rule += R"("type": "array", "minItems": )" + options.min() + R"(, "maxItems": )" +
            options.max() + R"(, "items": {)" + group_rule(*field.message_type()) + "}";
  } else if (is_group(field)) {
    rule += group_rule(*field.message_type());
  } else {
    rule += value_rule(field);
  }
  return rule;
}

std::string group_rule(const Descriptor& group) {
  std::string keys;
  for (int i = 0; i < group.field_count(); ++i) {
    const Field& field = *group.field(i);
    keys += (keys.empty() ? "" : ",\n") + quoted_text(field.name()) + ": {" + key_rule(field) + "}";
  }
  return "\"type\": \"object\", \"additionalProperties\": false, \"properties\": {\n" + keys + "}";
}

}  // namespace

std::string json_schema() {
  return "{" + group_rule(*v1::Config::descriptor()) + "}\n";
}

}  // namespace crier::services::config
