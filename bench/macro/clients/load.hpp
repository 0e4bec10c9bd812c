#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "bench/macro/clients/churn.hpp"
#include "bench/macro/clients/onlookers.hpp"
#include "bench/macro/clients/poller.hpp"
#include "bench/macro/clients/subscriber.hpp"
#include "bench/macro/clients/tally.hpp"

namespace crier::bench {

// All clients of one server, on one epoll set. Each operation answers with one line of JSON.
class Load {
 public:
  // ports: where the server listens; where it is several nodes, subscribers go to each in turn.
  // grouped: every tenth subscriber belongs to the group, and subscribes to its topic as well.
  Load(const Protocol& protocol, const std::vector<std::uint16_t>& ports, bool grouped);

  // Waits, and works off what has come; true once there is a command on standard input.
  bool step();

  // So many more; answers once the server has acknowledged every subscription.
  void connect(std::size_t count);
  // All but the first `keep`.
  void disconnect(std::size_t keep);
  // Answers with the addresses from which the members of the group connect.
  void print_group() const;
  // Answers that it is ready, and later what came: to the group alone, or to all that read.
  void expect(const Expectation& expectation, bool group_only);
  // Answers with more of what came of the last expectation.
  void print_details() const;
  // The first `count` read no more.
  void stall(std::size_t count);
  // They read again; answers with what they got, once nothing more comes.
  void resume();
  // From now on others come and go, `rate` a second. 0: no more; answers with what they got.
  void churn(double rate);

 private:
  [[nodiscard]] bool in_group(const Subscriber& subscriber) const;
  [[nodiscard]] const Endpoint& endpoint_of(const Subscriber& subscriber) const;
  void receive(Subscriber& subscriber);
  void check(Subscriber& subscriber, std::uint64_t now_ns);
  void note_closed(const Subscriber& subscriber);
  void finish_expectation();
  void finish_resumption();
  [[nodiscard]] int wait_ms() const;

  const Protocol& protocol_;
  std::vector<Endpoint> all_;    // one for each port
  std::vector<Endpoint> group_;  // likewise
  const bool grouped_;
  Poller<Subscriber> poller_;
  Scratch scratch_;
  std::deque<Subscriber> subscribers_;  // where they are does not change
  std::size_t subscribing_ = 0;         // of them, those with an acknowledgement to come
  std::uint64_t unexpected_ = 0;        // messages that came to a measured one while none should
  std::uint64_t closed_ = 0;            // of the measured, by the server
  std::optional<Tally> tally_;
  std::optional<Tally> last_tally_;  // that is over

  Onlookers stalled_;
  std::uint64_t quiet_since_ns_ = 0;  // 0: no resumption is under way
  std::optional<Churn> churn_;
  std::uint64_t churn_due_ns_ = 0;
};

}  // namespace crier::bench
