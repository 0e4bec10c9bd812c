#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include <algorithm>
#include <string>

namespace crier::services::crierctl {

// Adds `id` unless it is there.
inline void add_once(google::protobuf::RepeatedPtrField<std::string>& ids, const std::string& id) {
  if (std::find(ids.begin(), ids.end(), id) == ids.end()) *ids.Add() = id;
}

}  // namespace crier::services::crierctl
