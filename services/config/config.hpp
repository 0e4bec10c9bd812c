#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "crier/v1/config.pb.h"

// Configuration: YAML and --set arguments into crier.v1.Config, whose field options say what each
// key means. Start-up code: plain functions without state, usable from any thread.
namespace crier::services::config {

// One sentence for people, without control characters: ORIGIN: key 'PATH': reason. ORIGIN is
// FILE:LINE, FILE or "--set PATH".
struct Error {
  std::string text;
};

using Result = std::variant<v1::Config, Error>;

struct Sources {
  std::optional<std::filesystem::path> file;  // absent: the built-in configuration
  std::vector<std::string> sets;              // KEY=VALUE, applied in order, after the file
};

// A complete and consistent configuration: every key is set, ranges and relations between keys
// hold, and dataplane::validate() agrees. A file without `listeners` (an empty one, say) keeps the
// built-in listener: `line` with `echo` on port 8082.
[[nodiscard]] Result load(const Sources& sources);

// The same from memory; `name` stands for the file in errors.
[[nodiscard]] Result parse(std::string_view yaml, std::string_view name,
                           const std::vector<std::string>& sets = {});

// Every key as YAML that parse() reads back to an equal message. Secrets are hidden; parse()
// refuses a hidden one, so that nobody takes it for a password. REQUIRES: `config` came from load()
// or parse().
[[nodiscard]] std::string print(const v1::Config& config);

// docs/configuration.md: all keys of the schema, as Markdown.
[[nodiscard]] std::string documentation();

// A JSON Schema (draft 7) of what a file may say, with the same keys, choices and ranges. What only
// parse() judges: ranges of durations and of sizes with a unit, and relations between keys.
[[nodiscard]] std::string json_schema();

}  // namespace crier::services::config
