// Random lives of channels that share one frame log, against queues of strings.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <deque>
#include <string>
#include <vector>

#include "tests/dataplane/queue/queue_harness.hpp"

namespace crier::dataplane {
namespace {

constexpr std::size_t kChannels = 3;

// What a channel promises, said with strings.
struct Model {
  struct Frame {
    std::string bytes;
    Stamp enqueued;
  };
  std::deque<Frame> frames;
  std::size_t head_sent = 0;

  [[nodiscard]] std::string unsent() const {
    std::string all;
    for (const Frame& frame : frames) all += frame.bytes;
    return all.substr(head_sent);
  }

  std::uint32_t commit(std::size_t sent) {
    std::uint32_t whole = 0;
    head_sent += sent;
    while (!frames.empty() && head_sent >= frames.front().bytes.size()) {
      head_sent -= frames.front().bytes.size();
      frames.pop_front();
      ++whole;
    }
    return whole;
  }

  [[nodiscard]] bool fits(std::size_t bytes, const QueueConfig& bounds) const {
    return frames.size() < bounds.max_frames && unsent().size() + bytes <= bounds.max_bytes;
  }

  std::uint32_t evict_for(std::size_t bytes, const QueueConfig& bounds) {
    Model smaller = *this;
    std::uint32_t evicted = 0;
    const std::size_t first = head_sent > 0 ? 1 : 0;
    while (!smaller.fits(bytes, bounds)) {
      if (smaller.frames.size() <= first) return 0;
      smaller.frames.erase(smaller.frames.begin() + static_cast<std::ptrdiff_t>(first));
      ++evicted;
    }
    *this = smaller;
    return evicted;
  }

  std::uint32_t drop_unsent() {
    const std::size_t kept = head_sent > 0 ? 1 : 0;
    const auto dropped = static_cast<std::uint32_t>(frames.size() - kept);
    frames.resize(kept);
    return dropped;
  }

  std::uint32_t clear() {
    const auto dropped = static_cast<std::uint32_t>(frames.size());
    *this = {};
    return dropped;
  }
};

struct Step {
  enum class Kind : std::uint8_t { kPush, kBroadcast, kCommit, kCommitAll, kEvict, kDrop, kClear };
  Kind kind;
  std::size_t channel;
  std::size_t amount;
};

rc::Gen<Step::Kind> any_kind() {
  using Kind = Step::Kind;
  return rc::gen::weightedElement<Kind>({{12, Kind::kPush},
                                         {12, Kind::kBroadcast},
                                         {12, Kind::kCommit},
                                         {1, Kind::kCommitAll},
                                         {6, Kind::kEvict},
                                         {1, Kind::kDrop},
                                         {1, Kind::kClear}});
}

// Sizes of frames and of sends: mostly a few bytes, so that boundaries meet, now and then as large
// as a block or a large frame.
rc::Gen<std::size_t> any_amount() {
  return rc::gen::weightedOneOf<std::size_t>({{12, rc::gen::inRange<std::size_t>(1, 12)},
                                              {2, rc::gen::inRange<std::size_t>(1, 4000)},
                                              {1, rc::gen::inRange<std::size_t>(4090, 9000)}});
}

rc::Gen<Step> any_step() {
  return rc::gen::construct<Step>(any_kind(), rc::gen::inRange<std::size_t>(0, kChannels),
                                  any_amount());
}

class Life {
 public:
  void take(const Step& step) {
    Channel& channel = channels_[step.channel];
    Model& model = models_[step.channel];
    switch (step.kind) {
      case Step::Kind::kPush:
        push(step.amount, step.channel, step.channel + 1);
        break;
      case Step::Kind::kBroadcast:
        push(step.amount, 0, kChannels);
        break;
      case Step::Kind::kCommit: {
        const std::size_t sent = std::min<std::size_t>(step.amount, channel.bytes());
        RC_ASSERT(channel.commit(sent) == model.commit(sent));
        break;
      }
      case Step::Kind::kCommitAll: {
        const std::size_t sent = channel.bytes();
        RC_ASSERT(channel.commit(sent) == model.commit(sent));
        break;
      }
      case Step::Kind::kEvict:
        evict(channel, model, step.amount);
        break;
      case Step::Kind::kDrop:
        RC_ASSERT(channel.drop_unsent() == model.drop_unsent());
        break;
      case Step::Kind::kClear:
        RC_ASSERT(channel.clear() == model.clear());
        break;
    }
    for (std::size_t i = 0; i < kChannels; ++i) compare(channels_[i], models_[i]);
  }

  void end() {
    for (Channel& channel : channels_) channel.clear();
    queue_.log.reset();
    RC_ASSERT(queue_.pool.retained_bytes() == 0U);
    queue_.pool.trim();
    RC_ASSERT(queue_.memory.retained() == 0U);
  }

 private:
  void push(std::size_t size, std::size_t begin, std::size_t end) {
    std::string frame;
    while (frame.size() < size) frame.push_back(static_cast<char>('!' + next_byte_++ % 90));
    const Span span = queue_.append(frame, ++now_);
    for (std::size_t i = begin; i < end; ++i) {
      channels_[i].push(span);
      models_[i].frames.push_back({frame, now_});
    }
    queue_.log->settle();
  }

  // Bounds around what is there, so that each outcome happens.
  void evict(Channel& channel, Model& model, std::size_t amount) {
    const auto max_frames = static_cast<std::uint32_t>(amount % (channel.frames() + 2));
    const QueueConfig by_frames = limits(max_frames, UINT64_MAX / 2);
    const QueueConfig by_bytes = limits(UINT32_MAX / 2, channel.bytes());
    const QueueConfig& bounds = amount % 2 == 0 ? by_frames : by_bytes;
    const bool fits = channel.fits(1, amount, bounds);
    RC_ASSERT(fits == model.fits(amount, bounds));
    if (fits) return;
    const std::uint32_t evicted = channel.evict_for(amount, bounds);
    RC_ASSERT(evicted == model.evict_for(amount, bounds));
    RC_ASSERT(channel.fits(1, amount, bounds) == (evicted > 0));
  }

  static void compare(const Channel& channel, const Model& model) {
    const std::string bytes = model.unsent();
    RC_ASSERT(channel.frames() == model.frames.size());
    RC_ASSERT(channel.empty() == model.frames.empty());
    RC_ASSERT(channel.bytes() == bytes.size());
    RC_ASSERT(channel.head_partly_sent() == (model.head_sent > 0));
    RC_ASSERT(unsent(channel) == bytes);
    if (!channel.empty()) RC_ASSERT(channel.oldest() == model.frames.front().enqueued);
  }

  QueueHarness queue_;
  Channel channels_[kChannels];
  Model models_[kChannels];
  Stamp now_ = 0;
  unsigned next_byte_ = 0;
};

RC_GTEST_PROP(ChannelProperty, AnyLifeIsThatOfAQueueOfStrings, ()) {
  const auto steps = *rc::gen::scale(3.0, rc::gen::container<std::vector<Step>>(any_step()));
  Life life;
  for (const Step& step : steps) life.take(step);
  life.end();
}

}  // namespace
}  // namespace crier::dataplane
