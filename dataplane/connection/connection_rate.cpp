// How a client that sends too fast is held back.
#include <algorithm>

#include "dataplane/connection/connection.hpp"

namespace crier::dataplane {

// Whether the frame at hand, or where it is held back already any input, has to wait for the rate.
bool Connection::too_fast() {
  const InboundRate* const limit = rate();
  if (limit == nullptr) return false;
  const bool wait = !limit->message_allowed(shard_.now) ||
                    (held_back_ && limit->bytes_allowed(1, shard_.now) == 0);
  if (wait) hold_back_for_rate();
  return wait;
}

void Connection::hold_back_for_rate() {
  rate()->hold_back(shard_.now);
  shard_.deadlines.wake_by(origin_.slot, std::min(rate()->ready_at(), rate()->closes_at()));
}

// How much of `portion` may be read now. 0: nothing, and it is held back.
std::size_t Connection::readable_portion(std::size_t portion) {
  if (rate() == nullptr) return portion;
  const std::size_t allowed = rate()->bytes_allowed(portion, shard_.now);
  if (allowed > 0) return allowed;
  held_back_ = true;
  hold_back_for_rate();
  return 0;
}

// Everything that the client has sent was read and processed.
void Connection::note_caught_up() {
  if (rate() != nullptr && !held_back_ && !readable_) rate()->caught_up();
}

}  // namespace crier::dataplane
