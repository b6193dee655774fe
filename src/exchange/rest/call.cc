#include "exchange/rest/call.h"

#include "base/hash.h"
#include "base/text.h"
#include "exchange/rest/instant.h"

namespace exchange::rest {
namespace {

constexpr std::size_t kTagDigits = 32;

// As a value in the query of an address.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    if (plain) {
      out += c;
    } else {
      static constexpr std::string_view kDigits = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return out;
}

std::string written(const base::Json& value) {
  return value.is_string() ? std::string(value.text()) : value.dump();
}

}  // namespace

const base::Json* Call::find(std::string_view name) const {
  for (const auto& [known, value] : values_) {
    if (known == name) return &value;
  }
  return nullptr;
}

std::string_view Call::text(std::string_view name) const {
  const base::Json* value = find(name);
  return value ? value->text() : std::string_view();
}

std::int64_t Call::integer(std::string_view name, std::int64_t otherwise) const {
  const base::Json* value = find(name);
  return value ? value->integer(otherwise) : otherwise;
}

std::optional<bool> Call::boolean(std::string_view name) const {
  const base::Json* value = find(name);
  return value ? std::optional(value->boolean()) : std::nullopt;
}

std::optional<base::Time> Call::time(std::string_view name) const {
  return parse_instant(text(name));
}

std::int64_t Call::limit() const { return integer("limit", kPageItems); }

// A cursor goes with one list, its filters and its caller.
std::string Call::scope() const {
  std::string scope = principal.id + "\n" + std::string(path_);
  for (const auto& [name, value] : values_) {
    if (name == "cursor" || name == "limit") continue;
    scope += "\n" + std::string(name) + "=" + written(value);
  }
  return scope;
}

base::Result<std::optional<Place>> Call::place() const {
  if (!has("cursor")) return std::optional<Place>();
  return std::optional(TRY(cursors_.read(scope(), text("cursor"))));
}

http::Response Call::page(base::Json items, const std::optional<Place>& next,
                          base::Json answer) const {
  answer.add("items", items.is_null() ? base::Json(base::Json::Array{}) : std::move(items));
  std::string address;
  if (next) {
    address = request.target.substr(0, request.target.find('?')) +
              "?cursor=" + cursors_.write(scope(), *next);
    for (const auto& [name, value] : values_) {
      if (name == "cursor" || !request.parameter(name).empty()) continue;
      address += "&" + std::string(name) + "=" + escaped(written(value));
    }
    answer.add("next", address);
  }
  http::Response response = http::Response::json(200, answer.dump());
  if (next) response.headers.add("Link", "<" + address + ">; rel=\"next\"");
  return response;
}

base::Result<void> Call::require_match(std::string_view etag) const {
  const std::string_view header = request.headers["If-Match"];
  if (header.empty()) {
    return base::Error(base::Code::invalid, "rest.precondition_required",
                       "read it first and repeat its ETag in If-Match, so that nobody's change is "
                       "lost; a new one needs If-None-Match: *",
                       "hãy đọc trước rồi gửi lại ETag trong If-Match để không ghi đè thay đổi của "
                       "người khác; khi tạo mới cần If-None-Match: *");
  }
  if (names_etag(header, etag)) return base::done();
  return base::Error(base::Code::conflict, "rest.precondition_failed",
                     "it was changed in between; read it again and repeat the change",
                     "đã có thay đổi khác trong lúc đó; hãy đọc lại rồi làm lại");
}

std::string etag_of(std::string_view representation) {
  return "\"" + base::hex(base::sha256(representation)).substr(0, kTagDigits) + "\"";
}

bool names_etag(std::string_view header, std::string_view etag) {
  for (std::string_view tag : base::split(header, ',')) {
    tag = base::trim(tag);
    if (tag == "*") return true;
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (!etag.empty() && tag == etag) return true;
  }
  return false;
}

}  // namespace exchange::rest
