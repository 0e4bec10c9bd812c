#include "services/bus/redis/session.hpp"

#include <system_error>
#include <utility>

#include "services/bus/redis/command.hpp"
#include "services/bus/redis/printable.hpp"

namespace crier::services::bus::redis {

Session::Session(Links links, const Names& names, StreamId position, Events& events)
    : links_(std::move(links)), stream_(names.stream), position_(position), events_(events) {}

void Session::start() {
  read_answers();
  read_pushed();
  if (links_.stream) ask_stream();
}

void Session::close() {
  closed_ = true;
  links_.publish->close();
  links_.subscribe->close();
  if (links_.stream) links_.stream->close();
}

void Session::resume() {
  paused_ = false;
  read_pushed();
  if (links_.stream) read_stream();
}

void Session::lose(Loss loss, const std::string& why) {
  if (!std::exchange(closed_, true)) events_.on_lost(loss, why);
}

void Session::lose_broken(const Link& link) {
  lose(Loss::kProtocol, "it said what cannot be understood: " + link.reader().problem());
}

void Session::write() {
  writing_ = true;
  links_.publish->write(chunk_, [this, self = shared_from_this()](std::error_code ec) {
    writing_ = false;
    chunk_.clear();
    if (closed_) return;
    if (ec) return lose(Loss::kClosed, "sending: " + ec.message());
    events_.on_written();
  });
}

void Session::read(Link& link, bool& reading, void (Session::*then)()) {
  if (std::exchange(reading, true)) return;
  link.read([this, self = shared_from_this(), &reading, then](std::error_code ec) {
    reading = false;
    if (closed_) return;
    if (ec) return lose(Loss::kClosed, "receiving: " + ec.message());
    (this->*then)();
  });
}

void Session::read_answers() {
  Reply reply;
  while (!closed_) {
    switch (links_.publish->next(reply)) {
      case ReplyReader::Next::kReply:
        events_.on_answer(reply);
        break;
      case ReplyReader::Next::kMore:
        return read(*links_.publish, reading_answers_, &Session::read_answers);
      default:
        return lose_broken(*links_.publish);
    }
  }
}

void Session::read_pushed() {
  Reply reply;
  // What is being read must not be looked at before it is complete.
  while (!closed_ && !paused_ && !reading_pushed_) {
    switch (links_.subscribe->next(reply)) {
      case ReplyReader::Next::kReply:
        take_pushed(reply);
        break;
      case ReplyReader::Next::kMore:
        return read(*links_.subscribe, reading_pushed_, &Session::read_pushed);
      default:
        return lose_broken(*links_.subscribe);
    }
  }
}

void Session::take_pushed(const Reply& reply) {
  if (reply.elements.size() != 3 || reply.elements[0].text != "message") {
    return lose(Loss::kProtocol, "it sent what nobody asked for");
  }
  events_.on_pushed(reply.elements[1].text, reply.elements[2].text);
}

void Session::ask_stream() {
  // An answer to a question that has not even left is none.
  if (std::exchange(asking_, true)) {
    return lose(Loss::kProtocol, "it answered before it was asked");
  }
  question_ = command({"XREAD", "COUNT", std::to_string(kEntries), "BLOCK",
                       std::to_string(kBlockMilliseconds), "STREAMS", stream_, position_.text()});
  links_.stream->write(question_, [this, self = shared_from_this()](std::error_code ec) {
    asking_ = false;
    if (closed_) return;
    if (ec) return lose(Loss::kClosed, "sending: " + ec.message());
    read_stream();
  });
}

void Session::read_stream() {
  Reply reply;
  while (!closed_ && !paused_ && !reading_stream_ && !asking_) {
    switch (links_.stream->next(reply)) {
      case ReplyReader::Next::kItem: {
        const auto entry = parse_stream_entry(std::move(reply));
        if (!entry) return lose(Loss::kProtocol, "it sent what is not an entry of a stream");
        position_ = entry->id;
        events_.on_entry(*entry);
        break;
      }
      case ReplyReader::Next::kReply:
        if (reply.is(Reply::Kind::kError)) {
          return lose(Loss::kClosed, "Redis says: " + printable(reply.text));
        }
        return ask_stream();
      case ReplyReader::Next::kMore:
        return read(*links_.stream, reading_stream_, &Session::read_stream);
      default: {
        // Asked for it again, Redis would send it again.
        const auto unreadable = parse_stream_id(links_.stream->reader().broken_item_head());
        if (unreadable && *unreadable > position_) position_ = *unreadable;
        return lose_broken(*links_.stream);
      }
    }
  }
}

}  // namespace crier::services::bus::redis
