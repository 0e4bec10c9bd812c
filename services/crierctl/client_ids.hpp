#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "crier/v1/control.pb.h"

namespace crier::services::crierctl {

// Adds an option that takes client ids, comma-separated or by being given more than once. It never
// takes the word after its value, so that a payload may follow.
inline CLI::Option* add_client_ids(CLI::App& app, const std::string& name,
                                   std::vector<std::string>& ids, const std::string& description) {
  return app.add_option(name, ids, description)
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("ID[,ID...]");
}

// Empty ids are left out: --only "" is a list of nobody, as a script's empty variable means it.
inline v1::ClientIds to_client_ids(const std::vector<std::string>& ids) {
  v1::ClientIds list;
  for (const std::string& id : ids) {
    if (!id.empty()) list.add_client_ids(id);
  }
  return list;
}

}  // namespace crier::services::crierctl
