// Broadcasts to named clients: looked up one by one, however many connections there are.
#include "dataplane/fanout/fanout.hpp"

namespace crier::dataplane {

void Fanout::step_named() {
  std::vector<BroadcastJobPtr> done;
  while (offered_.size() < kStepVisits && done.size() < kStepVisits && !waiting_.empty() &&
         waiting_.front()->narrow) {
    const BroadcastJobPtr& job = waiting_.front();
    const auto& ids = part(job).only;
    while (named_next_ < ids.size() && offered_.size() < kStepVisits) {
      offer_named(job, ids[named_next_++]);
    }
    if (named_next_ < ids.size()) break;
    named_next_ = 0;
    release_named_spans();
    done.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  send_named();
  for (const BroadcastJobPtr& job : done) finish(job);
}

void Fanout::offer_named(const BroadcastJobPtr& job, const ClientId& id) {
  BroadcastResult& result = part(job).result;
  Connection* connection = table_.find(id);
  const bool known = connection != nullptr && !connection->ended() &&
                     (!job->listener || *job->listener == connection->listener().index);
  if (!known) {
    result.unknown.push_back(id);
    return;
  }
  ++result.matched;
  const Encoding encoding = connection->listener().encoding;
  const bool encodable = job->frame(encoding).state == EncodedFrame::State::kEncoded;
  std::optional<DropReason> dropped;
  if (!connection->active()) {
    dropped = DropReason::kClosing;
  } else if (!encodable) {
    dropped = DropReason::kUnencodable;
  }
  if (!dropped && !job->validate_only) {
    if (connection->begin_offers()) named_.push_back(connection);
    const OverflowPolicy policy =
        job->overflow.value_or(connection->listener().config.queue.overflow);
    const auto offered = connection->offer(named_span(job, encoding), policy, job->source);
    dropped = offered.dropped;
    result.evicted += offered.evicted;
    offered_.push_back({connection, job.get(), !dropped});
  } else if (!job->validate_only) {
    connection->offer_nothing(*dropped, job->source);
  }
  if (dropped) {
    ++result.dropped[static_cast<std::size_t>(*dropped)];
  } else {
    ++result.queued;
  }
}

// Sends what this step has queued, once for each connection.
void Fanout::send_named() {
  for (Connection* connection : named_) {
    if (!batch_.add(*connection)) take_back_named(*connection, connection->finish_offers());
  }
  batch_.send([this](const Connection& connection, std::uint32_t lost) {
    take_back_named(connection, lost);
  });
  named_.clear();
  offered_.clear();
  for (FrameLog& log : logs_) log.settle();
}

// The newest of the frames that this connection took in this step.
void Fanout::take_back_named(const Connection& connection, std::uint32_t lost) {
  for (auto offered = offered_.rbegin(); offered != offered_.rend() && lost > 0; ++offered) {
    if (offered->connection != &connection || !offered->queued) continue;
    BroadcastResult& result = offered->job->parts[shard_.shard].result;
    --result.queued;
    ++result.dropped[static_cast<std::size_t>(DropReason::kClosing)];
    --lost;
  }
}

Span Fanout::named_span(const BroadcastJobPtr& job, Encoding encoding) {
  Span& span = named_spans_[static_cast<std::size_t>(encoding)];
  if (span.block == nullptr) {
    span = log_frame(encoding, job->frame(encoding));
    span.block->retain();
  }
  return span;
}

void Fanout::release_named_spans() {
  for (Span& span : named_spans_) {
    if (span.block != nullptr) span.block->release();
    span = {};
  }
}

}  // namespace crier::dataplane
