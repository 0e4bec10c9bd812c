#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "services/credentials/file_state.hpp"

namespace crier::services::credentials {

// Looks at files now and then, on a thread of its own, and says when they are not what they were.
// Looking is what works for every way of replacing a file: written in place, renamed over, or, as
// Kubernetes does with mounted secrets, a symlink in the path that points elsewhere.
class FileWatch {
 public:
  // Whether the change has been dealt with; if not, or if it throws, it is called again at the next
  // look.
  using Changed = std::function<bool()>;

  explicit FileWatch(std::chrono::milliseconds interval);
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;
  ~FileWatch();  // stops

  // `changed` is called on the watch's thread after any of `files` has changed, appeared or gone
  // since this call: who adds files before reading them misses nothing. REQUIRES: not started.
  void add(std::vector<std::string> files, Changed changed);

  void start();
  void stop();  // waits for a call that is under way; harmless when not started

  // Has the watch look at once. Any thread, also a callback.
  void check_now();

 private:
  struct Group {
    std::vector<std::string> files;
    std::vector<FileState> states;
    Changed changed;
    bool due = false;  // to be called, again if need be
  };

  void run();
  static void check(Group& group);

  const std::chrono::milliseconds interval_;
  std::vector<Group> groups_;  // of the thread, while it runs
  std::mutex mutex_;
  std::condition_variable wake_;
  bool asked_ = false;     // guarded by mutex_
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace crier::services::credentials
