#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <queue>
#include <vector>

#include "dataplane/connection/connection.hpp"

namespace crier::dataplane {

// The connections of one shard, each in a slot that it keeps for life. Slots lie in order in
// memory, in chunks that come and go with their connections. Shard thread only.
class ConnectionTable {
 public:
  explicit ConnectionTable(ShardContext& shard) : shard_(shard) {}
  ConnectionTable(const ConnectionTable&) = delete;
  ConnectionTable& operator=(const ConnectionTable&) = delete;
  // REQUIRES: empty, or only ended connections.
  ~ConnectionTable();

  // Takes over `fd`. The connection is not started yet.
  Connection& add(ListenerContext& listener, int fd, const PeerAddress& peer,
                  std::unique_ptr<Session> session = nullptr);
  // REQUIRES: the connection in `slot` has ended.
  void remove(std::uint32_t slot);

  // Null where the slot is free.
  [[nodiscard]] Connection* at(std::uint32_t slot) const;
  // Null where that connection has gone.
  [[nodiscard]] Connection* find(std::uint32_t slot, std::uint64_t serial) const;
  [[nodiscard]] Connection* find(const ClientId& id) const;

  // Every slot in use is below this.
  [[nodiscard]] std::uint32_t slots() const { return slots_; }
  [[nodiscard]] std::uint32_t size() const { return size_; }

 private:
  static constexpr std::uint32_t kChunkSlots = 64;

  struct Chunk {
    std::uint64_t used = 0;  // bit by slot
    alignas(Connection) std::array<std::byte, kChunkSlots * sizeof(Connection)> storage;

    [[nodiscard]] Connection* place(std::uint32_t index) {
      return reinterpret_cast<Connection*>(storage.data() + index * sizeof(Connection));
    }
  };

  std::uint32_t take_slot();

  ShardContext& shard_;
  std::vector<std::unique_ptr<Chunk>> chunks_;
  // Lowest first, which keeps the slots in use together.
  std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, std::greater<>> free_;
  std::uint32_t slots_ = 0;
  std::uint32_t size_ = 0;
  std::uint64_t next_serial_ = 1;
};

}  // namespace crier::dataplane
