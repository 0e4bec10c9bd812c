#include "services/config/config.hpp"

#include "services/config/check.hpp"
#include "services/config/document.hpp"
#include "services/config/override.hpp"
#include "services/config/reader.hpp"
#include "services/config/schema.hpp"
#include "services/files/bounded_file.hpp"

namespace crier::services::config {
namespace {

constexpr std::string_view kBuiltInName = "built-in configuration";
constexpr std::string_view kBuiltInProcessor = "echo";

void add_built_in_listener(v1::Config& config) {
  auto& listener = *config.add_listeners();
  set_defaults(listener);
  listener.set_processor(std::string(kBuiltInProcessor));
}

}  // namespace

Result parse(std::string_view yaml, std::string_view name, const std::vector<std::string>& sets) {
  Origins origins(name);
  const auto document = parse_document(yaml);
  if (const auto* error = std::get_if<DocumentError>(&document)) {
    return origins.error_at(error->line, error->reason);
  }
  v1::Config config;
  set_defaults(config);
  if (auto error = read(std::get<Node>(document), config, origins)) {
    return *error;
  }
  if (config.listeners().empty()) {
    add_built_in_listener(config);
  }
  for (const auto& argument : sets) {
    if (auto error = apply_set(argument, config, origins)) {
      return *error;
    }
  }
  if (auto error = check(config, origins)) {
    return *error;
  }
  return config;
}

Result load(const Sources& sources) {
  if (!sources.file) {
    return parse("", kBuiltInName, sources.sets);
  }
  const auto text =
      files::read_bounded(sources.file->string(), kDocumentBytesMax, files::Pipes::kRead);
  if (const auto* problem = std::get_if<files::FileProblem>(&text)) {
    return Origins(sources.file->string()).error_at(0, problem->reason);
  }
  return parse(std::get<std::string>(text), sources.file->string(), sources.sets);
}

}  // namespace crier::services::config
