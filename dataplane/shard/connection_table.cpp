#include "dataplane/shard/connection_table.hpp"

#include <cassert>
#include <memory>
#include <utility>

namespace crier::dataplane {

ConnectionTable::~ConnectionTable() {
  for (std::uint32_t slot = 0; slot < slots_; ++slot) {
    if (at(slot) != nullptr) remove(slot);
  }
}

std::uint32_t ConnectionTable::take_slot() {
  if (!free_.empty()) {
    const std::uint32_t slot = free_.top();
    free_.pop();
    return slot;
  }
  assert(slots_ < kSlotsMax);
  if (slots_ % kChunkSlots == 0) chunks_.emplace_back();
  shard_.deadlines.add_slot();
  return slots_++;
}

Connection& ConnectionTable::add(ListenerContext& listener, int fd, const PeerAddress& peer,
                                 std::unique_ptr<Session> session) {
  const std::uint32_t slot = take_slot();
  std::unique_ptr<Chunk>& chunk = chunks_[slot / kChunkSlots];
  if (!chunk) chunk = std::make_unique_for_overwrite<Chunk>();
  const std::uint32_t index = slot % kChunkSlots;
  chunk->used |= std::uint64_t{1} << index;
  ++size_;
  const Connection::Origin origin{slot, next_serial_++, fd, peer};
  return *std::construct_at(chunk->place(index), shard_, listener, origin, std::move(session));
}

void ConnectionTable::remove(std::uint32_t slot) {
  std::unique_ptr<Chunk>& chunk = chunks_[slot / kChunkSlots];
  const std::uint32_t index = slot % kChunkSlots;
  std::destroy_at(chunk->place(index));
  chunk->used &= ~(std::uint64_t{1} << index);
  if (chunk->used == 0) chunk.reset();
  free_.push(slot);
  --size_;
}

Connection* ConnectionTable::at(std::uint32_t slot) const {
  if (slot >= slots_) return nullptr;
  Chunk* chunk = chunks_[slot / kChunkSlots].get();
  if (chunk == nullptr) return nullptr;
  const std::uint32_t index = slot % kChunkSlots;
  return (chunk->used >> index & 1) != 0 ? chunk->place(index) : nullptr;
}

Connection* ConnectionTable::find(std::uint32_t slot, std::uint64_t serial) const {
  Connection* connection = at(slot);
  return connection != nullptr && connection->serial() == serial ? connection : nullptr;
}

Connection* ConnectionTable::find(const ClientId& id) const {
  if (id.incarnation != shard_.incarnation || id.shard != shard_.shard) return nullptr;
  return find(id.slot, id.serial);
}

}  // namespace crier::dataplane
