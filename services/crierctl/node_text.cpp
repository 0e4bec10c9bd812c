#include "services/crierctl/node_text.hpp"

#include <cstdint>

#include "services/crierctl/escape.hpp"
#include "services/crierctl/human.hpp"

namespace crier::services::crierctl {
namespace {

std::string text_or_dash(const std::string& text) {
  return text.empty() ? "-" : escaped(text);
}

std::string count_or_dash(std::int64_t count) {
  return count == 0 ? "-" : human_count(count);
}

std::string state_text(const v1::Node& node) {
  if (node.self()) return "called";
  if (node.reachable()) return "reachable";
  if (!node.has_heard_ago()) return "unreachable";
  return "unreachable, heard " + human_duration(node.heard_ago()) + " ago";
}

std::string bus_text(const v1::Node& node) {
  if (node.bus_up()) return "up";
  return node.has_bus() ? "down" : "-";
}

}  // namespace

std::vector<Column> node_columns() {
  return {{"ID"},
          {"ADDRESS"},
          {"VERSION"},
          {"UPTIME", Align::kRight},
          {"CLIENTS", Align::kRight},
          {"QUEUED", Align::kRight},
          {"BUS"},
          {"GAPS", Align::kRight},
          {"MISSED", Align::kRight},
          {"STATE"}};
}

std::vector<std::string> node_cells(const v1::Node& node) {
  return {text_or_dash(node.node_id()),
          text_or_dash(node.control_address()),
          text_or_dash(node.version()),
          node.has_uptime() ? human_duration(node.uptime()) : "-",
          count_or_dash(node.clients()),
          node.queued_bytes() == 0 ? "-" : human_bytes(node.queued_bytes()),
          bus_text(node),
          count_or_dash(node.gap_messages()),
          count_or_dash(node.missed_messages()),
          state_text(node)};
}

}  // namespace crier::services::crierctl
