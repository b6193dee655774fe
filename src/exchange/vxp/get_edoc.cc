#include <algorithm>
#include <cstring>

#include "base/hash.h"
#include "exchange/blob_body.h"
#include "exchange/vxp/face.h"

namespace exchange::vxp {
namespace {

constexpr std::size_t kPieceBytes =
    192 * 1024;  // a multiple of three: base64 without padding within
constexpr std::string_view kBefore =
    "{\"status\":\"OK\",\"ErrorCode\":\"0\",\"ErrorDesc\":\"Thanh cong\",\"data\":\"";
constexpr std::string_view kAfter = "\"}";

// getEdoc's answer: the document as base64 within JSON, encoded piece by piece.
class Base64Source : public http::BodySource {
 public:
  explicit Base64Source(std::unique_ptr<store::BlobReader> content)
      : content_(std::move(content)), ready_(kBefore) {}

  std::uint64_t size() const override {
    return kBefore.size() + (content_->size() + 2) / 3 * 4 + kAfter.size();
  }
  base::Result<std::size_t> read(char* to, std::size_t size) override {
    std::size_t filled = 0;
    while (filled < size) {
      if (used_ == ready_.size()) {
        TRY(next());
        if (ready_.empty()) break;
      }
      const std::size_t part = std::min(size - filled, ready_.size() - used_);
      std::memcpy(to + filled, ready_.data() + used_, part);
      used_ += part;
      filled += part;
    }
    return filled;
  }

 private:
  base::Result<void> next() {
    ready_.clear();
    used_ = 0;
    if (at_ < content_->size()) {
      piece_.resize(kPieceBytes);
      const std::size_t got = TRY(content_->read_at(at_, piece_.data(), piece_.size()));
      at_ += got;
      ready_ = base::base64({piece_.data(), got});
      if (got == 0) at_ = content_->size();
    } else if (!ended_) {
      ended_ = true;
      ready_ = kAfter;
    }
    return base::done();
  }

  std::unique_ptr<store::BlobReader> content_;
  std::string ready_, piece_;
  std::size_t used_ = 0;
  std::uint64_t at_ = 0;
  bool ended_ = false;
};

// §3.6: docId, and only where it is absent docid.
std::string_view wanted(const Parameters& parameters) {
  return parameters.has("docId") ? parameters["docId"] : parameters["docid"];
}

}  // namespace

base::Result<http::Response> Face::get_edoc(const Call& call) {
  Fetched fetched = TRY(exchange_.fetch(call.system.key, wanted(call.parameters)));
  http::Response response = http::Response::json(200, "");
  response.source = std::make_unique<Base64Source>(std::move(fetched.content));
  return response;
}

base::Result<http::Response> Face::download_edoc(const Call& call) {
  Fetched fetched = TRY(exchange_.fetch(call.system.key, wanted(call.parameters)));
  http::Response response = http::Response::text(200, "application/octet-stream", "");
  response.source = std::make_unique<BlobBody>(std::move(fetched.content));
  return response;
}

}  // namespace exchange::vxp
