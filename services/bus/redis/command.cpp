#include "services/bus/redis/command.hpp"

#include <hiredis/hiredis.h>

#include <array>
#include <cassert>
#include <cstddef>
#include <new>

namespace crier::services::bus::redis {
namespace {

constexpr std::size_t kMaxWords = 16;

}  // namespace

std::string command(std::initializer_list<std::string_view> words) {
  assert(words.size() <= kMaxWords);
  std::array<const char*, kMaxWords> bytes{};
  std::array<std::size_t, kMaxWords> sizes{};
  std::size_t count = 0;
  for (const std::string_view word : words) {
    bytes[count] = word.data();
    sizes[count++] = word.size();
  }
  char* formatted = nullptr;
  const int size =
      redisFormatCommandArgv(&formatted, static_cast<int>(count), bytes.data(), sizes.data());
  if (size < 0) throw std::bad_alloc();
  std::string result(formatted, static_cast<std::size_t>(size));
  redisFreeCommand(formatted);
  return result;
}

}  // namespace crier::services::bus::redis
