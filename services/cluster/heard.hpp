#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>

namespace crier::services::cluster {

// Which broadcasts of other nodes have come, and how many are known to be missing. Each publisher
// counts what it publishes to everyone and to this node; a number that is skipped is a gap.
//
// Of a publisher first heard of, it is not known how many of its earlier broadcasts to everyone
// were for clients of this node: settle() tells, once it has answered. Not safe for several threads
// at a time.
class Heard final {
 public:
  enum class [[nodiscard]] Verdict : std::uint8_t { kNew, kDuplicate };

  // A broadcast came, with its number. `named`: to this node alone.
  Verdict accept(std::uint64_t publisher, bool named, std::uint64_t sequence);

  // The publisher says that it has published so many, and nothing of it is still on its way.
  void note(std::uint64_t publisher, bool named, std::uint64_t sequence);

  // The publisher is there; what it has published is not known yet.
  void meet(std::uint64_t publisher) { static_cast<void>(find(publisher)); }

  // Whether everything has come, or is known to be missing, up to these numbers.
  [[nodiscard]] bool reached(std::uint64_t publisher, std::uint64_t everyone,
                             std::uint64_t named) const;

  // Whether settle() is still awaited.
  [[nodiscard]] bool unsettled(std::uint64_t publisher) const;
  // The publisher had published so many to everyone when this node came to life.
  void settle(std::uint64_t publisher, std::uint64_t sequence);
  // What came before the first number heard, or yet to be heard, was for nobody here.
  void settle_whole(std::uint64_t publisher);

  [[nodiscard]] std::uint64_t gaps() const { return gaps_; }
  [[nodiscard]] std::uint64_t gaps(std::uint64_t publisher) const;

  // It is not remembered any longer; its gaps still count.
  void forget(std::uint64_t publisher) { publishers_.erase(publisher); }

  static constexpr std::size_t kPublishersMax = 1024;

 private:
  struct Publisher {
    std::optional<std::uint64_t> everyone;  // the last number heard of, once there is one
    std::uint64_t named = 0;
    std::uint64_t heard_from = 0;  // the first `everyone`
    bool settled = false;
    std::uint64_t gaps = 0;
  };

  Publisher& find(std::uint64_t publisher);
  // The last number heard of; `first` where there was none.
  static std::uint64_t& last(Publisher& publisher, bool named, std::uint64_t first);
  void add_gap(Publisher& publisher, std::uint64_t count);

  std::unordered_map<std::uint64_t, Publisher> publishers_;
  std::uint64_t gaps_ = 0;
};

}  // namespace crier::services::cluster
