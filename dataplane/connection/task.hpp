#pragma once

#include <coroutine>
#include <type_traits>
#include <utility>

namespace crier::dataplane {

// One activity of a connection (read_task, write_task): a coroutine owned by the object it works
// on and destroyed with it. It starts suspended; after that only the events that it awaits resume
// it, always on its shard's thread. Leaner than asio::awaitable, of which one connection's pair
// costs more memory than the whole rest of the connection.
class Task {
 public:
  struct promise_type {
    // Member coroutines pass their object first.
    template <class Owner, class... Args>
    explicit promise_type(Owner& owner, Args&...)
        : owner_(&owner), fail_([](void* object) {
            static_cast<std::remove_reference_t<Owner>*>(object)->on_task_failed();
          }) {}

    Task get_return_object() { return Task(Handle::from_promise(*this)); }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    // Whatever went wrong stays in this connection.
    void unhandled_exception() noexcept { fail_(owner_); }

   private:
    void* owner_;
    void (*fail_)(void*);
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
