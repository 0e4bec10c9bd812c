#include "services/crierctl/control.hpp"

#include "services/crierctl/access.hpp"

namespace crier::services::crierctl {

Control::Control(const GlobalOptions& global)
    : timeout_(global.timeout), stub_(v1::Control::NewStub(make_channel(global))) {}

}  // namespace crier::services::crierctl
