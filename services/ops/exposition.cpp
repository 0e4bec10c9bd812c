#include "services/ops/exposition.hpp"

#include <prometheus/text_serializer.h>

#include <iterator>
#include <utility>

namespace crier::services::ops {

void Exposition::add(std::unique_ptr<const prometheus::Collectable> source) {
  sources_.push_back(std::move(source));
}

Families Exposition::collect() const {
  Families all;
  for (const auto& source : sources_) {
    Families families = source->Collect();
    all.insert(all.end(), std::make_move_iterator(families.begin()),
               std::make_move_iterator(families.end()));
  }
  return all;
}

std::string to_text(const Families& families) {
  return prometheus::TextSerializer{}.Serialize(families);
}

}  // namespace crier::services::ops
