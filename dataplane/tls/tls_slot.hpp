#pragma once

#include <mutex>
#include <utility>

#include "dataplane/tls/tls_context.hpp"

namespace crier::dataplane {

// The TLS context in use, which may be replaced at any time: sessions keep the one that they began
// with. Any thread.
class TlsSlot {
 public:
  // Null until set() was called.
  [[nodiscard]] TlsContextPtr get() const {
    const std::lock_guard lock(mutex_);
    return context_;
  }
  void set(TlsContextPtr context) {
    const std::lock_guard lock(mutex_);
    context_ = std::move(context);
  }

 private:
  mutable std::mutex mutex_;
  TlsContextPtr context_;  // mutex_
};

}  // namespace crier::dataplane
