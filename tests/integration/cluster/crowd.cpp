#include "tests/integration/cluster/crowd.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>

namespace crier::testing {
namespace {

constexpr std::size_t kChunkBytes = 256U << 10U;
constexpr int kLookMilliseconds = 20;  // for the end

}  // namespace

Crowd::Crowd(std::size_t streams)
    : streams_(streams), epoll_(::epoll_create1(EPOLL_CLOEXEC)), chunk_(kChunkBytes) {}

Crowd::~Crowd() {
  stop();
  ::close(epoll_);
}

void Crowd::add_group(const std::string& address, std::size_t clients) {
  auto& group = groups_.emplace_back();
  while (group.size() < clients) {
    group.push_back(std::make_unique<Member>(address, streams_));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = group.back().get();
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, group.back()->client.fd(), &event);
  }
}

const TcpClient& Crowd::client(std::size_t group, std::size_t index) const {
  return groups_.at(group).at(index)->client;
}

void Crowd::start() {
  running_ = true;
  thread_ = std::thread([this] { run(); });
}

void Crowd::stop() {
  running_ = false;
  if (thread_.joinable()) thread_.join();
}

std::string Crowd::problem() const {
  const std::lock_guard lock(mutex_);
  return problem_;
}

bool Crowd::each(std::size_t group, const Visit& visit) const {
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < groups_.at(group).size(); ++i) {
    if (!visit(i, groups_[group][i]->tallies)) return false;
  }
  return true;
}

void Crowd::run() {
  std::array<epoll_event, 256> events;
  while (running_) {
    const int ready =
        ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), kLookMilliseconds);
    for (int i = 0; i < ready; ++i) {
      read_some(*static_cast<Member*>(events[static_cast<std::size_t>(i)].data.ptr));
    }
  }
}

// Reads once; the others get their turn.
void Crowd::read_some(Member& member) {
  const ssize_t got = ::recv(member.client.fd(), chunk_.data(), chunk_.size(), MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  const std::lock_guard lock(mutex_);
  if (got > 0) return take(member, {chunk_.data(), static_cast<std::size_t>(got)});
  ::epoll_ctl(epoll_, EPOLL_CTL_DEL, member.client.fd(), nullptr);
  fail("a client was closed");
}

void Crowd::take(Member& member, std::string_view bytes) {
  for (;;) {
    const std::size_t end = bytes.find('\n');
    if (end == std::string_view::npos) break;
    if (member.begun.empty()) {
      take_line(member, bytes.substr(0, end));
    } else {
      member.begun.append(bytes.substr(0, end));
      take_line(member, member.begun);
      member.begun.clear();
    }
    bytes.remove_prefix(end + 1);
  }
  member.begun.append(bytes);
}

void Crowd::take_line(Member& member, std::string_view text) {
  const std::string line(text);
  const char* const end = line.data() + line.size();
  std::size_t stream = streams_;
  std::uint64_t number = 0;
  const auto first = std::from_chars(line.data(), end, stream);
  if (first.ec == std::errc() && first.ptr != end) std::from_chars(first.ptr + 1, end, number);
  if (stream >= streams_ || number == 0) {
    return fail("a client got what nobody published: " + line.substr(0, 80));
  }
  Tally& tally = member.tallies[stream];
  if (number <= tally.last) {
    fail("a client got number " + std::to_string(number) + " of stream " + std::to_string(stream) +
         " after number " + std::to_string(tally.last));
  }
  constexpr std::uint64_t kPrime = 1'099'511'628'211;
  tally.hash = (tally.hash ^ number) * kPrime;
  if (tally.count == 0) tally.first = number;
  tally.last = number;
  ++tally.count;
}

// The first is kept. With mutex_ held.
void Crowd::fail(const std::string& what) {
  if (problem_.empty()) problem_ = what;
}

}  // namespace crier::testing
