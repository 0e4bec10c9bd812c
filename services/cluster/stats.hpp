#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace crier::services::cluster {

// Why a message from the bus was not acted on.
enum class Ignored : std::uint8_t {
  kTooLarge,       // larger than any that a node sends, or of more parts
  kMalformed,      // no envelope, or a body that cannot be read
  kVersion,        // of another version than ours
  kChecksum,       // changed on its way
  kKind,           // of a kind that this version does not know
  kDuplicate,      // a broadcast that was here before
  kOtherReceiver,  // for another node
  kTooManyNodes,   // of a node beyond kNodesMax
  kRefused,        // a broadcast that no listener here can carry, or that breaks a rule
};
inline constexpr std::array<std::string_view, 9> kIgnoredLabels{
    "too_large", "malformed",      "version",        "checksum", "kind",
    "duplicate", "other_receiver", "too_many_nodes", "refused"};
inline constexpr std::size_t kIgnoredReasons = kIgnoredLabels.size();

// How a question to another node ended.
enum class Asked : std::uint8_t { kAnswered, kRefused, kTimedOut };
inline constexpr std::array<std::string_view, 3> kAskedLabels{"answered", "refused", "timed_out"};
inline constexpr std::size_t kAskedResults = kAskedLabels.size();

// What a node knows of the others. A value.
struct Stats {
  std::uint64_t reachable = 0;     // gauge; other nodes
  std::uint64_t unreachable = 0;   // gauge; other nodes, silent and not yet forgotten
  std::uint64_t gap_messages = 0;  // broadcasts of others that are known to be missed
  std::uint64_t broadcasts = 0;    // of others, offered to this node's clients
  std::array<std::uint64_t, kIgnoredReasons> ignored{};
  std::array<std::uint64_t, kAskedResults> asked{};
};

}  // namespace crier::services::cluster
