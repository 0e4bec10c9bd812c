#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "dataplane/fanout/broadcast_job.hpp"
#include "dataplane/fanout/run.hpp"
#include "dataplane/fanout/send_batch.hpp"
#include "dataplane/shard/connection_table.hpp"

namespace crier::dataplane {

// Takes broadcasts to the connections of one shard, strictly in the order in which they came.
//
//   jobs -> segment   consecutive wide broadcasts are one walk over all connections; broadcasts
//                     for named clients go to these directly
//        -> runs      consecutive frames of a walk with the same target, contiguous in memory
//        -> visit     one connection takes all runs of the walk
//        -> send      once for each connection, for all of a step together
//
// Works in steps, so that reads, accepts and timers get their turn in between; a later broadcast
// never overtakes an earlier one. Shard thread only.
class Fanout {
 public:
  // `finished` is called with each job whose part of this shard is complete.
  Fanout(ShardContext& shard, ConnectionTable& table,
         std::function<void(const BroadcastJobPtr&)> finished);
  Fanout(const Fanout&) = delete;
  Fanout& operator=(const Fanout&) = delete;
  ~Fanout();

  void add(std::vector<BroadcastJobPtr> jobs);
  [[nodiscard]] bool idle() const { return waiting_.empty() && !walking_; }

  // Serves some connections. REQUIRES: !idle().
  void step();

 private:
  // Connections that one step visits at most; slots it looks at, free ones included.
  static constexpr std::uint32_t kStepVisits = Sockets::kSendsMax;
  static constexpr std::uint32_t kStepSlots = 16U << 10U;
  // Broadcasts in one walk at most: bounds the blocks that it holds.
  static constexpr std::size_t kWalkJobsMax = 4096;

  BroadcastJob::Part& part(const BroadcastJobPtr& job) { return job->parts[shard_.shard]; }
  void finish(const BroadcastJobPtr& job);

  // Wide broadcasts (fanout.cpp).
  void begin_walk();
  void add_to_runs(std::size_t job);
  void step_walk();
  void visit(Connection& connection);
  [[nodiscard]] bool concerns(const Run& run, const Connection& connection) const;
  [[nodiscard]] bool offer_run(Connection& connection, Run& run);
  void offer_no_bytes(Connection& connection, const BroadcastJobPtr& job);
  void offer_singly(Connection& connection, Run& run, const Span& span);
  void take_back(std::uint32_t lost);
  void take_back_whole(const Connection& connection, std::uint32_t lost);
  void end_walk();

  // Named clients (fanout_named.cpp).
  void step_named();
  void offer_named(const BroadcastJobPtr& job, const ClientId& id);
  void send_named();
  void take_back_named(const Connection& connection, std::uint32_t lost);
  [[nodiscard]] Span named_span(const BroadcastJobPtr& job, Encoding encoding);
  void release_named_spans();

  [[nodiscard]] Span log_frame(Encoding encoding, const EncodedFrame& frame);

  ShardContext& shard_;
  ConnectionTable& table_;
  std::function<void(const BroadcastJobPtr&)> finished_;
  std::array<FrameLog, kEncodings> logs_;

  std::deque<BroadcastJobPtr> waiting_;
  SendBatch batch_;

  // The walk that is under way.
  bool walking_ = false;
  std::vector<BroadcastJobPtr> walk_;
  std::vector<Run> runs_;
  std::uint32_t start_slot_ = 0;  // rotates, so that nobody is always last
  std::uint32_t slots_ = 0;       // at the start of the walk: who comes later was not there
  std::uint32_t walked_ = 0;

  // The broadcast to named clients that is under way, and whom this step has given frames.
  std::size_t named_next_ = 0;
  std::array<Span, kEncodings> named_spans_{};
  struct Named {
    Connection* connection;
    BroadcastJob* job;
    bool queued;
  };
  std::vector<Named> offered_;
  std::vector<Connection*> named_;  // each once
};

}  // namespace crier::dataplane
