#pragma once

#include <array>
#include <cassert>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

namespace crier::dataplane {

// Room for the coroutine frames of an object's tasks within the object itself, so that they cost no
// allocation and no allocator's overhead. A frame that is larger than its room, as under a
// sanitizer, goes to the heap instead.
class TaskRoom {
 public:
  static constexpr std::size_t kTasks = 2;
  static constexpr std::size_t kFrameBytes = 64;  // as GCC 12 lays them out

  TaskRoom() = default;
  TaskRoom(const TaskRoom&) = delete;
  TaskRoom& operator=(const TaskRoom&) = delete;

  [[nodiscard]] void* take(std::size_t bytes) {
    if (bytes > kFrameBytes) return ::operator new(bytes);
    assert(used_ < kTasks);
    return frames_[used_++].data();
  }
  static void give_back(void* frame, std::size_t bytes) {
    if (bytes > kFrameBytes) ::operator delete(frame);
  }

 private:
  // Frames hold pointers and smaller things.
  alignas(void*) std::array<std::array<std::byte, kFrameBytes>, kTasks> frames_;
  std::uint8_t used_ = 0;
};

// One activity of a connection (read_task, write_task): a coroutine owned by the object it works
// on and destroyed with it. It starts suspended; after that only the events that it awaits resume
// it, always on its shard's thread. Leaner than asio::awaitable, of which one connection's pair
// costs more memory than the whole rest of the connection.
//
// `Owner` has a task_room(), which outlives the task, and an on_task_failed().
template <class Owner>
class Task {
 public:
  struct promise_type {
    explicit promise_type(Owner& owner) : owner_(owner) {}

    static void* operator new(std::size_t bytes, Owner& owner) {
      return owner.task_room().take(bytes);
    }
    static void operator delete(void* frame, std::size_t bytes) {
      TaskRoom::give_back(frame, bytes);
    }

    Task get_return_object() { return Task(Handle::from_promise(*this)); }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    // Whatever went wrong stays in this connection.
    void unhandled_exception() noexcept { owner_.on_task_failed(); }

   private:
    Owner& owner_;
  };
  using Handle = std::coroutine_handle<promise_type>;

  Task() = default;
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Task() {
    if (handle_) handle_.destroy();
  }

  void start() { handle_.resume(); }

 private:
  explicit Task(Handle handle) : handle_(handle) {}

  Handle handle_;
};

// Where a task waits for one kind of event; at most one task at a time.
class WaitPoint {
 public:
  [[nodiscard]] bool awaited() const { return waiting_ != nullptr; }

  // Resumes the task that waits here, if there is one.
  void notify() {
    if (waiting_) std::exchange(waiting_, nullptr).resume();
  }

  auto operator co_await() noexcept {
    struct Awaiter {
      WaitPoint& point;
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<> handle) noexcept { point.waiting_ = handle; }
      void await_resume() const noexcept {}
    };
    return Awaiter{*this};
  }

 private:
  std::coroutine_handle<> waiting_;
};

}  // namespace crier::dataplane
