#include "services/credentials/reloader.hpp"

#include <exception>
#include <stdexcept>
#include <utility>

#include "services/logging/log.hpp"

namespace crier::services::credentials {

namespace {

using logging::Level;

// A fault, such as too little memory, is a problem like others: the next look tries again.
std::optional<std::string> problem_of(const Reloader::Read& read) {
  try {
    return read();
  } catch (const std::exception& fault) {
    return fault.what();
  }
}

}  // namespace

Reloader::Reloader(std::chrono::milliseconds interval) : watch_(interval) {}

void Reloader::add(const std::string& what, std::vector<std::string> files, const Read& read) {
  watch_.add(std::move(files), [this, what, read] { return reload(what, read); });
  if (const auto problem = read()) throw std::runtime_error(what + ": " + *problem);
}

void Reloader::start() {
  watch_.start();
}

void Reloader::stop() {
  watch_.stop();
}

void Reloader::check_now() {
  watch_.check_now();
}

ReloadStats Reloader::stats() const {
  return {ok_.load(std::memory_order_relaxed), failed_.load(std::memory_order_relaxed)};
}

bool Reloader::reload(const std::string& what, const Read& read) {
  if (const auto problem = problem_of(read)) {
    failed_.fetch_add(1, std::memory_order_relaxed);
    logging::log_limited("credentials.reload", Level::kError,
                         "credentials not read again; those from before stay in force",
                         {{"what", what}, {"problem", *problem}});
    return false;
  }
  ok_.fetch_add(1, std::memory_order_relaxed);
  logging::log(Level::kInfo, "credentials read again", {{"what", what}});
  return true;
}

}  // namespace crier::services::credentials
