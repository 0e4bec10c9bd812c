#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>

namespace crier::testing {

// How one direction of a connection through a FaultProxy goes wrong. Offsets count the bytes of
// that direction from 0. The default passes everything on.
struct DirectionPlan {
  static constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

  // What happens once `end_at` bytes have been passed on.
  enum class End : std::uint8_t {
    kPassOn,       // nothing
    kStall,        // reads and passes on nothing more until FaultProxy::release()
    kBlackhole,    // reads on and drops it; an end of the stream is dropped, too
    kHalfClose,    // sends FIN; what still comes is dropped
    kReset,        // RST to both ends
    kResetSource,  // RST to the one that sends here, FIN to the other
    kResetTarget,  // FIN to the one that sends here, RST to the other
  };

  // From `paced_from` up to before `paced_until`: pieces of at most `slice_bytes` (0: as they
  // come), each after a pause of `delay`.
  std::uint32_t slice_bytes = 0;
  std::chrono::microseconds delay{0};
  std::uint64_t paced_from = 0;
  std::uint64_t paced_until = kNever;
  // The byte at this offset arrives with the bits of `flip` turned over.
  std::uint64_t corrupt_at = kNever;
  std::uint8_t flip = 0xFF;
  End end = End::kPassOn;
  std::uint64_t end_at = 0;
};

struct FaultPlan {
  DirectionPlan to_server;
  DirectionPlan to_client;
};

// A plan with any faults in either direction, somewhere in the first `bytes`. Follows from the
// state of `random` alone.
[[nodiscard]] FaultPlan random_plan(std::mt19937_64& random, std::uint64_t bytes);

}  // namespace crier::testing
