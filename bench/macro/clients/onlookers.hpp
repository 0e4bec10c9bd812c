#pragma once

#include <cstdint>
#include <string_view>

#include "bench/macro/clients/subscriber.hpp"
#include "bench/macro/message.hpp"

namespace crier::bench {

// What came to subscribers of which nobody says what they have to get, since they come late, leave
// early or did not read: every byte and the order are checked all the same. One publisher.
struct Onlookers {
  std::uint64_t received = 0;
  std::uint64_t skipped = 0;   // sequences missing between two that came
  std::uint64_t disorder = 0;  // messages that came again or too late
  std::uint64_t corrupt = 0;   // messages with a wrong byte
  std::uint64_t closed = 0;    // by the server

  void check(Subscriber& subscriber, std::string_view text) {
    const auto message = read_message(text);
    if (!message) {
      ++corrupt;
      return;
    }
    ++received;
    if (message->sequence <= subscriber.last_sequence) {
      ++disorder;
      return;
    }
    if (subscriber.last_sequence > 0) skipped += message->sequence - subscriber.last_sequence - 1;
    subscriber.last_sequence = message->sequence;
  }
};

}  // namespace crier::bench
