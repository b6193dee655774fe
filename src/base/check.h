// CHECK is for programmer errors: it stays on in release and aborts. A crash is safe, since
// everything that was acknowledged is already on disk.
#pragma once

namespace base {
[[noreturn]] void fail_check(const char* condition, const char* file, int line);
}  // namespace base

#define CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::base::fail_check(#condition, __FILE__, __LINE__))
