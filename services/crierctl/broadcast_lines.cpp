#include "services/crierctl/broadcast_lines.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <iostream>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "services/crierctl/broadcast_stream.hpp"
#include "services/crierctl/broadcast_totals.hpp"
#include "services/crierctl/control.hpp"
#include "services/crierctl/human.hpp"
#include "services/crierctl/line_splitter.hpp"
#include "services/crierctl/output.hpp"
#include "services/crierctl/progress.hpp"

namespace crier::services::crierctl {
namespace {

constexpr std::size_t kReadBytes = 256U << 10U;

// Bytes still to be read where that is known.
std::optional<std::int64_t> input_bytes() {
  struct stat info{};
  if (fstat(STDIN_FILENO, &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
  const off_t position = lseek(STDIN_FILENO, 0, SEEK_CUR);
  return position < 0 ? std::nullopt : std::optional<std::int64_t>(info.st_size - position);
}

// Standard input on its way into a stream.
class LinePump {
 public:
  LinePump(BroadcastStream& stream, const v1::BroadcastRequest& like, std::int64_t& read_bytes)
      : stream_(stream), like_(like), read_bytes_(read_bytes) {}
  LinePump(const LinePump&) = delete;
  LinePump& operator=(const LinePump&) = delete;

  // Until the input or the call ends. Returns what is wrong with the input; empty: nothing.
  std::string run() {
    std::vector<char> buffer(kReadBytes);
    while (stream_.wait_for_input(STDIN_FILENO)) {
      const ssize_t bytes = read(STDIN_FILENO, buffer.data(), buffer.size());
      if (bytes < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (bytes < 0) {
        return "cannot read standard input: " + std::generic_category().message(errno);
      }
      read_bytes_ += bytes;
      if (bytes == 0) {
        lines_.end();
      } else if (!lines_.feed({buffer.data(), static_cast<std::size_t>(bytes)})) {
        return "standard input has a line of more than " +
               human_bytes(static_cast<std::int64_t>(kPayloadBytesMax));
      }
      if (!send_lines() || bytes == 0) break;
    }
    return {};
  }

 private:
  // False: the call has ended.
  bool send_lines() {
    while (std::optional<std::string> line = lines_.next()) {
      v1::BroadcastRequest request = like_;
      request.set_payload(*std::move(line));
      if (!stream_.send(std::move(request))) return false;
    }
    return true;
  }

  BroadcastStream& stream_;
  const v1::BroadcastRequest& like_;
  std::int64_t& read_bytes_;
  LineSplitter lines_{kPayloadBytesMax};
};

}  // namespace

int broadcast_lines(const GlobalOptions& global, const v1::BroadcastRequest& like) {
  if (isatty(STDIN_FILENO) == 1) {
    std::cerr << "one broadcast for each line you type; Ctrl-D ends\n";
  }
  Control control(global);
  std::int64_t read_bytes = 0;
  std::string trouble;
  std::optional<ProgressLine> progress(std::in_place, input_bytes());
  BroadcastStream* running = nullptr;
  BroadcastStream stream(control.stub(), global.timeout, [&] {
    if (running != nullptr) progress->update(running->answered(), read_bytes);
  });
  running = &stream;
  trouble = LinePump(stream, like, read_bytes).run();
  const grpc::Status status = stream.finish();
  progress.reset();

  const BroadcastTotals totals = stream.totals();
  if (status.ok() || totals.broadcasts > 0) {
    print_line(global.json ? totals_json(totals) : totals_text(totals));
  }
  if (!status.ok()) return fail(status, global);
  if (!trouble.empty()) return fail(kUsage, trouble);
  return reached_every_node(totals) ? kOk : kPartial;
}

}  // namespace crier::services::crierctl
