#include <array>
#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <cstdint>
#include <iostream>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "services/crierctl/argument.hpp"
#include "services/crierctl/commands.hpp"
#include "services/crierctl/escape.hpp"
#include "services/crierctl/message_printer.hpp"
#include "services/crierctl/output.hpp"
#include "services/crierctl/tcp_connection.hpp"

namespace crier::services::crierctl {
namespace {

using asio::ip::tcp;

constexpr std::size_t kReadBytes = 64U << 10U;

struct ListenOptions {
  std::string address = "127.0.0.1:8082";
  dataplane::FramingConfig framing;
  std::int64_t count = 0;  // 0: until the end
  bool raw = false;
};

int run_listen(const GlobalOptions& global, const ListenOptions& options) {
  asio::io_context context;
  tcp::socket socket(context);
  auto ec = connect(socket, context, options.address, global.timeout);
  if (ec) {
    return fail(kFailed, "cannot connect to " + escaped(options.address) + ": " + ec.message());
  }

  MessagePrinter printer(options.framing, options.count, options.raw, std::cout);
  std::array<char, kReadBytes> buffer{};
  while (!printer.done()) {
    const std::size_t bytes = socket.read_some(asio::buffer(buffer), ec);
    if (ec == asio::error::eof) break;
    if (ec) return fail(kFailed, "the connection broke: " + ec.message());
    if (!printer.feed({buffer.data(), bytes})) {
      return fail(kFailed, "what arrives is not framed as --framing says");
    }
    std::cout.flush();
  }
  return printer.done() || printer.at_boundary()
             ? kOk
             : fail(kFailed, "the connection ended inside a message");
}

// Turns a framing's name into its number.
CLI::Validator framing_kind() {
  const auto convert = [](std::string& text) -> std::string {
    static constexpr std::array<std::pair<std::string_view, dataplane::FramingKind>, 4> kKinds{{
        {"line", dataplane::FramingKind::kLine},
        {"length", dataplane::FramingKind::kLength},
        {"varint", dataplane::FramingKind::kVarint},
        {"fixed", dataplane::FramingKind::kFixed},
    }};
    for (const auto& [name, kind] : kKinds) {
      if (name != text) continue;
      text = std::to_string(static_cast<int>(kind));
      return {};
    }
    return "'" + escaped(text) + "' is none of line, length, varint, fixed";
  };
  return {convert, ""};
}

CLI::Validator prefix_size() {
  const auto check = [](const std::string& text) -> std::string {
    if (text == "1" || text == "2" || text == "4") return {};
    return "'" + escaped(text) + "' is none of 1, 2, 4";
  };
  return {check, ""};
}

void add_framing_options(CLI::App& command, dataplane::FramingConfig& framing) {
  command
      .add_option_function<int>(
          "--framing",
          [&framing](int kind) { framing.kind = static_cast<dataplane::FramingKind>(kind); },
          "How the listener's messages are framed")
      ->transform(framing_kind())
      ->type_name("line|length|varint|fixed")
      ->default_str("line");
  command.add_option("--length-bytes", framing.length_bytes, "Size of a length: 1, 2 or 4")
      ->check(prefix_size())
      ->type_name("N")
      ->capture_default_str();
  command.add_option("--fixed-bytes", framing.fixed_bytes, "Size of a fixed message")
      ->check(whole_number(kPayloadBytesMax))
      ->type_name("N")
      ->capture_default_str();
}

}  // namespace

void add_listen(CLI::App& app, const GlobalOptions& global, Command& selected) {
  auto options = std::make_shared<ListenOptions>();
  CLI::App* command = app.add_subcommand("listen", "Be a TCP client and print what it gets");
  command->footer("Ends when crier closes the connection.");
  command->add_option("--connect", options->address, "Where crier's clients connect")
      ->check(tcp_address())
      ->type_name("HOST:PORT")
      ->capture_default_str();
  add_framing_options(*command, options->framing);
  command->add_option("--count", options->count, "End after this many messages")
      ->check(whole_number(std::numeric_limits<std::int64_t>::max()))
      ->type_name("N");
  command->add_flag("--raw", options->raw, "Print bytes as they are, without escaping any");
  command->callback([&global, &selected, options] {
    selected = [&global, options] { return run_listen(global, *options); };
  });
}

}  // namespace crier::services::crierctl
