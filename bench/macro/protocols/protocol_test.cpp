// That the load reads every protocol right, however the bytes are split over reads.
#include "bench/macro/protocols/protocol.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "bench/macro/protocols/mqtt_packet.hpp"

namespace crier::bench {
namespace {

using std::string_literals::operator""s;

struct Stream {
  std::string protocol;
  std::string bytes;
  std::vector<std::string> payloads;
  unsigned acknowledgements = 0;
  std::string replies;
};

std::string publish_packet(std::string_view payload) {
  std::string body;
  mqtt::append_text(body, "all");
  body += payload;
  std::string packet;
  mqtt::append_header(packet, mqtt::kPublish, body.size());
  return packet += body;
}

const std::string kLong(300, 'x');

std::vector<Stream> streams() {
  return {
      {"line", "one\n\n" + kLong + "\n", {"one", "", kLong}, 0, ""},
      {"nats",
       "INFO {\"a\":1}\r\nPONG\r\nMSG all 1 3\r\none\r\nPING\r\nMSG all 1 300\r\n" + kLong +
           "\r\nMSG some 2 4\r\n\r\nPI\r\n-ERR 'x'\r\n",
       {"one", kLong, "\r\nPI"},
       1,
       "PONG\r\n"},
      {"redis",
       "*3\r\n$9\r\nsubscribe\r\n$3\r\nall\r\n:1\r\n*3\r\n$7\r\nmessage\r\n$3\r\nall\r\n$3\r\none"
       "\r\n*3\r\n$7\r\nmessage\r\n$4\r\nsome\r\n$0\r\n\r\n*3\r\n$7\r\nmessage\r\n$3\r\nall\r\n"
       "$300\r\n" +
           kLong + "\r\n",
       {"one", "", kLong},
       1,
       ""},
      {"mqtt",
       "\x20\x02\0\0"s + "\x90\x03\0\x01\0"s + publish_packet("one") + publish_packet("") +
           publish_packet(kLong),
       {"one", "", kLong},
       1,
       ""},
  };
}

// What is found when the input comes in portions that end at these places.
void expect_found(const Stream& stream, const std::vector<std::size_t>& ends) {
  const auto protocol = make_protocol(stream.protocol);
  std::vector<std::string> payloads;
  unsigned acknowledgements = 0;
  std::string replies;
  std::string input;
  std::size_t begin = 0;
  for (const std::size_t end : ends) {
    input += stream.bytes.substr(begin, end - begin);
    begin = end;
    Protocol::Found found;
    const std::size_t used = protocol->parse(input, found);
    for (const std::string_view payload : found.payloads) payloads.emplace_back(payload);
    acknowledgements += found.acknowledgements;
    replies += found.replies;
    EXPECT_FALSE(found.malformed);
    input.erase(0, used);
  }
  EXPECT_EQ(payloads, stream.payloads);
  EXPECT_EQ(acknowledgements, stream.acknowledgements);
  EXPECT_EQ(replies, stream.replies);
  EXPECT_TRUE(input.empty());
}

TEST(Protocol, FindsTheSameForEverySplit) {
  for (const Stream& stream : streams()) {
    SCOPED_TRACE(stream.protocol);
    for (std::size_t i = 0; i <= stream.bytes.size(); ++i) {
      expect_found(stream, {i, stream.bytes.size()});
    }
    std::vector<std::size_t> each;
    for (std::size_t i = 1; i <= stream.bytes.size(); ++i) each.push_back(i);
    expect_found(stream, each);
  }
}

TEST(Protocol, SaysWhatIsMalformed) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"nats", "MSG all 1 x\r\n"},
      {"nats", "MSG all 1 3\r\noneXX"},
      {"redis", "+OK\r\n"},
      {"redis", "*3\r\n$7\r\nmessage\r\n$3\r\nall\r\n$3\r\noneXX"},
      {"redis", "*3\r\n$7\r\nunknown\r\n$3\r\nall\r\n"},
      {"mqtt", "\x30\xff\xff\xff\xff"s},
      {"mqtt", "\x30\x01\x00"s},
      {"mqtt", "\x20\x02\x00\x05"s},
      {"mqtt", "\x90\x03\x00\x01\x80"s},
  };
  for (const auto& [name, bytes] : cases) {
    Protocol::Found found;
    (void)make_protocol(name)->parse(bytes, found);
    EXPECT_TRUE(found.malformed) << name << ": " << bytes;
  }
}

}  // namespace
}  // namespace crier::bench
