#include "http/range.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace http {
namespace {

constexpr std::string_view kBytes = "bytes=";

struct Part {
  std::uint64_t first = 0, size = 0;
};

std::optional<std::uint64_t> number(std::string_view digits) {
  const bool plain = !digits.empty() && std::all_of(digits.begin(), digits.end(),
                                                    [](char c) { return c >= '0' && c <= '9'; });
  const auto value = plain ? base::parse_int(digits) : std::nullopt;
  return value ? std::optional(static_cast<std::uint64_t>(*value)) : std::nullopt;
}

base::Error unsatisfiable(std::uint64_t size) {
  const std::string all = std::to_string(size);
  return base::Error(base::Code::invalid, "http.range_unsatisfiable",
                     "Range names nothing of the " + all + " bytes that there are",
                     "Range nằm ngoài " + all + " byte của tệp");
}

// What "0-499", "500-" or "-500" is of `size` bytes; nothing when it is no single range.
base::Result<std::optional<Part>> part_of(std::string_view range, std::uint64_t size) {
  std::optional<Part> part;
  const std::size_t dash = range.find('-');
  if (dash == std::string_view::npos) return part;
  const std::string_view before = range.substr(0, dash), after = range.substr(dash + 1);
  const auto first = number(before), last = number(after);
  if (before.empty()) {
    if (!last) return part;
    if (*last == 0 || size == 0) return unsatisfiable(size);
    const std::uint64_t count = std::min(*last, size);
    part = Part{size - count, count};
  } else if (first && (last || after.empty())) {
    if (last && *last < *first) return part;
    if (*first >= size) return unsatisfiable(size);
    part = Part{*first, std::min(last.value_or(size - 1), size - 1) - *first + 1};
  }
  return part;
}

class PartBody : public BodySource {
 public:
  PartBody(std::unique_ptr<BodySource> whole, std::uint64_t size)
      : whole_(std::move(whole)), size_(size), left_(size) {}
  std::uint64_t size() const override { return size_; }
  base::Result<std::size_t> read(char* to, std::size_t size) override {
    const auto want = static_cast<std::size_t>(std::min<std::uint64_t>(size, left_));
    if (want == 0) return std::size_t{0};
    const std::size_t got = TRY(whole_->read(to, want));
    left_ -= got;
    return got;
  }

 private:
  const std::unique_ptr<BodySource> whole_;
  const std::uint64_t size_;
  std::uint64_t left_;
};

}  // namespace

base::Result<void> take_range(const Head& request, Response& response) {
  if (response.status != 200 || response.source == nullptr) return base::done();
  response.headers.set("Accept-Ranges", "bytes");
  std::string_view range = base::trim(request.headers["Range"]);
  if (request.method != Method::get || !range.starts_with(kBytes)) return base::done();
  range.remove_prefix(kBytes.size());
  // Only a strong tag shows that the bytes are the same.
  const std::string_view version = base::trim(request.headers["If-Range"]);
  if (!version.empty() && (version != response.headers["ETag"] || version.starts_with("W/")))
    return base::done();
  const std::uint64_t size = response.source->size();
  const auto part = TRY(part_of(base::trim(range), size));
  if (!part) return base::done();
  const bool starts = TRY(response.source->start_at(part->first));
  if (!starts) return base::done();
  response.source = std::make_unique<PartBody>(std::move(response.source), part->size);
  response.status = 206;
  response.headers.set("Content-Range", "bytes " + std::to_string(part->first) + "-" +
                                            std::to_string(part->first + part->size - 1) + "/" +
                                            std::to_string(size));
  return base::done();
}

std::string unsatisfied(const Response& whole) {
  return "bytes */" + std::to_string(whole.source ? whole.source->size() : 0);
}

}  // namespace http
