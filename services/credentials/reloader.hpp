#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "services/credentials/file_watch.hpp"
#include "services/credentials/reload_stats.hpp"

namespace crier::services::credentials {

// Reads files that hold credentials, and reads them again when they change. What is wrong with a
// file stops a start; later it is logged and counted, the credentials that were good stay in force,
// and the file is tried again at every look.
class Reloader {
 public:
  // Reads the files and puts what they hold in force, or says in one sentence, which quotes no
  // secret, why it cannot.
  using Read = std::function<std::optional<std::string>()>;

  explicit Reloader(std::chrono::milliseconds interval);

  // `read` is called now and later on the reloader's thread. `what` names the files for the log,
  // such as "tokens of listener feed". Throws std::runtime_error when there is a problem now.
  // REQUIRES: not started.
  void add(const std::string& what, std::vector<std::string> files, const Read& read);

  void start();
  void stop();       // no `read` is called from here on
  void check_now();  // any thread

  [[nodiscard]] ReloadStats stats() const;  // any thread

 private:
  bool reload(const std::string& what, const Read& read);

  std::atomic<std::uint64_t> ok_{0};
  std::atomic<std::uint64_t> failed_{0};
  FileWatch watch_;
};

}  // namespace crier::services::credentials
