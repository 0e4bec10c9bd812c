#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dataplane/close_reason.hpp"
#include "dataplane/config.hpp"
#include "dataplane/dataplane.hpp"

namespace crier::testing {

// A client of some listener that keeps to what the listener demands, whatever that is: encryption,
// credentials, framing. Where the connection breaks or ends, send() and arrived() throw
// std::runtime_error.
class FaultClient {
 public:
  FaultClient() = default;
  FaultClient(const FaultClient&) = delete;
  FaultClient& operator=(const FaultClient&) = delete;
  virtual ~FaultClient() = default;

  virtual void send(std::string_view payload) = 0;
  // The payloads that have arrived by now; never waits.
  [[nodiscard]] virtual std::vector<std::string> arrived() = 0;
  [[nodiscard]] virtual int fd() const = 0;
  [[nodiscard]] virtual std::string local_address() const = 0;
};

// Bytes that no client may send, and what each sender is closed for.
struct IllegalInput {
  std::string name;
  std::string bytes;  // the last of them is the one that says so
  dataplane::CloseReason reason;
};

// One kind of listener, and how its clients speak. Every scenario of the fault matrix that is not
// about one kind runs over all of them: a further kind is one more entry of listener_setups().
struct ListenerSetup {
  std::string name;  // a word: part of the names of tests
  dataplane::FramingConfig framing;
  // What is special about the listener, beside its framing.
  std::function<void(dataplane::ListenerConfig&)> adjust;
  // What such a listener needs before the data plane starts; may be empty.
  std::function<void(dataplane::Dataplane&, dataplane::ListenerIndex)> prepare;
  // Connects, and has said and heard all that makes it a client; or, the second, has only begun to,
  // and never waits for an answer.
  using Connect = std::function<std::unique_ptr<FaultClient>(const std::string& address,
                                                             int receive_buffer_bytes)>;
  Connect connect;
  Connect begin_to_connect;
  // What a client says before it has heard anything; empty where it need not say anything.
  std::function<std::string()> opening;
  // Whether a client cannot become one without hearing anything.
  bool needs_answers = false;
  // Whether whoever connects is a client, and its bytes are frames.
  bool by_hand = true;
  // A frame as it goes over the connection, for those that send by hand.
  std::function<std::string(std::string_view payload)> wire;
  std::size_t payload_bytes = 0;  // every payload has this many; 0: any number
  std::vector<IllegalInput> illegal;
};

// The largest frame that listeners of these setups accept.
inline constexpr std::uint32_t kFrameBytesMax = 4U << 10U;

[[nodiscard]] const std::vector<ListenerSetup>& listener_setups();
[[nodiscard]] const ListenerSetup& setup_named(std::string_view name);

}  // namespace crier::testing
