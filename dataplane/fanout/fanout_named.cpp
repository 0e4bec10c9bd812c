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
    connection->begin_offers();
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
  for (std::size_t i = 0; i < offered_.size(); ++i) {
    Connection* connection = offered_[i].connection;
    std::uint32_t lost = connection->finish_offers();
    // The newest of the frames it took in this step.
    for (std::size_t j = offered_.size(); lost > 0 && j-- > 0;) {
      if (offered_[j].connection != connection || !offered_[j].queued) continue;
      BroadcastResult& result = offered_[j].job->parts[shard_.shard].result;
      --result.queued;
      ++result.dropped[static_cast<std::size_t>(DropReason::kClosing)];
      --lost;
    }
  }
  offered_.clear();
  for (FrameLog& log : logs_) log.settle();
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
