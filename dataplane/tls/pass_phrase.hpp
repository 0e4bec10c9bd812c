#pragma once

namespace crier::dataplane {

// For OpenSSL, which without such a callback asks for a key's pass phrase at the terminal and
// waits: nobody is there to type one. `asked`: null, or a bool that becomes true.
inline int refuse_pass_phrase(char* /*into*/, int /*bytes_max*/, int /*writing*/, void* asked) {
  if (asked != nullptr) *static_cast<bool*>(asked) = true;
  return -1;
}

}  // namespace crier::dataplane
