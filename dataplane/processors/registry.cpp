#include "dataplane/processors/registry.hpp"

#include <array>

#include "dataplane/processors/discard.hpp"
#include "dataplane/processors/double.hpp"
#include "dataplane/processors/echo.hpp"
#include "dataplane/processors/relay.hpp"

namespace crier::dataplane {
namespace {

template <class T>
std::unique_ptr<Processor> make() {
  return std::make_unique<T>();
}

struct Entry {
  std::string_view name;
  std::unique_ptr<Processor> (*make)();
};

constexpr std::array kEntries{
    Entry{"discard", make<DiscardProcessor>},
    Entry{"echo", make<EchoProcessor>},
    Entry{"relay", make<RelayProcessor>},
    Entry{"double", make<DoubleProcessor>},
};

const Entry* find(std::string_view name) {
  for (const Entry& entry : kEntries) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

}  // namespace

std::vector<std::string_view> processor_names() {
  std::vector<std::string_view> names;
  for (const Entry& entry : kEntries) names.push_back(entry.name);
  return names;
}

std::optional<std::string> processor_problem(const ListenerConfig& listener) {
  if (find(listener.processor) != nullptr) return std::nullopt;
  std::string names;
  for (const Entry& entry : kEntries) {
    names.append(names.empty() ? "" : ", ").append(entry.name);
  }
  return "is not the name of a processor; there are " + names;
}

std::unique_ptr<Processor> make_processor(const ListenerConfig& listener) {
  return find(listener.processor)->make();
}

}  // namespace crier::dataplane
