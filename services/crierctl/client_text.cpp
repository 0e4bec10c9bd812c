#include "services/crierctl/client_text.hpp"

#include <google/protobuf/util/time_util.h>

#include <map>
#include <string>
#include <string_view>

#include "services/crierctl/enum_text.hpp"
#include "services/crierctl/escape.hpp"
#include "services/crierctl/human.hpp"
#include "services/crierctl/result_text.hpp"

namespace crier::services::crierctl {
namespace {

using google::protobuf::Timestamp;
using google::protobuf::util::TimeUtil;
using WallTime = std::chrono::system_clock::time_point;

std::string age_text(const Timestamp& time, WallTime now) {
  const auto since_epoch =
      std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch());
  return human_duration(since_epoch -
                        std::chrono::microseconds(TimeUtil::TimestampToMicroseconds(time)));
}

std::string frames_and_bytes(std::int64_t frames, std::int64_t bytes) {
  if (frames == 0 && bytes == 0) return "-";
  return human_count(frames) + " / " + human_bytes(bytes);
}

std::string moment_text(bool known, const Timestamp& time, WallTime now) {
  if (!known) return "never";
  return TimeUtil::ToString(TimeUtil::SecondsToTimestamp(time.seconds())) + " (" +
         age_text(time, now) + " ago)";
}

std::string traffic_text(const v1::Traffic& traffic) {
  return grouped(traffic.frames()) + " frames, " + human_bytes(traffic.bytes());
}

std::string queue_text(const v1::Queue& queue) {
  std::string text = grouped(queue.frames()) + " of " + grouped(queue.max_frames()) + " frames, " +
                     human_bytes(queue.bytes()) + " of " + human_bytes(queue.max_bytes());
  if (queue.frames() > 0) text += ", the oldest for " + human_duration(queue.oldest_age());
  return text;
}

class Lines {
 public:
  void add(std::string_view name, std::string_view value) {
    static constexpr std::size_t kNameWidth = 15;
    text_ += name;
    text_.append(kNameWidth - name.size(), ' ');
    text_ += value;
    text_ += '\n';
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void add_identity(Lines& lines, const v1::Client& client) {
  lines.add("subject", escaped(client.subject()));
  const std::map<std::string, std::string> sorted(client.labels().begin(), client.labels().end());
  std::string labels;
  for (const auto& [name, value] : sorted) {
    labels += (labels.empty() ? "" : " ") + escaped(name) + "=" + escaped(value);
  }
  if (!labels.empty()) lines.add("labels", labels);
  if (client.has_expire_time()) {
    lines.add("expires", TimeUtil::ToString(client.expire_time()));
  }
}

void add_tcp(Lines& lines, const v1::TcpInfo& tcp) {
  lines.add("tcp rtt", human_duration(tcp.rtt()));
  lines.add("tcp unsent", human_bytes(tcp.unsent_bytes()));
  lines.add("tcp unacked", human_bytes(tcp.unacked_bytes()));
  lines.add("tcp acked", human_bytes(tcp.acked_bytes()));
  lines.add("tcp retransm.", grouped(tcp.retransmits()));
}

}  // namespace

std::vector<Column> client_columns() {
  return {{"ID"},
          {"LISTENER"},
          {"ADDRESS"},
          {"STATE"},
          {"AGE", Align::kRight},
          {"RECEIVED", Align::kRight},
          {"SENT", Align::kRight},
          {"QUEUED", Align::kRight},
          {"DROPPED"}};
}

std::vector<std::string> client_cells(const v1::Client& client, WallTime now) {
  const std::string drops = drops_text(client.dropped());
  return {escaped(client.client_id()),
          escaped(client.listener()),
          escaped(client.remote_address()),
          text_of(client.state()),
          age_text(client.connect_time(), now),
          frames_and_bytes(client.received().frames(), client.received().bytes()),
          frames_and_bytes(client.sent().frames(), client.sent().bytes()),
          frames_and_bytes(client.queue().frames(), client.queue().bytes()),
          drops.empty() ? "-" : drops};
}

std::string client_text(const v1::Client& client, WallTime now) {
  const std::string drops = drops_text(client.dropped());
  Lines lines;
  lines.add("id", escaped(client.client_id()));
  lines.add("listener", escaped(client.listener()));
  lines.add("address", escaped(client.remote_address()));
  if (!client.subject().empty()) add_identity(lines, client);
  if (!client.tls_version().empty()) lines.add("encrypted", escaped(client.tls_version()));
  lines.add("state", text_of(client.state()));
  lines.add("connected", moment_text(client.has_connect_time(), client.connect_time(), now));
  lines.add("last received",
            moment_text(client.has_last_receive_time(), client.last_receive_time(), now));
  lines.add("last sent", moment_text(client.has_last_send_time(), client.last_send_time(), now));
  lines.add("received", traffic_text(client.received()));
  lines.add("sent", traffic_text(client.sent()));
  lines.add("queued", queue_text(client.queue()));
  lines.add("high water", human_bytes(client.queue().high_water_bytes()));
  lines.add("overflow", text_of(client.queue().overflow()));
  lines.add("dropped", drops.empty() ? "nothing" : drops);
  if (client.has_ping_rtt()) lines.add("ping rtt", human_duration(client.ping_rtt()));
  if (client.has_tcp()) add_tcp(lines, client.tcp());
  return lines.take();
}

}  // namespace crier::services::crierctl
