#include "services/cluster/pending.hpp"

namespace crier::services::cluster {

void Pending::expect(std::uint64_t id, const std::vector<std::uint64_t>& epochs,
                     Clock::time_point deadline, Done done) {
  if (questions_.size() >= kQuestionsMax) {
    done({{}, epochs});
    return;
  }
  Question& question = questions_[id];
  question.waiting.insert(epochs.begin(), epochs.end());
  question.deadline = deadlines_.emplace(deadline, id);
  question.done = std::move(done);
}

bool Pending::reply(std::uint64_t epoch, v1::BusReply reply) {
  const auto found = questions_.find(reply.id());
  if (found == questions_.end() || found->second.waiting.erase(epoch) == 0) return false;
  found->second.replies.answers.emplace_back(epoch, std::move(reply));
  if (found->second.waiting.empty()) end(found);
  return true;
}

void Pending::give_up(std::uint64_t id, std::uint64_t epoch) {
  const auto found = questions_.find(id);
  if (found == questions_.end() || found->second.waiting.erase(epoch) == 0) return;
  found->second.replies.missing.push_back(epoch);
  if (found->second.waiting.empty()) end(found);
}

void Pending::give_up_node(std::uint64_t epoch) {
  std::vector<std::uint64_t> ids;
  for (const auto& [id, question] : questions_) {
    if (question.waiting.contains(epoch)) ids.push_back(id);
  }
  for (const std::uint64_t id : ids) give_up(id, epoch);
}

void Pending::expire(Clock::time_point now) {
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    const auto found = questions_.find(deadlines_.begin()->second);
    for (const std::uint64_t epoch : found->second.waiting) {
      found->second.replies.missing.push_back(epoch);
    }
    end(found);
  }
}

Pending::Clock::time_point Pending::next_deadline() const {
  return deadlines_.empty() ? Clock::time_point::max() : deadlines_.begin()->first;
}

void Pending::end(Questions::iterator question) {
  Question ended = std::move(question->second);
  deadlines_.erase(ended.deadline);
  questions_.erase(question);
  ended.done(std::move(ended.replies));
}

}  // namespace crier::services::cluster
