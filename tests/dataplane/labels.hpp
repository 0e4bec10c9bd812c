#pragma once

#include <algorithm>
#include <set>
#include <string_view>

namespace crier::dataplane {

template <class Labels>
bool all_differ(const Labels& labels) {
  return std::set<std::string_view>(labels.begin(), labels.end()).size() == labels.size();
}

// a, a_b, a_b_c
inline bool is_lower_snake(std::string_view label) {
  const auto fine = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  return !label.empty() && std::all_of(label.begin(), label.end(), fine) && label.front() != '_' &&
         label.back() != '_' && label.find("__") == std::string_view::npos;
}

}  // namespace crier::dataplane
