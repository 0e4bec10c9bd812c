#include "services/app/announce.hpp"

#include "services/logging/log.hpp"

namespace crier::services::app {
namespace {

using logging::Level;

struct HostPort {
  std::string host;
  std::string port;
};

// An address to connect to: all interfaces are reached through this machine's own name.
HostPort reach(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  HostPort result{address.substr(0, colon), address.substr(colon + 1)};
  if (result.host == "0.0.0.0" || result.host == "[::]" || result.host == "127.0.0.1") {
    result.host = "localhost";
  } else if (result.host.front() == '[') {
    result.host = result.host.substr(1, result.host.size() - 2);
  }
  return result;
}

}  // namespace

void announce(const Addresses& addresses) {
  for (const auto& [name, address] : addresses.data) {
    logging::log(Level::kInfo, "listening",
                 {{"plane", "data"}, {"address", address}, {"listener", name}});
  }
  logging::log(Level::kInfo, "listening", {{"plane", "control"}, {"address", addresses.control}});
  logging::log(Level::kInfo, "listening", {{"plane", "ops"}, {"address", addresses.ops}});
}

std::string hint(const Addresses& addresses, std::string_view program) {
  const std::size_t slash = program.rfind('/');
  std::string crierctl(program.substr(0, slash == std::string_view::npos ? 0 : slash + 1));
  crierctl += "crierctl";
  if (addresses.control != "127.0.0.1:50051") crierctl += " --address " + addresses.control;
  std::string text = "try it in other terminals: ";
  if (!addresses.data.empty()) {
    const auto [host, port] = reach(addresses.data.front().address);
    text += "'nc " + host + " " + port + "', then ";
  }
  const auto [host, port] = reach(addresses.ops);
  text += "'" + crierctl + " broadcast hello', '" + crierctl + " list', 'curl " +
          (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + port +
          "/metrics'; Ctrl-C ends it";
  return text;
}

}  // namespace crier::services::app
