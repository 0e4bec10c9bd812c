#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dataplane/broadcast.hpp"
#include "dataplane/client_id.hpp"
#include "dataplane/client_info.hpp"

namespace crier::dataplane {

// What processors and connections need of the node beyond their own shard. Any thread.
class NodePort {
 public:
  NodePort() = default;
  NodePort(const NodePort&) = delete;
  NodePort& operator=(const NodePort&) = delete;
  virtual ~NodePort() = default;

  // Sends `payload` to every client of `listener` but `from`. After kOverloaded the connection is
  // told through its shard when to try again.
  virtual Submit relay(ListenerIndex listener, const ClientId& from, std::string_view payload) = 0;

  // Hands a reply that was promised with Verdict::Kind::kLater to the connection's shard.
  virtual void complete_reply(const ClientId& client, std::uint64_t sequence,
                              std::optional<std::string> payload) = 0;

  // Once for each connection, on its shard's thread.
  virtual void on_closed(const ClosedClient& client) = 0;
};

// A promise to reply later, or to say that there is no reply. Exactly one call, from any thread;
// the client may have gone by then.
struct ReplyTicket {
  NodePort* node = nullptr;
  ClientId client;
  std::uint64_t sequence = 0;

  void complete(std::optional<std::string> payload) const {
    node->complete_reply(client, sequence, std::move(payload));
  }
};

// One inbound frame, while it is being processed.
struct InboundFrame {
  std::string_view payload;
  ListenerIndex listener = 0;
  ReplyTicket ticket;    // for Verdict::Kind::kLater; names the client
  std::string& scratch;  // for a reply that is not part of the payload
};

struct [[nodiscard]] Verdict {
  enum class Kind : std::uint8_t {
    kNone,      // done, no reply
    kReply,     // done, `reply` goes back to the sender
    kLater,     // the ticket will be completed; replies keep the order of their frames
    kBusy,      // not taken: present the same frame again when the node has room
    kRejected,  // the stream is not what this processor speaks; the connection closes
  };
  Kind kind = Kind::kNone;
  std::string_view reply;  // into the payload or the scratch
};

// What a listener does with the frames of its clients: one instance per listener, called on every
// shard's thread, so without state or with its own synchronisation. It must not block.
class Processor {
 public:
  Processor() = default;
  Processor(const Processor&) = delete;
  Processor& operator=(const Processor&) = delete;
  virtual ~Processor() = default;

  virtual Verdict process(const InboundFrame& frame) = 0;

  // Whether process() ever replies; a client of one that does is not read while its queue is full.
  [[nodiscard]] virtual bool replies() const = 0;
};

}  // namespace crier::dataplane
