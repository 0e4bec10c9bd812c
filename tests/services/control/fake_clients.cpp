#include "tests/services/control/fake_clients.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace crier::services::control {

using dataplane::ClientId;
using dataplane::ClientInfo;

FakeClients::~FakeClients() {
  stop_answering();
}

void FakeClients::stop_answering() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

ClientId FakeClients::add(dataplane::ListenerIndex listener) {
  const std::lock_guard lock(mutex_);
  ClientInfo info;
  info.id = {.incarnation = incarnation_, .slot = next_slot_, .shard = 0, .serial = next_slot_};
  info.listener = listener;
  info.remote_address = "192.0.2.1:40000";
  clients_.emplace(next_slot_, info);
  ++next_slot_;
  return info.id;
}

void FakeClients::remove(const ClientId& id) {
  const std::lock_guard lock(mutex_);
  clients_.erase(id.slot);
}

void FakeClients::refuse_next(dataplane::Submit submit, int times) {
  const std::lock_guard lock(mutex_);
  refusals_.insert(refusals_.end(), static_cast<std::size_t>(times), submit);
}

void FakeClients::set_overloaded() {
  const std::lock_guard lock(mutex_);
  overloaded_ = true;
}

void FakeClients::set_ready() {
  std::vector<std::function<void()>> waiting;
  {
    const std::lock_guard lock(mutex_);
    overloaded_ = false;
    waiting.swap(waiting_);
  }
  for (auto& ready : waiting) later(std::move(ready));
}

bool FakeClients::answer_one() {
  std::function<void()> answer;
  {
    const std::lock_guard lock(mutex_);
    if (answers_.empty()) return false;
    answer = std::move(answers_.front());
    answers_.pop_front();
  }
  answer();
  return true;
}

void FakeClients::answer_all() {
  while (answer_one()) {
  }
}

void FakeClients::answer_from_thread() {
  thread_ = std::thread([this] { run(); });
}

void FakeClients::hold_answers() {
  const std::lock_guard lock(mutex_);
  held_ = true;
}

void FakeClients::release_answers() {
  {
    const std::lock_guard lock(mutex_);
    held_ = false;
  }
  changed_.notify_all();
}

void FakeClients::run() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || (!held_ && !answers_.empty()); });
      if (answers_.empty()) return;
    }
    answer_one();
  }
}

std::vector<dataplane::Broadcast> FakeClients::sent() const {
  const std::lock_guard lock(mutex_);
  return sent_;
}

std::size_t FakeClients::sent_count() const {
  const std::lock_guard lock(mutex_);
  return sent_.size();
}

std::vector<dataplane::DisconnectRequest> FakeClients::disconnects() const {
  const std::lock_guard lock(mutex_);
  return disconnects_;
}

dataplane::Submit FakeClients::broadcast(const dataplane::Broadcast& broadcast,
                                         dataplane::BroadcastDone done) {
  dataplane::BroadcastResult result;
  {
    const std::lock_guard lock(mutex_);
    if (overloaded_) return dataplane::Submit::kOverloaded;
    if (!refusals_.empty()) {
      const dataplane::Submit refusal = refusals_.front();
      refusals_.pop_front();
      return refusal;
    }
    const dataplane::Target& target = broadcast.target;
    const auto wanted = [&](const ClientInfo& info) {
      return !target.listener || info.listener == *target.listener;
    };
    if (target.only) {
      const std::set<ClientId> only(target.only->begin(), target.only->end());
      for (const ClientId& id : only) {
        const auto found = clients_.find(id.slot);
        if (found != clients_.end() && found->second.id == id && wanted(found->second)) {
          ++result.matched;
        } else {
          result.unknown.push_back(id);
        }
      }
    } else {
      for (const auto& [slot, info] : clients_) {
        const bool excepted =
            std::find(target.except.begin(), target.except.end(), info.id) != target.except.end();
        if (wanted(info) && !excepted) ++result.matched;
      }
    }
    result.queued = result.matched;
    sent_.push_back(broadcast);
  }
  later([done = std::move(done), result = std::move(result)] { done(result); });
  return dataplane::Submit::kAccepted;
}

void FakeClients::when_ready(std::function<void()> ready) {
  {
    const std::lock_guard lock(mutex_);
    if (overloaded_) {
      waiting_.push_back(std::move(ready));
      return;
    }
  }
  later(std::move(ready));
}

void FakeClients::list(const dataplane::ListRequest& request,
                       std::function<void(dataplane::ListPage)> done) {
  dataplane::ListPage page;
  {
    const std::lock_guard lock(mutex_);
    auto at = clients_.lower_bound(request.from.slot);
    for (; at != clients_.end() && page.clients.size() < request.page_size; ++at) {
      if (request.listener && at->second.listener != *request.listener) continue;
      page.clients.push_back(at->second);
    }
    if (at != clients_.end()) page.next = dataplane::ListPosition{.shard = 0, .slot = at->first};
  }
  later([done = std::move(done), page = std::move(page)] { done(page); });
}

std::uint64_t FakeClients::count(std::optional<dataplane::ListenerIndex> listener) const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::uint64_t>(std::count_if(
      clients_.begin(), clients_.end(),
      [&](const auto& client) { return !listener || client.second.listener == *listener; }));
}

void FakeClients::get(const ClientId& id, std::function<void(std::optional<ClientInfo>)> done) {
  std::optional<ClientInfo> info;
  {
    const std::lock_guard lock(mutex_);
    const auto found = clients_.find(id.slot);
    if (found != clients_.end() && found->second.id == id) info = found->second;
  }
  later([done = std::move(done), info] { done(info); });
}

void FakeClients::disconnect(dataplane::DisconnectRequest request,
                             std::function<void(dataplane::DisconnectResult)> done) {
  dataplane::DisconnectResult result;
  {
    const std::lock_guard lock(mutex_);
    disconnects_.push_back(request);
    result.matched = request.only ? 0 : clients_.size();
    if (request.only) {
      for (const ClientId& id : *request.only) {
        const auto found = clients_.find(id.slot);
        const bool known = found != clients_.end() && found->second.id == id;
        known ? static_cast<void>(++result.matched) : result.unknown.push_back(id);
      }
    }
    result.disconnected = result.matched;
  }
  later([done = std::move(done), result = std::move(result)] { done(result); });
}

void FakeClients::later(std::function<void()> answer) {
  {
    const std::lock_guard lock(mutex_);
    answers_.push_back(std::move(answer));
  }
  changed_.notify_all();
}

}  // namespace crier::services::control
