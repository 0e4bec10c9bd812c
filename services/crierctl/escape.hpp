#pragma once

#include <string>
#include <string_view>

namespace crier::services::crierctl {

// `bytes` as printable text on one line that cannot steer a terminal: control characters, the
// backslash and whatever is not valid UTF-8 become \n, \r, \t, \\ or \xNN; other text stays.
[[nodiscard]] std::string escaped(std::string_view bytes);

}  // namespace crier::services::crierctl
