#include "services/config/schema.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <numeric>
#include <stdexcept>

#include "services/config/value.hpp"

namespace crier::services::config {
namespace {

// Framing -> "FRAMING_", LogLevel -> "LOG_LEVEL_": what the enumerators of an enum begin with.
std::string prefix_of(const google::protobuf::EnumDescriptor& type) {
  std::string prefix;
  for (const char c : type.name()) {
    if (std::isupper(static_cast<unsigned char>(c)) != 0 && !prefix.empty()) {
      prefix += '_';
    }
    prefix += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return prefix + '_';
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

const v1::KeyOptions& options_of(const Field& field) {
  return field.options().GetExtension(v1::key);
}

bool is_group(const Field& field) {
  return field.cpp_type() == Field::CPPTYPE_MESSAGE && !field.is_repeated();
}

bool is_list(const Field& field) {
  return field.is_repeated();
}

std::string choice_name(const Field& field, int number) {
  const auto& type = *field.enum_type();
  const auto* value = type.FindValueByNumber(number);
  if (value == nullptr || number == 0) {
    return "";
  }
  std::string name = value->name().substr(prefix_of(type).size());
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

std::vector<std::string> choices_of(const Field& field) {
  std::vector<std::string> names;
  for (int i = 0; i < field.enum_type()->value_count(); ++i) {
    const int number = field.enum_type()->value(i)->number();
    if (number != 0) {
      names.push_back(choice_name(field, number));
    }
  }
  return names;
}

void set_defaults(google::protobuf::Message& message) {
  const auto& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const Field& field = *type.field(i);
    if (is_list(field)) {
      continue;
    }
    if (is_group(field)) {
      set_defaults(*message.GetReflection()->MutableMessage(&message, &field));
    } else if (const auto reason = assign(message, field, {options_of(field).default_()})) {
      throw std::logic_error("default of " + field.full_name() + ": " + *reason);
    }
  }
}

std::string closest(std::string_view name, const std::vector<std::string>& names) {
  constexpr std::size_t kNameBytesMax = 64;  // keeps the cost of a hostile key small
  if (name.size() > kNameBytesMax) {
    return "";
  }
  std::string best;
  std::size_t best_distance = std::min<std::size_t>(3, (name.size() + 1) / 2);
  for (const auto& candidate : names) {
    const std::size_t distance = edit_distance(name, candidate);
    if (distance < best_distance || (distance == best_distance && best.empty())) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string suggestion(std::string_view name, const std::vector<std::string>& names) {
  const std::string best = closest(name, names);
  return best.empty() ? "" : "; did you mean '" + best + "'?";
}

std::vector<std::string> keys_of(const google::protobuf::Descriptor& group) {
  std::vector<std::string> names;
  for (int i = 0; i < group.field_count(); ++i) {
    names.push_back(group.field(i)->name());
  }
  return names;
}

}  // namespace crier::services::config
