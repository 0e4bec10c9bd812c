#include "services/credentials/file_watch.hpp"

#include <exception>
#include <utility>

#include "services/logging/log.hpp"

namespace crier::services::credentials {
namespace {

std::vector<FileState> states_of(const std::vector<std::string>& files) {
  std::vector<FileState> states;
  states.reserve(files.size());
  for (const std::string& file : files) states.push_back(file_state(file));
  return states;
}

// A fault in one callback must end neither the process nor the watch for the others.
bool call(const FileWatch::Changed& changed) {
  try {
    return changed();
  } catch (const std::exception& fault) {
    logging::log_limited("credentials.watch", logging::Level::kError,
                         "reading credentials again failed", {{"error", fault.what()}});
  } catch (...) {
    logging::log_limited("credentials.watch", logging::Level::kError,
                         "reading credentials again failed");
  }
  return false;
}

}  // namespace

FileWatch::FileWatch(std::chrono::milliseconds interval) : interval_(interval) {}

FileWatch::~FileWatch() {
  stop();
}

void FileWatch::add(std::vector<std::string> files, Changed changed) {
  auto states = states_of(files);
  groups_.push_back({std::move(files), std::move(states), std::move(changed)});
}

void FileWatch::start() {
  thread_ = std::thread([this] { run(); });
}

void FileWatch::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
  const std::lock_guard lock(mutex_);
  stopping_ = false;
}

void FileWatch::check_now() {
  {
    const std::lock_guard lock(mutex_);
    asked_ = true;
  }
  wake_.notify_one();
}

void FileWatch::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait_for(lock, interval_, [this] { return asked_ || stopping_; });
    if (stopping_) return;
    asked_ = false;
    lock.unlock();
    for (Group& group : groups_) check(group);
    lock.lock();
  }
}

// The state is taken before the files are read: what changes meanwhile is seen at the next look.
void FileWatch::check(Group& group) {
  auto states = states_of(group.files);
  if (states != group.states) {
    group.states = std::move(states);
    group.due = true;
  }
  if (group.due) group.due = !call(group.changed);
}

}  // namespace crier::services::credentials
