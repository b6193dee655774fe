// A kept file as it goes out, raw.
#pragma once
#include <memory>
#include <utility>

#include "http/message.h"
#include "store/blobs.h"

namespace exchange {

class BlobBody : public http::BodySource {
 public:
  explicit BlobBody(std::unique_ptr<store::BlobReader> content) : content_(std::move(content)) {}
  std::uint64_t size() const override { return content_->size(); }
  base::Result<std::size_t> read(char* to, std::size_t size) override {
    const std::size_t got = TRY(content_->read_at(at_, to, size));
    at_ += got;
    return got;
  }
  base::Result<bool> start_at(std::uint64_t offset) override {
    at_ = offset;
    return true;
  }

 private:
  std::unique_ptr<store::BlobReader> content_;
  std::uint64_t at_ = 0;
};

}  // namespace exchange
