#include <string>

#include "services/config/config.hpp"
#include "services/config/schema.hpp"
#include "services/config/value.hpp"

namespace crier::services::config {
namespace {

using google::protobuf::Descriptor;

constexpr std::string_view kIntroduction =
    R"(# Configuration

<!-- Printed from proto/crier/v1/config.proto: `build/release/bin/config_docs > docs/configuration.md` -->

`crier --config FILE.yaml` reads one YAML document. `--set KEY=VALUE` overrides one key and may be
repeated: `--set log.level=debug --set 'listeners[0].processor=relay'`. An index one past the end of
a list adds an element. `crier --check-config` says whether a configuration works, and
`--print-config` prints all of it, defaults included.

Without a file, or with one that does not mention `listeners`, there is one listener: lines, echoed,
on port 8082. In a listener that you write yourself an absent `processor` means `discard`.

Durations are whole numbers with a unit: `500ms`, `10s`, `5m`, `2h`. Sizes are bytes, or have a unit:
`65536`, `64KiB`, `2MiB`, `1GiB`. Addresses are numeric. Text is printable ASCII without spaces. A key
that is unknown, given twice, of the wrong type or out of range is refused with file, line, key and
reason, and nothing starts. So are anchors, aliases, tags, a second document, and a file above 1 MiB.

A secret is not taken from `--set`, as every process list shows arguments; `--print-config` hides it,
and what it prints instead is refused as a secret.
)";

std::string range_text(const Field& field) {
  const auto& options = options_of(field);
  if (options.kind() == v1::KeyOptions::KIND_CHOICE || !options.one_of().empty() ||
      options.max().empty()) {
    return "";
  }
  const bool text = options.kind() == v1::KeyOptions::KIND_TEXT;
  return options.min() + " to " + options.max() + (text ? " characters" : "");
}

constexpr char kTableHead[] = "| key | value | default | meaning |\n|---|---|---|---|\n";

void print_value(const Field& field, const std::string& path, std::string& out) {
  const auto& options = options_of(field);
  const std::string range = range_text(field);
  out += "| `" + path + field.name() + "` | " + kind_text(field) +
         (range.empty() ? "" : ", " + range) + (options.secret() ? ", secret" : "") + " | `" +
         (options.default_().empty() ? "\"\"" : options.default_()) + "` | " + options.doc() +
         " |\n";
}

void print_values(const Descriptor& group, const std::string& path, std::string& out) {
  for (int i = 0; i < group.field_count(); ++i) {
    const Field& field = *group.field(i);
    if (is_group(field)) {
      print_values(*field.message_type(), path + field.name() + ".", out);
    } else {
      print_value(field, path, out);
    }
  }
}

void print_table(const Field& group, std::string& out) {
  const std::string suffix = is_list(group) ? "[]" : "";
  out += "\n## " + group.name() + suffix + "\n\n" + options_of(group).doc() + "\n\n";
  out += kTableHead;
  print_values(*group.message_type(), "", out);
}

}  // namespace

std::string documentation() {
  std::string out(kIntroduction);
  const Descriptor& root = *v1::Config::descriptor();
  out += std::string("\n## Top level\n\n") + kTableHead;
  for (int i = 0; i < root.field_count(); ++i) {
    const Field& field = *root.field(i);
    if (!is_group(field) && !is_list(field)) print_value(field, "", out);
  }
  for (int i = 0; i < root.field_count(); ++i) {
    if (is_group(*root.field(i)) || is_list(*root.field(i))) {
      print_table(*root.field(i), out);
    }
  }
  const Result built_in = load({});
  out +=
      "\n## Everything, as built in\n\n```yaml\n" + print(std::get<v1::Config>(built_in)) + "```\n";
  return out;
}

}  // namespace crier::services::config
