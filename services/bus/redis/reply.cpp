#include "services/bus/redis/reply.hpp"

#include <charconv>
#include <new>
#include <utility>

namespace crier::services::bus::redis {
namespace {

constexpr std::string_view kTooLarge = "a reply is too large";

ReplyReader& reader_of(const redisReadTask* task) {
  return *static_cast<ReplyReader*>(task->privdata);
}

int depth_of(const redisReadTask* task) {
  int depth = 0;
  for (; task->parent != nullptr; task = task->parent) ++depth;
  return depth;
}

std::size_t size_of(const Reply& reply) {
  std::size_t bytes = sizeof(Reply) + reply.text.size();
  for (const Reply& element : reply.elements) bytes += size_of(element);
  return bytes;
}

}  // namespace

bool Reply::is_error(std::string_view code) const {
  const std::string_view said = text;
  return kind == Kind::kError && said.substr(0, said.find(' ')) == code;
}

ReplyReader::ReplyReader(Limits limits) : limits_(limits) {
  // The values lie in root_, so there is nothing for hiredis to free.
  static redisReplyObjectFunctions functions{&create_string, &create_array, &create_integer,
                                             &create_nil, [](void*) {}};
  reader_.reset(redisReaderCreateWithFunctions(&functions));
  if (!reader_) throw std::bad_alloc();
  reader_->privdata = this;
}

void ReplyReader::feed(std::string_view bytes) {
  if (!problem_.empty()) return;
  // Everything complete has been taken out, so this is the size of one unfinished value.
  if (buffered_bytes() + bytes.size() > limits_.max_bulk_bytes + kSlackBytes) {
    break_off(std::string(kTooLarge));
    return;
  }
  if (redisReaderFeed(reader_.get(), bytes.data(), bytes.size()) != REDIS_OK) {
    break_off(reader_->errstr);
  }
}

ReplyReader::Next ReplyReader::next(Reply& into) {
  if (items_.empty() && !root_complete_ && problem_.empty()) parse();
  if (!items_.empty()) {
    into = std::move(items_.front());
    items_.pop_front();
    return Next::kItem;
  }
  if (root_complete_) {
    into = std::exchange(root_, Reply());
    root_complete_ = false;
    held_bytes_ = 0;
    return Next::kReply;
  }
  return problem_.empty() ? Next::kMore : Next::kBroken;
}

void ReplyReader::parse() {
  void* reply = nullptr;
  if (redisReaderGetReply(reader_.get(), &reply) != REDIS_OK) {
    if (problem_.empty()) break_off(reader_->errstr);
  } else if (reply != nullptr) {
    root_complete_ = true;
  } else if (claims_too_much()) {
    break_off(std::string(kTooLarge));
  }
}

// hiredis waits until a bulk string is there as a whole, and would take any length for it. Of the
// value it waits for it has read the kind; its length is next.
bool ReplyReader::claims_too_much() const {
  if (reader_->ridx < 0 || reader_->rstack[reader_->ridx].type != REDIS_REPLY_STRING) return false;
  const char* const unread = reader_->buf + reader_->pos;
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(unread, unread + buffered_bytes(), length);
  // Digits that were cut only make it smaller.
  return error == std::errc::result_out_of_range ||
         (error == std::errc() && length > limits_.max_bulk_bytes);
}

void ReplyReader::break_off(std::string problem) {
  problem_ = problem.empty() ? "not RESP" : std::move(problem);
}

std::string_view ReplyReader::broken_item_head() const {
  const Reply* value = &root_;
  for (int depth = 0; depth < limits_.item_depth; ++depth) {
    if (value->elements.empty()) return {};
    value = &value->elements.back();
  }
  return value->elements.empty() ? std::string_view() : value->elements.front().text;
}

Reply* ReplyReader::place(const redisReadTask* task, std::size_t text_bytes) {
  if (text_bytes > limits_.max_bulk_bytes ||
      held_bytes_ + sizeof(Reply) + text_bytes > limits_.max_bulk_bytes + kSlackBytes) {
    break_off(std::string(kTooLarge));
    return nullptr;
  }
  held_bytes_ += sizeof(Reply) + text_bytes;
  if (task->parent == nullptr) {
    root_ = Reply();
    return &root_;
  }
  // Growing moves the finished elements only: the unfinished one is always the last of each array,
  // and hiredis keeps no pointer to a finished one.
  auto& elements = static_cast<Reply*>(task->parent->obj)->elements;
  return &elements.emplace_back();
}

void* ReplyReader::finish(const redisReadTask* task, Reply& value) {
  if (limits_.item_depth == 0) return &value;
  auto* complete = &value;
  for (int depth = depth_of(task);; --depth) {
    if (depth == limits_.item_depth) {
      held_bytes_ -= size_of(*complete) - sizeof(Reply);
      items_.push_back(std::exchange(*complete, Reply()));
      break;
    }
    if (task->parent == nullptr || task->idx != task->parent->elements - 1) break;
    task = task->parent;
    complete = static_cast<Reply*>(task->obj);
  }
  return &value;
}

void* ReplyReader::create_string(const redisReadTask* task, char* bytes, std::size_t size) {
  ReplyReader& self = reader_of(task);
  Reply* reply = self.place(task, size);
  if (reply == nullptr) return nullptr;
  reply->kind = task->type == REDIS_REPLY_ERROR ? Reply::Kind::kError : Reply::Kind::kString;
  reply->text.assign(bytes, size);
  return self.finish(task, *reply);
}

void* ReplyReader::create_array(const redisReadTask* task, int elements) {
  ReplyReader& self = reader_of(task);
  if (elements > kMaxElements) {
    self.break_off(std::string(kTooLarge));
    return nullptr;
  }
  Reply* reply = self.place(task, 0);
  if (reply == nullptr) return nullptr;
  reply->kind = Reply::Kind::kArray;
  return elements == 0 ? self.finish(task, *reply) : reply;
}

void* ReplyReader::create_integer(const redisReadTask* task, long long value) {
  ReplyReader& self = reader_of(task);
  Reply* reply = self.place(task, 0);
  if (reply == nullptr) return nullptr;
  reply->kind = Reply::Kind::kInteger;
  reply->integer = value;
  return self.finish(task, *reply);
}

void* ReplyReader::create_nil(const redisReadTask* task) {
  ReplyReader& self = reader_of(task);
  Reply* reply = self.place(task, 0);
  return reply == nullptr ? nullptr : self.finish(task, *reply);
}

}  // namespace crier::services::bus::redis
