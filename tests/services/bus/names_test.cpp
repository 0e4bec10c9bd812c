#include "services/bus/redis/names.hpp"

#include <gtest/gtest.h>

#include "services/bus/redis/command.hpp"
#include "services/bus/redis/printable.hpp"

namespace crier::services::bus::redis {
namespace {

TEST(Names, AreOfThePrefixAndTheNode) {
  const Names names("p", 0x1A);
  EXPECT_EQ(names.all, "p:all");
  EXPECT_EQ(names.own, "p:node:000000000001a");
  EXPECT_EQ(names.stream, "p:stream");
  EXPECT_EQ(names.channel(kEveryone), "p:all");
  EXPECT_EQ(names.channel(UINT64_MAX), "p:node:ffffffffffffffff");
}

TEST(Command, HoldsAnyBytes) {
  EXPECT_EQ(command({"PUBLISH", "", std::string_view("\0\r\n", 3)}),
            std::string("*3\r\n$7\r\nPUBLISH\r\n$0\r\n\r\n$3\r\n\0\r\n\r\n", 32));
}

TEST(Printable, ReplacesAndCuts) {
  EXPECT_EQ(printable("-ERR\r\n\x1b[31m\xff"), "-ERR???[31m?");
  EXPECT_EQ(printable(std::string(200, 'x')), std::string(200, 'x'));
  EXPECT_EQ(printable(std::string(201, 'x')), std::string(200, 'x') + "...");
}

}  // namespace
}  // namespace crier::services::bus::redis
