#include "bench/secure/clients.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <sstream>
#include <vector>

#include "bench/macro/system.hpp"

namespace crier::bench {
namespace {

// An order is one message: its fields, a line each, but for the first frame, which ends it.
std::string to_text(const Clients::Order& order) {
  std::ostringstream text;
  text << order.address << '\n'
       << order.count << '\n'
       << order.tls << '\n'
       << order.options.cert_file << '\n'
       << order.options.key_file << '\n'
       << order.first_frame;
  return text.str();
}

Clients::Order from_text(const std::string& text) {
  std::istringstream lines(text);
  Clients::Order order;
  std::string count;
  std::string tls;
  std::getline(lines, order.address);
  std::getline(lines, count);
  std::getline(lines, tls);
  std::getline(lines, order.options.cert_file);
  std::getline(lines, order.options.key_file);
  order.first_frame = text.substr(static_cast<std::size_t>(lines.tellg()));
  order.count = std::stoul(count);
  order.tls = tls == "1";
  return order;
}

// The child's life: reads until the parent closes its end.
[[noreturn]] void serve(int orders) {
  std::array<char, 16384> buffer;
  const ssize_t got = ::recv(orders, buffer.data(), buffer.size(), 0);
  if (got <= 0) ::_exit(0);
  const Clients::Order order = from_text({buffer.data(), static_cast<std::size_t>(got)});
  const int epoll = must(::epoll_create1(0), "epoll_create1");
  const auto watch = [epoll](int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    must(::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
  };
  std::vector<std::unique_ptr<testing::TcpClient>> plain;
  std::vector<std::unique_ptr<testing::TlsClient>> secure;
  for (std::size_t i = 0; i < order.count; ++i) {
    if (order.tls) {
      secure.push_back(std::make_unique<testing::TlsClient>(order.address, order.options));
      secure.back()->send(order.first_frame);
      watch(secure.back()->tcp().fd());
    } else {
      plain.push_back(std::make_unique<testing::TcpClient>(order.address));
      plain.back()->send(order.first_frame);
      watch(plain.back()->fd());
    }
  }
  watch(orders);
  std::array<epoll_event, 256> events;
  for (;;) {
    const int count = ::epoll_wait(epoll, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      const int fd = events[static_cast<std::size_t>(i)].data.fd;
      if (fd == orders) ::_exit(0);
      (void)::recv(fd, buffer.data(), buffer.size(), 0);
    }
  }
}

}  // namespace

Clients::Clients() {
  std::array<int, 2> ends{};
  must(::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends.data()), "socketpair");
  child_ = must(::fork(), "fork");
  if (child_ == 0) {
    ::close(ends[0]);
    serve(ends[1]);
  }
  ::close(ends[1]);
  orders_ = ends[0];
}

Clients::~Clients() {
  ::close(orders_);
  ::waitpid(child_, nullptr, 0);
}

void Clients::connect(const Order& order) const {
  const std::string text = to_text(order);
  must(static_cast<int>(::send(orders_, text.data(), text.size(), 0)), "send");
}

}  // namespace crier::bench
