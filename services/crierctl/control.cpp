#include "services/crierctl/control.hpp"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <string>

#include "services/ops/build_info.hpp"

namespace crier::services::crierctl {
namespace {

// Answers are small; the largest names every unknown id of a request of the largest size.
constexpr int kReceiveBytesMax = static_cast<int>(kPayloadBytesMax);

std::shared_ptr<grpc::Channel> make_channel(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetUserAgentPrefix("crierctl/" + std::string(ops::build_info().version));
  arguments.SetMaxReceiveMessageSize(kReceiveBytesMax);
  // The API has no authentication and is reached directly; a web proxy has no part in it.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace

Control::Control(const GlobalOptions& global)
    : timeout_(global.timeout), stub_(v1::Control::NewStub(make_channel(global.address))) {}

}  // namespace crier::services::crierctl
