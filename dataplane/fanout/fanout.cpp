#include "dataplane/fanout/fanout.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace crier::dataplane {
namespace {

template <std::size_t... I>
std::array<FrameLog, sizeof...(I)> make_logs(BlockPool& pool, std::index_sequence<I...>) {
  return {((void)I, FrameLog(pool))...};
}

}  // namespace

Fanout::Fanout(ShardContext& shard, ConnectionTable& table,
               std::function<void(const BroadcastJobPtr&)> finished)
    : shard_(shard),
      table_(table),
      finished_(std::move(finished)),
      logs_(make_logs(shard.blocks, std::make_index_sequence<kEncodings>())),
      batch_(shard.sockets) {}

Fanout::~Fanout() {
  for (Run& run : runs_) run.release();
  release_named_spans();
}

void Fanout::add(std::vector<BroadcastJobPtr> jobs) {
  std::move(jobs.begin(), jobs.end(), std::back_inserter(waiting_));
}

void Fanout::step() {
  if (!walking_ && !waiting_.front()->narrow) begin_walk();
  if (walking_) {
    step_walk();
  } else {
    step_named();
  }
}

void Fanout::finish(const BroadcastJobPtr& job) {
  finished_(job);
}

Span Fanout::log_frame(Encoding encoding, const EncodedFrame& frame) {
  FrameLog& log = logs_[static_cast<std::size_t>(encoding)];
  return frame.large ? log.append(frame.large, shard_.stamp())
                     : log.append(frame.wire, shard_.stamp());
}

// --- Wide broadcasts: one walk for all that wait.

void Fanout::begin_walk() {
  walking_ = true;
  while (!waiting_.empty() && !waiting_.front()->narrow && walk_.size() < kWalkJobsMax) {
    walk_.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
    add_to_runs(walk_.size() - 1);
  }
  slots_ = table_.slots();
  walked_ = 0;
  start_slot_ = slots_ == 0 ? 0 : (start_slot_ + slots_ / 3 + 1) % slots_;
}

void Fanout::add_to_runs(std::size_t job) {
  const BroadcastJob& next = *walk_[job];
  Run run;
  run.first_job = static_cast<std::uint32_t>(job);
  run.jobs = 1;
  for (std::size_t i = 0; i < kEncodings; ++i) {
    const EncodedFrame& frame = next.frames[i];
    if (next.validate_only || frame.state != EncodedFrame::State::kEncoded) continue;
    run.spans[i] = log_frame(static_cast<Encoding>(i), frame);
  }
  const auto& except = next.parts[shard_.shard].except;
  const bool joins = job > 0 && Run::alike(*walk_[job - 1], next) && except.empty() &&
                     walk_[job - 1]->parts[shard_.shard].except.empty() &&
                     runs_.back().continues_in(run.spans);
  if (joins) {
    runs_.back().extend(run.spans);
    return;
  }
  run.retain();
  runs_.push_back(run);
}

void Fanout::step_walk() {
  std::uint32_t visits = 0;
  const std::uint32_t stop = std::min(slots_, walked_ + kStepSlots);
  while (walked_ < stop && visits < kStepVisits) {
    const std::uint32_t slot = (start_slot_ + walked_++) % slots_;
    Connection* connection = table_.at(slot);
    if (connection == nullptr || !connection->active()) continue;
    visit(*connection);
    ++visits;
  }
  batch_.send(
      [this](Connection& connection, std::uint32_t lost) { take_back_whole(connection, lost); });
  if (walked_ == slots_) end_walk();
}

void Fanout::visit(Connection& connection) {
  connection.begin_offers();
  bool whole = true;
  for (Run& run : runs_) {
    run.queued = 0;
    if (concerns(run, connection) && !offer_run(connection, run)) whole = false;
  }
  if (whole && batch_.add(connection)) return;
  take_back(connection.finish_offers());
}

bool Fanout::concerns(const Run& run, const Connection& connection) const {
  const BroadcastJob& job = *walk_[run.first_job];
  if (job.listener && *job.listener != connection.listener().index) return false;
  const auto& except = job.parts[shard_.shard].except;
  return except.empty() || !std::binary_search(except.begin(), except.end(), connection.id());
}

// False where the connection did not take the run as a whole.
bool Fanout::offer_run(Connection& connection, Run& run) {
  const auto encoding = static_cast<std::size_t>(connection.listener().encoding);
  const Span& span = run.spans[encoding];
  if (span.block != nullptr) {
    if (connection.try_offer(span, walk_[run.first_job]->source)) {
      ++run.taken;
      run.queued = run.jobs;
      return true;
    }
    offer_singly(connection, run, span);
    return false;
  }
  for (std::uint32_t i = 0; i < run.jobs; ++i) offer_no_bytes(connection, walk_[run.first_job + i]);
  return true;
}

// A broadcast that is only counted, or that this client's framing cannot carry.
void Fanout::offer_no_bytes(Connection& connection, const BroadcastJobPtr& job) {
  BroadcastResult& result = part(job).result;
  ++result.matched;
  if (job->frame(connection.listener().encoding).state != EncodedFrame::State::kUnencodable) {
    ++result.queued;
    return;
  }
  ++result.dropped[static_cast<std::size_t>(DropReason::kUnencodable)];
  if (!job->validate_only) connection.offer_nothing(DropReason::kUnencodable, job->source);
}

// Frame by frame, since not all of them may find room.
void Fanout::offer_singly(Connection& connection, Run& run, const Span& span) {
  const OverflowPolicy own = connection.listener().config.queue.overflow;
  for (std::uint32_t i = 0; i < run.jobs; ++i) {
    const BroadcastJobPtr& job = walk_[run.first_job + i];
    const auto first = static_cast<std::uint16_t>(span.first + i);
    const Span one{span.block, first, static_cast<std::uint16_t>(first + 1)};
    const auto offered = connection.offer(one, job->overflow.value_or(own), job->source);
    BroadcastResult& result = part(job).result;
    ++result.matched;
    result.evicted += offered.evicted;
    if (offered.dropped) {
      ++result.dropped[static_cast<std::size_t>(*offered.dropped)];
    } else {
      ++result.queued;
      ++run.queued;
    }
  }
}

// The last `lost` frames that the connection being visited took turned out to go nowhere.
void Fanout::take_back(std::uint32_t lost) {
  for (auto run = runs_.rbegin(); run != runs_.rend() && lost > 0; ++run) {
    for (; run->queued > 0 && lost > 0; --run->queued, --lost) {
      BroadcastResult& result = part(walk_[run->first_job + run->queued - 1]).result;
      // May wrap for now: end_walk() adds what the run was taken as a whole.
      --result.queued;
      ++result.dropped[static_cast<std::size_t>(DropReason::kClosing)];
    }
  }
}

// The same for one that took every run as a whole.
void Fanout::take_back_whole(const Connection& connection, std::uint32_t lost) {
  for (Run& run : runs_) {
    const auto encoding = static_cast<std::size_t>(connection.listener().encoding);
    const bool took = run.spans[encoding].block != nullptr && concerns(run, connection);
    run.queued = took ? run.jobs : 0;
  }
  take_back(lost);
}

void Fanout::end_walk() {
  for (Run& run : runs_) {
    for (std::uint32_t i = 0; i < run.jobs; ++i) {
      BroadcastResult& result = part(walk_[run.first_job + i]).result;
      result.matched += run.taken;
      result.queued += run.taken;
    }
    run.release();
  }
  runs_.clear();
  for (FrameLog& log : logs_) log.settle();
  for (const BroadcastJobPtr& job : walk_) finish(job);
  walk_.clear();
  walking_ = false;
}

}  // namespace crier::dataplane
