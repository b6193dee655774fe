// Sizes inside the server that no one needs to set, and the errors that its limits give.
#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/result.h"

namespace http {

inline constexpr std::size_t kPieceBytes = 256 * 1024;   // of a body on its way in or out
inline constexpr std::size_t kFrugalBytes = 8 * 1024;    // read at a time when memory is short
inline constexpr std::size_t kLaneBytes = 16 * 1024;     // of a body shown to Route::lane
inline constexpr std::uint64_t kDrainBytes = 16u << 20;  // read over after a refusal
inline constexpr std::size_t kPushBytes = 16 * 1024;     // of a stream at a time
inline constexpr std::uint64_t kStrayBytes = 16 * 1024;  // taken from a client that should listen
inline constexpr int kDrainMs = 3000;
inline constexpr int kReadsInARow = 8;  // before other connections have their turn

// Puts a fresh value in place of `value` and frees what it held. Assigning {} or an empty value
// would keep a string's capacity, and thousands of idle connections would each hold their last
// body.
template <class T>
void let_go(T& value) {
  T fresh;
  std::swap(value, fresh);
}

base::Error busy();
base::Error broke(const char* what);  // a handler that threw; logged
base::Error body_too_large(std::uint64_t bytes_max);

}  // namespace http
