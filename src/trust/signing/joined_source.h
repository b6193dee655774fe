// A document with what was appended to it.
#pragma once
#include <algorithm>
#include <cstring>

#include "trust/judge.h"

namespace trust::signing {

// Keeps views of both.
class JoinedSource : public Source {
 public:
  JoinedSource(const Source& first, base::BytesView second) : first_(first), second_(second) {}
  std::uint64_t size() const override { return first_.size() + second_.size(); }
  base::Result<std::size_t> read_at(std::uint64_t offset, char* to,
                                    std::size_t size) const override {
    if (offset < first_.size()) {
      const std::size_t n = TRY(first_.read_at(
          offset, to,
          static_cast<std::size_t>(std::min<std::uint64_t>(size, first_.size() - offset))));
      if (n == 0 || n == size || offset + n < first_.size()) return n;
      const std::size_t more = TRY(read_at(first_.size(), to + n, size - n));
      return n + more;
    }
    const std::uint64_t from = offset - first_.size();
    if (from >= second_.size()) return std::size_t{0};
    const std::size_t n = std::min(size, second_.size() - static_cast<std::size_t>(from));
    std::memcpy(to, second_.data() + from, n);
    return n;
  }

 private:
  const Source& first_;
  const base::BytesView second_;
};

}  // namespace trust::signing
