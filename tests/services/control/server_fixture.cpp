#include "tests/services/control/server_fixture.hpp"

#include <grpcpp/generic/generic_stub.h>

#include <future>
#include <vector>

#include "google/rpc/status.pb.h"

namespace crier::services::control {
namespace {

template <class Detail>
std::optional<Detail> detail(const grpc::Status& status) {
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return std::nullopt;
  EXPECT_EQ(details.code(), status.error_code());
  EXPECT_EQ(details.message(), status.error_message());
  for (const auto& any : details.details()) {
    Detail unpacked;
    if (any.UnpackTo(&unpacked)) return unpacked;
  }
  return std::nullopt;
}

}  // namespace

std::shared_ptr<grpc::Channel> ServerFixture::connect() const {
  grpc::ChannelArguments apart;
  apart.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(server.address(), grpc::InsecureChannelCredentials(), apart);
}

std::string ServerFixture::call_raw(const std::string& method, const std::string& raw) {
  std::string answer;
  const grpc::Status status = try_raw(method, raw, {}, &answer);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return answer;
}

grpc::Status ServerFixture::try_raw(const std::string& method, const std::string& raw,
                                    const Headers& headers, std::string* answer) {
  grpc::GenericStub generic(channel);
  Context context;
  for (const auto& [key, value] : headers) context.AddMetadata(key, value);
  const grpc::Slice slice(raw);
  grpc::ByteBuffer request(&slice, 1);
  grpc::ByteBuffer response;
  std::promise<grpc::Status> done;
  generic.UnaryCall(&context, method, {}, &request, &response,
                    [&done](grpc::Status status) { done.set_value(std::move(status)); });
  grpc::Status status = done.get_future().get();
  std::vector<grpc::Slice> slices;
  if (!status.ok() || answer == nullptr || !response.Dump(&slices).ok()) return status;
  for (const grpc::Slice& part : slices) {
    answer->append(reinterpret_cast<const char*>(part.begin()), part.size());
  }
  return status;
}

std::optional<google::rpc::ErrorInfo> error_info(const grpc::Status& status) {
  return detail<google::rpc::ErrorInfo>(status);
}

std::optional<google::rpc::RetryInfo> retry_info(const grpc::Status& status) {
  return detail<google::rpc::RetryInfo>(status);
}

}  // namespace crier::services::control
