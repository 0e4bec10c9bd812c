#include "services/control/client_ids.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace crier::services::control {
namespace {

template <class T>
void sort_distinct(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

template <class T>
void subtract_sorted(std::vector<T>& values, const std::vector<T>& others) {
  if (others.empty()) return;
  std::vector<T> left;
  left.reserve(values.size());
  std::set_difference(std::make_move_iterator(values.begin()),
                      std::make_move_iterator(values.end()), others.begin(), others.end(),
                      std::back_inserter(left));
  values = std::move(left);
}

}  // namespace

Status check_client_ids(const v1::ClientIds* only, const v1::ClientIds* except) {
  std::size_t count = 0;
  std::size_t bytes = 0;
  for (const v1::ClientIds* set : {only, except}) {
    if (set == nullptr) continue;
    count += static_cast<std::size_t>(set->client_ids_size());
    for (const std::string& text : set->client_ids()) bytes += text.size();
  }
  if (count > kClientIdsMax) return too_many_client_ids("ids", count, kClientIdsMax);
  if (bytes > kClientIdBytesMax) {
    return too_many_client_ids("bytes of ids", bytes, kClientIdBytesMax);
  }
  return {};
}

ClientIdSet parse_client_ids(const v1::ClientIds& texts) {
  ClientIdSet set;
  set.ids.reserve(static_cast<std::size_t>(texts.client_ids_size()));
  for (const std::string& text : texts.client_ids()) {
    if (const auto id = dataplane::parse_client_id(text)) {
      set.ids.push_back(*id);
    } else {
      set.malformed.push_back(text);
    }
  }
  sort_distinct(set.ids);
  sort_distinct(set.malformed);
  return set;
}

std::size_t answer_bytes_max(const v1::ClientIds& only) {
  constexpr std::size_t kCountsBytesMax = 256;  // every number of an answer, at its longest
  constexpr std::size_t kIdHeaderBytesMax = 6;  // tag and length
  std::size_t bytes = kCountsBytesMax;
  for (const std::string& text : only.client_ids()) bytes += kIdHeaderBytesMax + text.size();
  return bytes;
}

void subtract(ClientIdSet& set, const ClientIdSet& other) {
  subtract_sorted(set.ids, other.ids);
  subtract_sorted(set.malformed, other.malformed);
}

}  // namespace crier::services::control
