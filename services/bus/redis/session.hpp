#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "services/bus/bus.hpp"
#include "services/bus/redis/dial.hpp"
#include "services/bus/redis/names.hpp"
#include "services/bus/redis/stream_entry.hpp"

namespace crier::services::bus::redis {

// The connections from one dial to the first loss of any of them. On the loop's thread; operations
// under way keep it alive.
class Session : public std::enable_shared_from_this<Session> {
 public:
  class Events {
   public:
    // A chunk is with the kernel; there may be another.
    virtual void on_written() = 0;
    // To the oldest command that has no answer yet.
    virtual void on_answer(const Reply& reply) = 0;
    virtual void on_pushed(std::string_view channel, std::string_view bytes) = 0;
    virtual void on_entry(const StreamEntry& entry) = 0;
    // At most once; close() is up to the owner.
    virtual void on_lost(Loss loss, const std::string& why) = 0;

   protected:
    ~Events() = default;
  };

  // XREAD waits this long for an entry, and returns this many at most.
  static constexpr int kBlockMilliseconds = 1000;
  static constexpr int kEntries = 512;
  static_assert(kEntries <= ReplyReader::kMaxElements);

  // Reads the stream, where there is one, from behind `position`. `events` is called until close().
  Session(Links links, const Names& names, StreamId position, Events& events);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void start();
  // No event after it.
  void close();

  // Commands to write next; filled by the owner, who then calls write(). REQUIRES !writing().
  [[nodiscard]] std::string& chunk() { return chunk_; }
  [[nodiscard]] bool writing() const { return writing_; }
  void write();

  // Brings no message before resume(); answers still come.
  void pause() { paused_ = true; }
  void resume();

  // Of the last entry given to the owner, or that no one will ever be able to read.
  [[nodiscard]] StreamId position() const { return position_; }
  [[nodiscard]] const std::string& address() const { return links_.address; }

 private:
  // Reads once, then goes on with `then`.
  void read(Link& link, bool& reading, void (Session::*then)());
  void read_answers();
  void read_pushed();
  void read_stream();
  void ask_stream();
  void take_pushed(const Reply& reply);
  void lose(Loss loss, const std::string& why);
  void lose_broken(const Link& link);

  Links links_;
  const std::string stream_;
  StreamId position_;
  Events& events_;
  std::string chunk_;
  std::string question_;  // XREAD
  bool writing_ = false;
  bool asking_ = false;  // question_ is being written
  bool reading_answers_ = false;
  bool reading_pushed_ = false;
  bool reading_stream_ = false;
  bool paused_ = false;
  bool closed_ = false;
};

}  // namespace crier::services::bus::redis
