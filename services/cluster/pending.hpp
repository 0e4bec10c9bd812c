#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "crier/v1/bus.pb.h"

namespace crier::services::cluster {

// Questions to other nodes that wait for their answers, each until the last node asked has answered
// or its deadline is over. Not safe for several threads at a time; callbacks come from within the
// methods.
class Pending final {
 public:
  using Clock = std::chrono::steady_clock;

  struct Replies {
    std::vector<std::pair<std::uint64_t, v1::BusReply>> answers;  // by the epochs of who answered
    std::vector<std::uint64_t> missing;
  };
  using Done = std::function<void(Replies)>;

  // Above this a question is not waited for: all answers of it are missing.
  static constexpr std::size_t kQuestionsMax = 16'384;

  // REQUIRES: `id` is new, `epochs` is not empty.
  void expect(std::uint64_t id, const std::vector<std::uint64_t>& epochs,
              Clock::time_point deadline, Done done);
  // Returns whether anybody waited for it.
  bool reply(std::uint64_t epoch, v1::BusReply reply);
  // That node will not answer this question.
  void give_up(std::uint64_t id, std::uint64_t epoch);
  // That node will not answer anything any more.
  void give_up_node(std::uint64_t epoch);

  // Ends every question whose deadline is over.
  void expire(Clock::time_point now);
  void expire_all() { expire(Clock::time_point::max()); }
  // The end of time where nothing is asked.
  [[nodiscard]] Clock::time_point next_deadline() const;

 private:
  struct Question {
    std::set<std::uint64_t> waiting;
    Replies replies;
    std::multimap<Clock::time_point, std::uint64_t>::iterator deadline;
    Done done;
  };
  using Questions = std::map<std::uint64_t, Question>;

  void end(Questions::iterator question);

  Questions questions_;                                        // by id
  std::multimap<Clock::time_point, std::uint64_t> deadlines_;  // of their ids
};

}  // namespace crier::services::cluster
