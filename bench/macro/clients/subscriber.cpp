#include "bench/macro/clients/subscriber.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "bench/macro/system.hpp"

namespace crier::bench {

void Subscriber::open(const Endpoint& endpoint) {
  fd_ = connect_to(endpoint.port, index);
  awaited_ = endpoint.acknowledgements;
  last_sequence = 0;
  set_no_delay(fd_);
  if (!endpoint.hello.empty()) send_all(fd_, endpoint.hello);
  must(fcntl(fd_, F_SETFL, O_NONBLOCK), "fcntl");
}

void Subscriber::close() {
  if (fd_ < 0) return;
  const linger reset{1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
  ::close(fd_);
  fd_ = -1;
  begun_.clear();
}

Subscriber::Read Subscriber::read(const Protocol& protocol, Scratch& scratch) {
  if (fd_ < 0) return Read::kNothing;
  // What was begun lies before what comes now, so that the parser sees one piece.
  const std::size_t before = begun_.size();
  if (scratch.bytes.size() < before + Scratch::kReadBytes) {
    scratch.bytes.resize(before + Scratch::kReadBytes);
  }
  std::memcpy(scratch.bytes.data(), begun_.data(), before);
  const ssize_t n = recv(fd_, scratch.bytes.data() + before, Scratch::kReadBytes, MSG_DONTWAIT);
  if (n < 0 && errno == EAGAIN) return Read::kNothing;
  if (n <= 0) {
    close();
    return Read::kClosed;
  }
  const std::string_view input(scratch.bytes.data(), before + static_cast<std::size_t>(n));
  scratch.found.clear();
  begun_ = input.substr(protocol.parse(input, scratch.found));
  awaited_ -= std::min(awaited_, scratch.found.acknowledgements);
  if (!scratch.found.replies.empty()) send_all(fd_, scratch.found.replies);
  return Read::kSome;
}

std::string Subscriber::local_address() const {
  sockaddr_in address{};
  socklen_t size = sizeof(address);
  must(getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
  std::array<char, INET_ADDRSTRLEN> text{};
  inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size());
  return std::string(text.data()) + ":" + std::to_string(ntohs(address.sin_port));
}

}  // namespace crier::bench
