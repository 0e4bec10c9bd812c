#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "services/config/number.hpp"
#include "services/config/override.hpp"
#include "services/config/reader.hpp"
#include "services/config/schema.hpp"
#include "services/config/value.hpp"
#include "tests/services/config/support.hpp"

namespace crier::services::config {
namespace {

using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;
using v1::KeyOptions;

std::int64_t bound(const KeyOptions& options, const std::string& text) {
  return std::get<std::int64_t>(parse_number(options.kind(), text));
}

rc::Gen<std::int64_t> number_of(const KeyOptions& options) {
  const auto least = bound(options, options.min());
  const auto most = bound(options, options.max());
  const auto any = rc::gen::inRange<std::int64_t>(least, most + 1);
  const auto round = rc::gen::map(any, [least](std::int64_t value) {
    return std::max(least, value / 60'000 * 60'000);  // so that larger units appear
  });
  return rc::gen::oneOf(rc::gen::just(least), rc::gen::just(most), any, round);
}

std::string text_of(const Field& field) {
  const auto& options = options_of(field);
  switch (options.kind()) {
    case KeyOptions::KIND_CHOICE:
      return *rc::gen::elementOf(choices_of(field));
    case KeyOptions::KIND_FLAG:
      return *rc::gen::element<std::string>("true", "false");
    case KeyOptions::KIND_NAME:
      return *rc::gen::oneOf(
          rc::gen::element<std::string>("null", "true", "-", "--", "1", "0x1", "no", "a.b"),
          rc::gen::resize(50, rc::gen::nonEmpty(rc::gen::container<std::string>(
                                  rc::gen::elementOf(std::string("abcXYZ019_-."))))));
    case KeyOptions::KIND_ADDRESS:
      return *rc::gen::element<std::string>("0.0.0.0:0", "127.0.0.1:65535", "[::]:8082",
                                            "[fe80::1:2]:1");
    case KeyOptions::KIND_TEXT: {
      const auto least = static_cast<std::size_t>(std::stoi(options.min()));
      const auto most = static_cast<std::size_t>(std::stoi(options.max()));
      auto text = *rc::gen::oneOf(
          rc::gen::just(std::string(least, '"')), rc::gen::just(std::string(most, '\\')),
          rc::gen::element<std::string>("null", "~", "#", "-", "a: b", "'", "\\n", "0x1", "&a"),
          rc::gen::container<std::string>(rc::gen::inRange<char>('!', '~' + 1)));
      std::erase(text, ' ');
      text.resize(std::clamp(text.size(), least, most), '|');
      return text;
    }
    default:
      if (!options.one_of().empty()) {
        return *rc::gen::elementOf(
            std::vector<std::string>(options.one_of().begin(), options.one_of().end()));
      }
      return format_number(options.kind(), *number_of(options));
  }
}

// Every key of the schema, but secrets, with any value that it may have by itself. As --set
// arguments too.
void fill(Message& group, const std::string& path, std::vector<std::string>& sets) {
  const auto& type = *group.GetDescriptor();
  const auto& reflection = *group.GetReflection();
  for (int i = 0; i < type.field_count(); ++i) {
    const Field& field = *type.field(i);
    const std::string key = path + field.name();
    if (is_list(field)) {
      const int size = *rc::gen::inRange(1, 4);
      for (int index = 0; index < size; ++index) {
        fill(*reflection.AddMessage(&group, &field), key + "[" + std::to_string(index) + "].",
             sets);
      }
    } else if (is_group(field)) {
      fill(*reflection.MutableMessage(&group, &field), key + ".", sets);
    } else if (!options_of(field).secret()) {
      const std::string text = text_of(field);
      RC_ASSERT(!assign(group, field, {text}));
      sets.push_back(key + "=" + text);
    }
  }
}

v1::Config defaults() {
  v1::Config config;
  set_defaults(config);
  return config;
}

RC_GTEST_PROP(Print, IsReadBackToTheSame, ()) {
  v1::Config config;
  std::vector<std::string> sets;
  fill(config, "", sets);
  const auto document = parse_document(print(config));
  RC_ASSERT(std::holds_alternative<Node>(document));
  v1::Config again = defaults();
  Origins origins("printed");
  RC_ASSERT(!read(std::get<Node>(document), again, origins));
  RC_ASSERT(MessageDifferencer::Equals(config, again));
}

RC_GTEST_PROP(Set, ReachesEveryKey, ()) {
  v1::Config config;
  std::vector<std::string> sets;
  fill(config, "", sets);
  v1::Config again = defaults();
  Origins origins("built-in");
  for (const auto& argument : sets) {
    RC_ASSERT(!apply_set(argument, again, origins));
  }
  RC_ASSERT(MessageDifferencer::Equals(config, again));
}

// Whatever one key is given, the answer is a configuration or one line of text.
RC_GTEST_PROP(Config, AnyTextIsAnswered, (const std::string& text)) {
  const Result result = parse(text, "any.yaml");
  if (const auto* error = std::get_if<Error>(&result)) {
    RC_ASSERT(!error->text.empty());
    RC_ASSERT(error->text.find('\n') == std::string::npos);
  }
}

}  // namespace
}  // namespace crier::services::config
