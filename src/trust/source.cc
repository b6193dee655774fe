#include <algorithm>
#include <cstring>

#include "trust/judge.h"

namespace trust {
namespace {

class Memory : public Source {
 public:
  explicit Memory(base::BytesView bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  base::Result<std::size_t> read_at(std::uint64_t offset, char* to,
                                    std::size_t size) const override {
    if (offset >= bytes_.size()) return std::size_t{0};
    const base::BytesView part = bytes_.substr(static_cast<std::size_t>(offset), size);
    std::memcpy(to, part.data(), part.size());
    return part.size();
  }

 private:
  const base::BytesView bytes_;
};

}  // namespace

std::unique_ptr<Source> memory_source(base::BytesView bytes) {
  return std::make_unique<Memory>(bytes);
}

}  // namespace trust
