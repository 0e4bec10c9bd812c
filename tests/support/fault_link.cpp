#include "tests/support/fault_link.hpp"

#include <algorithm>

namespace crier::testing {

namespace {

void close_socket(asio::ip::tcp::socket& socket, bool reset) {
  asio::error_code ignored;
  if (reset) socket.set_option(asio::socket_base::linger(true, 0), ignored);
  socket.close(ignored);
}

}  // namespace

FaultLink::FaultLink(Socket client, const FaultPlan& plan, FaultShared& shared)
    : client_(std::move(client)),
      server_(client_.get_executor()),
      shared_(shared),
      to_server_(client_, server_, plan.to_server, shared.to_server_bytes),
      to_client_(server_, client_, plan.to_client, shared.to_client_bytes) {
  ++shared_.open;
}

FaultLink::~FaultLink() {
  if (open_) --shared_.open;
}

void FaultLink::start(const asio::ip::tcp::endpoint& target, int socket_buffer_bytes) {
  server_.open(target.protocol());
  if (socket_buffer_bytes > 0) {
    server_.set_option(asio::socket_base::receive_buffer_size(socket_buffer_bytes));
    server_.set_option(asio::socket_base::send_buffer_size(socket_buffer_bytes));
  }
  server_.async_connect(target, [self = shared_from_this()](asio::error_code error) {
    if (!self->open_) return;
    if (error) {
      self->reset();
      return;
    }
    // Slices stay slices.
    asio::error_code ignored;
    self->client_.set_option(asio::ip::tcp::no_delay(true), ignored);
    self->server_.set_option(asio::ip::tcp::no_delay(true), ignored);
    self->go_on(self->to_server_);
    self->go_on(self->to_client_);
  });
}

void FaultLink::resume() {
  for (Pump* pump : {&to_server_, &to_client_}) {
    if (!open_ || !pump->paused) continue;
    pump->paused = false;
    --shared_.paused;
    go_on(*pump);
  }
}

void FaultLink::reset() {
  close(true, true);
}

void FaultLink::close(bool reset_client, bool reset_server) {
  if (!open_) return;
  open_ = false;
  --shared_.open;
  for (Pump* pump : {&to_server_, &to_client_}) {
    pump->timer.cancel();
    if (pump->paused) --shared_.paused;
    pump->paused = false;
  }
  close_socket(client_, reset_client);
  close_socket(server_, reset_server);
}

void FaultLink::go_on(Pump& pump) {
  if (!open_ || pump.ended) return;
  if (shared_.stalled) {
    pause(pump);
    return;
  }
  if (!pump.dropping && pump.offset >= pump.plan.end_at && !pass_end(pump)) return;
  if (pump.dropping) {
    shared_.swallowed_bytes += pump.end - pump.begin;
    pump.begin = pump.end;
  }
  if (pump.begin == pump.end) {
    if (pump.fin) {
      end_of_stream(pump);
    } else {
      read(pump);
    }
    return;
  }
  const std::size_t bytes = piece(pump);
  if (pump.plan.delay.count() == 0 || !paced(pump)) {
    write(pump, bytes);
    return;
  }
  pump.timer.expires_after(pump.plan.delay);
  pump.timer.async_wait([self = shared_from_this(), &pump, bytes](asio::error_code error) {
    if (error || !self->open_) return;
    if (self->shared_.stalled) {
      self->pause(pump);
    } else {
      self->write(pump, bytes);
    }
  });
}

bool FaultLink::pass_end(Pump& pump) {
  const bool from_client = &pump == &to_server_;
  switch (pump.plan.end) {
    case End::kPassOn:
      return true;
    case End::kStall:
      if (shared_.released) return true;
      pause(pump);
      return false;
    case End::kBlackhole:
      pump.dropping = true;
      pump.deaf = true;
      return true;
    case End::kHalfClose: {
      pump.dropping = true;
      asio::error_code ignored;
      pump.to.shutdown(Socket::shutdown_send, ignored);
      return true;
    }
    case End::kReset:
      close(true, true);
      return false;
    case End::kResetSource:
      close(from_client, !from_client);
      return false;
    case End::kResetTarget:
      close(!from_client, from_client);
      return false;
  }
  return true;
}

void FaultLink::pause(Pump& pump) {
  pump.paused = true;
  ++shared_.paused;
}

void FaultLink::read(Pump& pump) {
  const auto done = [self = shared_from_this(), &pump](asio::error_code error, std::size_t bytes) {
    if (!self->open_) return;
    pump.fin = error == asio::error::eof;
    if (error && !pump.fin) {
      self->reset();
      return;
    }
    pump.begin = 0;
    pump.end = bytes;
    self->go_on(pump);
  };
  pump.from.async_read_some(asio::buffer(pump.buffer), done);
}

void FaultLink::write(Pump& pump, std::size_t bytes) {
  ++shared_.pieces;
  const std::uint64_t corrupt = pump.plan.corrupt_at;
  if (corrupt >= pump.offset && corrupt - pump.offset < bytes) {
    pump.buffer[pump.begin + (corrupt - pump.offset)] ^= static_cast<char>(pump.plan.flip);
  }
  const auto done = [self = shared_from_this(), &pump](asio::error_code error, std::size_t sent) {
    if (!self->open_) return;
    pump.begin += sent;
    pump.offset += sent;
    pump.passed_on += sent;
    if (error) {
      self->reset();
      return;
    }
    self->go_on(pump);
  };
  asio::async_write(pump.to, asio::buffer(pump.buffer.data() + pump.begin, bytes), done);
}

void FaultLink::end_of_stream(Pump& pump) {
  pump.ended = true;
  if (pump.deaf) return;
  asio::error_code ignored;
  pump.to.shutdown(Socket::shutdown_send, ignored);
  if (to_server_.ended && to_client_.ended) close(false, false);
}

std::size_t FaultLink::piece(const Pump& pump) {
  std::uint64_t bytes = pump.end - pump.begin;
  // Never across an offset at which something changes.
  for (const std::uint64_t edge : {pump.plan.end_at, pump.plan.paced_from, pump.plan.paced_until}) {
    if (edge > pump.offset) bytes = std::min(bytes, edge - pump.offset);
  }
  if (pump.plan.slice_bytes > 0 && paced(pump)) {
    bytes = std::min<std::uint64_t>(bytes, pump.plan.slice_bytes);
  }
  return bytes;
}

bool FaultLink::paced(const Pump& pump) {
  return pump.offset >= pump.plan.paced_from && pump.offset < pump.plan.paced_until;
}

}  // namespace crier::testing
