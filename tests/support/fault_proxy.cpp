#include "tests/support/fault_proxy.hpp"

#include <asio.hpp>
#include <future>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/fault_link.hpp"

namespace crier::testing {
namespace {

using asio::ip::tcp;

tcp::endpoint endpoint_of(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  return {asio::ip::make_address(address.substr(0, colon)),
          static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1)))};
}

}  // namespace

class FaultProxy::Impl {
 public:
  Impl(const std::string& target, Planner planner, Options options)
      : target_(endpoint_of(target)), planner_(std::move(planner)), options_(options) {
    acceptor_.open(tcp::v4());
    if (options.socket_buffer_bytes > 0) {
      // What it accepts inherits them.
      acceptor_.set_option(asio::socket_base::receive_buffer_size(options.socket_buffer_bytes));
      acceptor_.set_option(asio::socket_base::send_buffer_size(options.socket_buffer_bytes));
    }
    acceptor_.bind({asio::ip::make_address("127.0.0.1"), 0});
    acceptor_.listen(4096);
    port_ = acceptor_.local_endpoint().port();
    accept();
    thread_ = std::thread([this] { context_.run(); });
  }
  ~Impl() {
    asio::post(context_, [this] {
      asio::error_code ignored;
      acceptor_.close(ignored);
      reset_links();
    });
    // Whatever was under way ends with its socket, and with that the context.
    thread_.join();
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }

  [[nodiscard]] Counts counts() const {
    return {accepted_,
            shared_.open,
            shared_.to_server_bytes,
            shared_.to_client_bytes,
            shared_.swallowed_bytes,
            shared_.pieces,
            shared_.paused};
  }

  void stall() {
    run([this] { shared_.stalled = true; });
  }
  void release() {
    run([this] {
      shared_.stalled = false;
      shared_.released = true;
      for (const auto& link : links_) link->resume();
    });
  }
  void reset_all() {
    run([this] { reset_links(); });
  }

 private:
  // On the proxy's thread, and waits for it.
  template <class Action>
  void run(Action action) {
    std::promise<void> done;
    asio::post(context_, [&] {
      action();
      done.set_value();
    });
    done.get_future().get();
  }

  void reset_links() {
    for (const auto& link : std::exchange(links_, {})) link->reset();
  }

  void accept() {
    acceptor_.async_accept([this](asio::error_code error, tcp::socket client) {
      if (!acceptor_.is_open()) return;
      if (!error) {
        std::erase_if(links_, [](const auto& link) { return !link->open(); });
        links_.push_back(
            std::make_shared<FaultLink>(std::move(client), planner_(accepted_), shared_));
        ++accepted_;
        links_.back()->start(target_, options_.socket_buffer_bytes);
      }
      accept();
    });
  }

  const tcp::endpoint target_;
  const Planner planner_;
  const Options options_;
  FaultShared shared_;
  asio::io_context context_{1};
  tcp::acceptor acceptor_{context_};
  std::uint16_t port_ = 0;
  std::atomic<std::uint64_t> accepted_{0};
  std::vector<std::shared_ptr<FaultLink>> links_;
  std::thread thread_;
};

FaultProxy::FaultProxy(const std::string& target, Planner planner, Options options)
    : impl_(std::make_unique<Impl>(target, std::move(planner), options)) {}

FaultProxy::~FaultProxy() = default;

std::string FaultProxy::address() const {
  return "127.0.0.1:" + std::to_string(impl_->port());
}

FaultProxy::Counts FaultProxy::counts() const {
  return impl_->counts();
}

void FaultProxy::stall() {
  impl_->stall();
}

void FaultProxy::release() {
  impl_->release();
}

void FaultProxy::reset_all() {
  impl_->reset_all();
}

}  // namespace crier::testing
