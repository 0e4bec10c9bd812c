#pragma once

namespace crier::services::control {

// What gRPC itself has to say, such as of handshakes that fail, goes to the process's log from now
// on, limited like any line that somebody outside can cause. By itself gRPC would write each to
// standard error. Any thread; harmless to repeat.
void redirect_grpc_log();

}  // namespace crier::services::control
