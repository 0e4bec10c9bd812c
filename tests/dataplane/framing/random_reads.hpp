#pragma once

#include <algorithm>
#include <cstddef>
#include <random>
#include <string_view>

#include "tests/dataplane/framing/stream_reader.hpp"

namespace crier::dataplane {

// Feeds `stream` in reads of random sizes up to `bytes_max`, pausing at random.
inline void feed_at_random(StreamReader& reader, std::string_view stream, std::size_t bytes_max,
                           std::mt19937& random) {
  const std::size_t size_max = 1 + random() % bytes_max;
  const bool pauses = random() % 2 == 0;
  const auto pause = [&] { return pauses && random() % 3 == 0; };
  while (!stream.empty()) {
    const std::size_t size = std::min<std::size_t>(1 + random() % size_max, stream.size());
    if (!reader.feed(stream.substr(0, size), pause)) break;
    stream.remove_prefix(size);
  }
}

}  // namespace crier::dataplane
