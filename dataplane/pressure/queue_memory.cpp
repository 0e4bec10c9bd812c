#include "dataplane/pressure/queue_memory.hpp"

#include <algorithm>
#include <utility>

namespace crier::dataplane {

QueueMemory::QueueMemory(std::uint64_t budget, std::uint64_t spare)
    : budget_(budget),
      admissible_(budget == 0 ? UINT64_MAX : budget - std::min(budget, spare)),
      pressure_(budget) {
  (void)publish();
}

void QueueMemory::tell(std::function<void()> changed) {
  const std::lock_guard lock(mutex_);
  changed_ = std::move(changed);
}

QueueMemory::Admission QueueMemory::try_reserve(std::size_t bytes) {
  // First in, then looked at: of two that come at once one sees the other.
  const std::uint64_t reserved = reserved_.fetch_add(bytes) + bytes;
  const std::uint64_t retained = retained_.load();
  if (retained <= admissible_ && reserved <= admissible_ - retained) return Admission::kAdmitted;
  reserved_.fetch_sub(bytes);
  if (!pressure_.would_evict(retained)) return Admission::kWayFull;
  refused_.fetch_add(1, std::memory_order_relaxed);
  update(true);
  return Admission::kQueuesFull;
}

bool QueueMemory::has_room() const {
  const std::uint64_t retained = retained_.load();
  const std::uint64_t rest = admissible_ - std::min(admissible_, retained);
  return !full() && reserved_.load() <= rest / 2;
}

// Makes the copies; true where the level has changed.
bool QueueMemory::publish() {
  rises_at_.store(pressure_.rises_at());
  falls_below_.store(pressure_.falls_below());
  return level_.exchange(pressure_.level()) != pressure_.level();
}

void QueueMemory::update(bool refused) {
  bool changed = false;
  std::function<void()> tell;
  {
    const std::lock_guard lock(mutex_);
    std::uint64_t retained = retained_.load();
    if (refused && pressure_.would_evict(retained)) pressure_.refuse(retained);
    // Once more where somebody counted meanwhile, who compared with bounds that were old.
    do {
      pressure_.observe(retained);
      changed = publish() || changed;
      retained = retained_.load();
    } while (retained >= pressure_.rises_at() || retained < pressure_.falls_below());
    if (changed) tell = changed_;
  }
  if (tell) tell();
}

QueueMemoryStats QueueMemory::stats() const {
  QueueMemoryStats stats;
  stats.retained_bytes = retained();
  stats.limit_bytes = budget_;
  stats.refused = refused_.load(std::memory_order_relaxed);
  const std::lock_guard lock(mutex_);
  stats.level = pressure_.level();
  stats.transitions = pressure_.transitions();
  return stats;
}

}  // namespace crier::dataplane
