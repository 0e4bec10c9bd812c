#include "dataplane/node/node.hpp"

#include <algorithm>
#include <latch>
#include <random>
#include <stdexcept>
#include <utility>

#include "dataplane/connection/ring_sockets.hpp"
#include "dataplane/node/limits.hpp"
#include "dataplane/pressure/admission.hpp"
#include "dataplane/processors/registry.hpp"

namespace crier::dataplane {
namespace {

std::uint64_t draw_incarnation() {
  std::random_device device;
  const std::uint64_t bits = (std::uint64_t{device()} << 32U) | device();
  return bits >> (64 - kIncarnationBits);
}

std::vector<Encoding> encodings_of(const Config& config) {
  std::vector<Encoding> encodings;
  for (const ListenerConfig& listener : config.listeners) {
    encodings.push_back(encoding_of(listener.framing, listener.codec));
  }
  return encodings;
}

std::uint32_t shards_of(const Config& config) {
  return config.shards > 0 ? config.shards : std::min(usable_cpus(), kDefaultShardsMax);
}

std::unique_ptr<Sockets> make_sockets(const Config& config) {
  std::unique_ptr<Sockets> ring;
  if (config.io_uring) ring = RingSockets::make();
  return ring ? std::move(ring) : std::make_unique<SystemSockets>();
}

std::uint64_t connections_limit(const Config& config) {
  const std::uint64_t files = raise_open_file_limit();
  const std::uint64_t limit = files > kReservedFiles ? files - kReservedFiles : 1;
  for (std::size_t i = 0; i < config.listeners.size(); ++i) {
    const std::uint64_t wanted = config.listeners[i].max_connections;
    if (wanted <= limit) continue;
    throw std::runtime_error(
        "listeners[" + std::to_string(i) + "].max_connections: " + std::to_string(wanted) +
        " is more than this process may hold: " + std::to_string(files) + " open files less " +
        std::to_string(kReservedFiles) + " kept for other uses leave " + std::to_string(limit));
  }
  return std::min<std::uint64_t>(limit, kSlotsMax);
}

}  // namespace

Dataplane::Impl::Impl(Config config)
    : partial_memory_(config.max_partial_bytes),
      queue_memory_(config.max_queue_memory, begun_blocks(config, shards_of(config))),
      inflight_(config.max_inflight_bytes),
      config_(std::move(config)),
      incarnation_(draw_incarnation()),
      encoder_(encodings_of(config_), queue_memory_),
      answers_([this](BroadcastJob& job) { answer(job); }) {
  for (std::size_t i = 0; i < config_.listeners.size(); ++i) {
    const ListenerConfig& listener = config_.listeners[i];
    listeners_.push_back(std::make_unique<ListenerContext>(static_cast<ListenerIndex>(i), listener,
                                                           make_processor(listener)));
  }
}

Dataplane::Impl::~Impl() {
  stop();
}

void Dataplane::Impl::tell_rejected(const std::function<void(const RejectedClient&)>& rejected) {
  for (const auto& listener : listeners_) listener->on_rejected = rejected;
}

void Dataplane::Impl::start() {
  check_credentials();
  connections_limit_ = connections_limit(config_);
  make_shards();
  try {
    make_acceptors();
  } catch (...) {
    acceptors_.clear();
    shards_.clear();
    sockets_.clear();
    throw;
  }
  queue_memory_.tell([this] { on_queue_memory_changed(); });
  answers_.start();
  {
    const std::lock_guard lock(sequencer_);
    stopped_ = false;
  }
  for (const auto& shard : shards_) shard->start();
  for (std::size_t i = 0; i < acceptors_.size(); ++i) {
    asio::post(shards_[i % shards_.size()]->context(),
               [acceptor = acceptors_[i].get()] { acceptor->start(); });
  }
}

// Rather no listener than one that lets everybody in.
void Dataplane::Impl::check_credentials() const {
  for (const auto& listener : listeners_) {
    const ListenerConfig& config = listener->config;
    if (config.tls && listener->tls.get() == nullptr) {
      throw std::runtime_error("the listener '" + config.name + "' has no certificate");
    }
    if (config.authentication != Authentication::kNone && !listener->authenticator) {
      throw std::runtime_error("the listener '" + config.name + "' cannot tell clients apart");
    }
  }
}

void Dataplane::Impl::make_shards() {
  const std::uint32_t count = shards_of(config_);
  NodePort& node = *this;
  ShardObserver& observer = *this;
  for (std::uint32_t i = 0; i < count; ++i) {
    const Shard::Options options{static_cast<std::uint8_t>(i), incarnation_, config_.flush,
                                 config_.linger};
    sockets_.push_back(make_sockets(config_));
    shards_.push_back(std::make_unique<Shard>(options, *sockets_.back(), node, observer,
                                              partial_memory_, queue_memory_));
  }
}

void Dataplane::Impl::make_acceptors() {
  for (std::size_t i = 0; i < listeners_.size(); ++i) {
    ListenerContext& listener = *listeners_[i];
    const std::uint64_t clients_max =
        listener.config.max_connections > 0 ? listener.config.max_connections : connections_limit_;
    const std::uint64_t part = std::max<std::uint64_t>(clients_max / kHandshakingPart, 1);
    listener.handshaking_max = listener.config.tls ? std::min(part, kTlsHandshakingMax) : part;
    const auto obstacle = [this]() -> std::optional<RejectReason> {
      if (queue_memory_.level() >= PressureLevel::kShed) return RejectReason::kMemory;
      if (connections_.fetch_add(1, std::memory_order_relaxed) < connections_limit_) {
        return std::nullopt;
      }
      connections_.fetch_sub(1, std::memory_order_relaxed);
      return RejectReason::kMaxConnections;
    };
    const auto deliver_to = [this, &listener](std::vector<AcceptedSocket> sockets) {
      deliver(listener, std::move(sockets));
    };
    acceptors_.push_back(std::make_unique<Acceptor>(shards_[i % shards_.size()]->context(),
                                                    listener, accept_stats_, obstacle, deliver_to));
  }
}

// Deals a batch out, one socket after the other, so that every shard gets its share of every
// burst; one post for each shard.
void Dataplane::Impl::deliver(ListenerContext& listener, std::vector<AcceptedSocket> sockets) {
  std::vector<std::vector<AcceptedSocket>> hands(shards_.size());
  std::uint32_t next =
      next_shard_.fetch_add(static_cast<std::uint32_t>(sockets.size()), std::memory_order_relaxed);
  for (AcceptedSocket& socket : sockets) {
    hands[next++ % hands.size()].push_back(std::move(socket));
  }
  for (std::size_t i = 0; i < hands.size(); ++i) {
    if (!hands[i].empty()) shards_[i]->adopt(listener, std::move(hands[i]));
  }
}

void Dataplane::Impl::stop() {
  {
    const std::lock_guard lock(sequencer_);
    if (stopped_) return;
    stopped_ = true;  // from here on nothing new gets into any inbox
  }
  std::latch closed(1);
  stop_accepting([&closed] { closed.count_down(); });
  closed.wait();
  // In order, because a listing goes from each shard to the next.
  for (const auto& shard : shards_) shard->stop();
  answers_.stop();
  queue_memory_.tell(nullptr);
}

void Dataplane::Impl::on_queue_memory_changed() {
  for (const auto& shard : shards_) shard->queue_memory_changed();
  tell_room();
}

void Dataplane::Impl::stop_accepting(std::function<void()> done) {
  auto open = std::make_shared<std::atomic<std::size_t>>(acceptors_.size());
  auto shared_done = std::make_shared<std::function<void()>>(std::move(done));
  for (std::size_t i = 0; i < acceptors_.size(); ++i) {
    asio::post(shards_[i % shards_.size()]->context(),
               [this, acceptor = acceptors_[i].get(), open, shared_done] {
                 acceptor->stop();
                 if (open->fetch_sub(1) == 1) answers_.push(std::move(*shared_done));
               });
  }
}

void Dataplane::Impl::drain(std::chrono::milliseconds spread, std::chrono::milliseconds flush,
                            std::function<void()> empty) {
  {
    const std::lock_guard lock(waiting_mutex_);
    on_empty_ = std::move(empty);
  }
  for (const auto& shard : shards_) shard->drain(spread, flush);
  on_connections_gone(0);
}

void Dataplane::Impl::close_all() {
  for (const auto& shard : shards_) shard->close_all();
}

void Dataplane::Impl::on_connections_gone(std::uint32_t count) {
  if (connections_.fetch_sub(count, std::memory_order_acq_rel) != count) return;
  const std::lock_guard lock(waiting_mutex_);
  if (on_empty_) answers_.push(std::exchange(on_empty_, nullptr));
}

}  // namespace crier::dataplane
