#include "services/config/config.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "services/config/check.hpp"
#include "services/config/document.hpp"
#include "services/config/override.hpp"
#include "services/config/reader.hpp"
#include "services/config/schema.hpp"

namespace crier::services::config {
namespace {

constexpr std::string_view kBuiltInName = "built-in configuration";
constexpr std::string_view kBuiltInProcessor = "echo";

void add_built_in_listener(v1::Config& config) {
  auto& listener = *config.add_listeners();
  set_defaults(listener);
  listener.set_processor(std::string(kBuiltInProcessor));
}

struct FileText {
  std::string text;
  int error = 0;  // errno, 0: read
};

// Reads one byte more than is allowed and no further, whatever kind of file it is.
FileText read_file(const std::filesystem::path& path) {
  FileText file;
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  file.text.resize(kDocumentBytesMax + 1);
  if (stream) {
    stream.read(file.text.data(), static_cast<std::streamsize>(file.text.size()));
  }
  // A directory opens and fails at the first read.
  if (!stream.is_open() || stream.bad()) {
    file.error = errno == 0 ? EIO : errno;
  }
  file.text.resize(static_cast<std::size_t>(stream.gcount()));
  return file;
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
  const FileText file = read_file(*sources.file);
  if (file.error != 0) {
    return Origins(sources.file->string())
        .error_at(0, std::string("cannot be read: ") + std::strerror(file.error));
  }
  return parse(file.text, sources.file->string(), sources.sets);
}

}  // namespace crier::services::config
