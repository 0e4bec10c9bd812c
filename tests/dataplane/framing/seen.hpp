#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "dataplane/framing/frame_reader.hpp"

namespace crier::dataplane {

// What became of a stream: its frames, and how it stood after them.
struct Seen {
  std::vector<std::string> frames;
  FrameReader::Status end = FrameReader::Status::kNeedMore;

  bool operator==(const Seen&) const = default;
};

inline std::ostream& operator<<(std::ostream& out, const Seen& seen) {
  static constexpr const char* kNames[] = {"frame", "need more", "too large", "malformed",
                                           "no room"};
  for (const std::string& frame : seen.frames) {
    out << '"';
    for (const char c : frame) {
      if (c >= ' ' && c <= '~') {
        out << c;
      } else {
        out << "\\x" << std::hex << (static_cast<unsigned>(c) & 0xFFU) << std::dec;
      }
    }
    out << "\" ";
  }
  return out << '(' << kNames[static_cast<std::size_t>(seen.end)] << ')';
}

}  // namespace crier::dataplane
