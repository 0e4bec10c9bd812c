#pragma once

#include <hiredis/read.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace crier::services::bus::redis {

// One value of RESP2.
struct Reply {
  enum class Kind : std::uint8_t { kNil, kString, kInteger, kError, kArray };

  Kind kind = Kind::kNil;
  std::int64_t integer = 0;
  std::string text;  // of kString (also what Redis calls a status) and kError
  std::vector<Reply> elements;

  [[nodiscard]] bool is(Kind what) const { return kind == what; }
  // Whether it is an error whose first word is `code`.
  [[nodiscard]] bool is_error(std::string_view code) const;
};

// Makes replies of foreign bytes, however they are cut. hiredis finds the values and believes what
// is claimed; this class bounds it: a bulk string, an array, a whole reply and what is kept of an
// unfinished one. What is claimed takes no memory before it has come.
class ReplyReader {
 public:
  struct Limits {
    std::size_t max_bulk_bytes = 0;
    // Where not 0: arrays at this depth (the reply itself has 0) are handed out as items as soon as
    // they are complete, and are nil in the reply. So a long reply never lies in memory whole.
    int item_depth = 0;
  };
  enum class Next : std::uint8_t {
    kReply,
    kItem,
    kMore,    // feed() first
    kBroken,  // for ever; see problem()
  };

  // Of an array. XREAD is asked for far fewer entries; nothing else has more than three.
  static constexpr int kMaxElements = 4096;
  // Over a bulk string of the largest size: what goes with it in one reply.
  static constexpr std::size_t kSlackBytes = 1U << 20U;

  explicit ReplyReader(Limits limits);
  ReplyReader(const ReplyReader&) = delete;
  ReplyReader& operator=(const ReplyReader&) = delete;

  void feed(std::string_view bytes);
  // Items and replies in the order in which they were completed.
  [[nodiscard]] Next next(Reply& into);

  // After kBroken, in words.
  [[nodiscard]] const std::string& problem() const { return problem_; }
  // After kBroken within an item: its first element, where that had come; empty otherwise.
  [[nodiscard]] std::string_view broken_item_head() const;
  // Fed and not made a value yet.
  [[nodiscard]] std::size_t buffered_bytes() const { return reader_->len - reader_->pos; }

 private:
  struct FreeReader {
    void operator()(redisReader* reader) const { redisReaderFree(reader); }
  };

  static void* create_string(const redisReadTask* task, char* bytes, std::size_t size);
  static void* create_array(const redisReadTask* task, int elements);
  static void* create_integer(const redisReadTask* task, long long value);
  static void* create_nil(const redisReadTask* task);

  // The place of a value in the reply; null where the reply becomes too large.
  Reply* place(const redisReadTask* task, std::size_t text_bytes);
  // A value without (further) elements is complete, and with it perhaps those around it.
  void* finish(const redisReadTask* task, Reply& value);
  void parse();
  [[nodiscard]] bool claims_too_much() const;
  void break_off(std::string problem);

  const Limits limits_;
  std::unique_ptr<redisReader, FreeReader> reader_;
  Reply root_;
  bool root_complete_ = false;
  std::size_t held_bytes_ = 0;  // by root_
  std::deque<Reply> items_;
  std::string problem_;
};

}  // namespace crier::services::bus::redis
