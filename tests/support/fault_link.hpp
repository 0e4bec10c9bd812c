#pragma once

#include <array>
#include <asio.hpp>
#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

#include "tests/support/fault_plan.hpp"
#include "tests/support/fault_proxy.hpp"

namespace crier::testing {

// What all links of a proxy share. The counts may be read by any thread, the rest by the proxy's.
struct FaultShared {
  bool stalled = false;   // by FaultProxy::stall()
  bool released = false;  // DirectionPlan::End::kStall is over
  std::atomic<std::uint64_t> open{0};
  std::atomic<std::uint64_t> to_server_bytes{0};
  std::atomic<std::uint64_t> to_client_bytes{0};
  std::atomic<std::uint64_t> swallowed_bytes{0};
  std::atomic<std::uint64_t> pieces{0};
  std::atomic<std::uint64_t> paused{0};
};

// One connection through a FaultProxy: two sockets, and a pump for each direction. Lives as long as
// anything of it is under way. Only the proxy's thread.
class FaultLink : public std::enable_shared_from_this<FaultLink> {
 public:
  FaultLink(asio::ip::tcp::socket client, const FaultPlan& plan, FaultShared& shared);
  FaultLink(const FaultLink&) = delete;
  FaultLink& operator=(const FaultLink&) = delete;
  ~FaultLink();

  void start(const asio::ip::tcp::endpoint& target, int socket_buffer_bytes);
  // Goes on where it stood still, unless it has to stand still on.
  void resume();
  void reset();
  [[nodiscard]] bool open() const { return open_; }

 private:
  using Socket = asio::ip::tcp::socket;
  using End = DirectionPlan::End;

  struct Pump {
    Pump(Socket& source, Socket& sink, const DirectionPlan& plan_in,
         std::atomic<std::uint64_t>& count)
        : from(source), to(sink), plan(plan_in), passed_on(count), timer(source.get_executor()) {}

    Socket& from;
    Socket& to;
    DirectionPlan plan;
    std::atomic<std::uint64_t>& passed_on;
    asio::steady_timer timer;
    std::array<char, FaultProxy::kBufferBytes> buffer{};
    std::size_t begin = 0;  // of what has been read and not passed on
    std::size_t end = 0;
    std::uint64_t offset = 0;  // of buffer[begin] in the stream
    bool dropping = false;     // whatever comes is dropped
    bool deaf = false;         // not even an end of the stream is passed on
    bool fin = false;          // the stream has ended behind buffer[end]
    bool ended = false;        // and the other side knows what it may know
    bool paused = false;
  };

  // Takes the next step; what each ends with comes back here.
  void go_on(Pump& pump);
  // What happens at end_at. False where the pump is to do nothing more, now or ever.
  bool pass_end(Pump& pump);
  void pause(Pump& pump);
  void read(Pump& pump);
  void write(Pump& pump, std::size_t bytes);
  void end_of_stream(Pump& pump);
  [[nodiscard]] static std::size_t piece(const Pump& pump);
  [[nodiscard]] static bool paced(const Pump& pump);
  // Ends both: each with RST or FIN.
  void close(bool reset_client, bool reset_server);

  Socket client_;
  Socket server_;
  FaultShared& shared_;
  Pump to_server_;
  Pump to_client_;
  bool open_ = true;
};

}  // namespace crier::testing
