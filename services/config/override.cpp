#include "services/config/override.hpp"

#include <charconv>
#include <string>
#include <system_error>

#include "services/config/number.hpp"
#include "services/config/schema.hpp"
#include "services/config/value.hpp"
#include "services/logging/escape.hpp"

namespace crier::services::config {
namespace {

using google::protobuf::Message;

// One part of a path between dots: "listeners[0]" or "queue".
struct Step {
  std::string_view name;
  std::optional<std::size_t> index;
};

std::optional<Step> parse_step(std::string_view text) {
  const std::size_t bracket = text.find('[');
  if (bracket == std::string_view::npos) {
    return Step{text, std::nullopt};
  }
  const std::string_view rest = text.substr(bracket + 1);
  std::size_t index = 0;
  const auto [end, ec] = std::from_chars(rest.data(), rest.data() + rest.size(), index);
  if (ec != std::errc{} || std::string_view(end, rest.data() + rest.size()) != "]") {
    return std::nullopt;
  }
  return Step{text.substr(0, bracket), index};
}

class Walk {
 public:
  explicit Walk(Message& root) : message_(&root) {}

  // Goes into the group or element that `step` names; returns why it cannot.
  std::optional<std::string> enter(const Step& step) {
    std::string reason;
    const Field* field = find(step.name, reason);
    if (field == nullptr) {
      return reason;
    }
    if (is_list(*field)) {
      return enter_element(*field, step);
    }
    if (step.index) {
      return "'" + field->name() + "' is not a list";
    }
    if (!is_group(*field)) {
      return "'" + field->name() + "' is a value and has no keys of its own";
    }
    message_ = message_->GetReflection()->MutableMessage(message_, field);
    return std::nullopt;
  }

  // `path` is the whole key, of which `step` is the last part.
  std::optional<std::string> set(const Step& step, std::string_view path, std::string_view value) {
    std::string reason;
    const Field* field = find(step.name, reason);
    if (field == nullptr) {
      return reason;
    }
    if (is_list(*field)) {
      return "is a list; set one key of one element, such as " + field->name() + "[0]." +
             field->message_type()->field(0)->name();
    }
    if (is_group(*field)) {
      return "is a group of keys; set one of them, such as " + field->name() + "." +
             field->message_type()->field(0)->name();
    }
    if (step.index) {
      return "'" + field->name() + "' is not a list";
    }
    if (options_of(*field).secret()) {
      return "is a secret, and every process list shows arguments; write it to a file and name "
             "that "
             "in '" +
             std::string(path) + "_file'";
    }
    return assign(*message_, *field, {value, false});
  }

 private:
  const Field* find(std::string_view name, std::string& reason) {
    const auto& type = *message_->GetDescriptor();
    const Field* field = type.FindFieldByName(std::string(name));
    if (field == nullptr) {
      reason = "'" + logging::escape(name) + "' is unknown" + suggestion(name, keys_of(type));
    }
    return field;
  }

  std::optional<std::string> enter_element(const Field& list, const Step& step) {
    const auto& reflection = *message_->GetReflection();
    const auto size = static_cast<std::size_t>(reflection.FieldSize(*message_, &list));
    if (!step.index) {
      return "'" + list.name() + "' is a list; write " + list.name() + "[0]";
    }
    if (*step.index > size) {
      return "there is no element " + std::to_string(*step.index) + "; the next one to add is " +
             std::to_string(size);
    }
    if (*step.index < size) {
      message_ = reflection.MutableRepeatedMessage(message_, &list, static_cast<int>(*step.index));
      return std::nullopt;
    }
    const auto most = parse_number(v1::KeyOptions::KIND_COUNT, options_of(list).max());
    if (size >= static_cast<std::size_t>(std::get<std::int64_t>(most))) {
      return "'" + list.name() + "' would have more than " + options_of(list).max() + " elements";
    }
    message_ = reflection.AddMessage(message_, &list);
    set_defaults(*message_);
    return std::nullopt;
  }

  Message* message_;
};

std::optional<std::string> walk_and_set(std::string_view path, std::string_view value,
                                        Message& root) {
  const std::string_view whole = path;
  Walk walk(root);
  while (true) {
    const std::size_t dot = path.find('.');
    const auto step = parse_step(path.substr(0, dot));
    if (!step) {
      return "the key is malformed; write it as listeners[0].queue.max_bytes";
    }
    if (dot == std::string_view::npos) {
      return walk.set(*step, whole, value);
    }
    if (auto reason = walk.enter(*step)) {
      return reason;
    }
    path = path.substr(dot + 1);
  }
}

}  // namespace

std::optional<Error> apply_set(std::string_view argument, v1::Config& config, Origins& origins) {
  const std::size_t equals = argument.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    return Error{"--set " + logging::escape(argument) +
                 ": must be KEY=VALUE, such as log.level=debug"};
  }
  const std::string path(argument.substr(0, equals));
  origins.from_set(path);
  if (const auto reason = walk_and_set(path, argument.substr(equals + 1), config)) {
    return origins.error(path, *reason);
  }
  return std::nullopt;
}

}  // namespace crier::services::config
