#include "exchange/rest/request.h"

#include <algorithm>

#include "base/hash.h"
#include "base/text.h"
#include "http/query.h"

namespace exchange::rest {
namespace {

using In = Parameter::In;

constexpr std::string_view kJson = "application/json";
constexpr std::size_t kShown = 60;

std::string shown(std::string_view text) { return std::string(base::cut_utf8(text, kShown)); }

base::Error missing(const Parameter& parameter) {
  const std::string name(parameter.name);
  return base::Error(base::Code::invalid, "rest.parameter_missing",
                     "the parameter " + name + " is missing", "Thiếu tham số " + name);
}

base::Result<void> check_names(const Route& row, const http::Query& query, Call& call) {
  for (const auto& pair : query.pairs()) {
    const std::string& name = pair.first;
    const bool known =
        std::any_of(row.parameters.begin(), row.parameters.end(),
                    [&](const auto& one) { return one.in == In::query && one.name == name; });
    if (!known) {
      return call.at(shown(name),
                     base::Error(base::Code::invalid, "rest.parameter_unknown",
                                 "there is no parameter " + shown(name) + " here; remove it",
                                 "Ở đây không có tham số " + shown(name) + "; hãy bỏ tham số này"));
    }
    if (query.all(name).size() > 1) {
      return call.at(shown(name), base::Error(base::Code::invalid, "rest.parameter_repeated",
                                              "the parameter " + shown(name) + " is there twice",
                                              "Tham số " + shown(name) + " bị lặp lại"));
    }
  }
  return base::done();
}

}  // namespace

std::string media_type(std::string_view content_type) {
  return base::lower_ascii(base::trim(content_type.substr(0, content_type.find(';'))));
}

base::Result<void> read_parameters(const Route& row, Call& call) {
  const http::Query query = TRY(http::Query::parse(call.request.query));
  TRY(check_names(row, query, call));
  for (const Parameter& parameter : row.parameters) {
    if (parameter.left_to_handler) continue;
    std::optional<std::string_view> written;
    if (parameter.in == In::query) {
      written = query[parameter.name];
    } else if (parameter.in == In::path) {
      written = call.request.parameter(parameter.name);
    } else if (call.request.headers.has(parameter.name)) {
      written = call.request.headers[parameter.name];
    }
    if (!written) {
      if (parameter.required) return call.at(std::string(parameter.name), missing(parameter));
      continue;
    }
    auto value = read_parameter(parameter.schema, parameter.name, *written);
    if (!value) return call.at(std::string(parameter.name), std::move(value).error());
    call.set(parameter.name, *std::move(value));
  }
  return base::done();
}

base::Result<void> check_type(const Route& row, const http::Head& head) {
  const std::string type = media_type(head.headers["Content-Type"]);
  if (row.body.json && type == kJson) return base::done();
  if (std::find(row.body.types.begin(), row.body.types.end(), type) != row.body.types.end())
    return base::done();
  std::string all = row.body.json ? std::string(kJson) : std::string();
  for (const auto one : row.body.types) all += (all.empty() ? "" : ", ") + std::string(one);
  return base::Error(
      base::Code::invalid, "rest.type_unsupported",
      "Content-Type must be " + all + ", not " + (type.empty() ? "absent" : shown(type)),
      "Content-Type phải là " + all +
          (type.empty() ? ", không được để trống" : ", không phải " + shown(type)));
}

base::Result<void> read_json(const Schema& schema, std::string_view text, Call& call) {
  if (base::trim(text).empty()) {
    return base::Error(base::Code::invalid, "rest.body_missing",
                       "this call needs a body; its description shows an example",
                       "Yêu cầu này cần có nội dung; xem ví dụ trong tài liệu");
  }
  if (!base::is_utf8(text)) {
    return base::Error(base::Code::invalid, "base.json_malformed", "the body is not UTF-8",
                       "Nội dung không phải UTF-8");
  }
  base::Json json = TRY(base::Json::parse(text));
  if (auto breach = breach_of(schema, json))
    return call.at(std::move(breach->pointer), std::move(breach->error));
  call.body = std::move(json);
  return base::done();
}

base::Result<void> JsonStream::write(base::BytesView chunk) {
  if (text_.size() + chunk.size() > bytes_max_) {
    const std::string most = std::to_string(bytes_max_);
    return base::Error(base::Code::too_large, "http.body_too_large",
                       "The body is larger than the " + most + " bytes allowed here.",
                       "Nội dung vượt quá " + most + " byte cho phép.");
  }
  text_ += chunk;
  return base::done();
}

base::Bytes JsonStream::digest() { return base::sha256(text_); }

Parameter limit_parameter() {
  return {In::query, "limit",
          integer(1, kPageItemsMax,
                  {"Số mục tối đa của một trang; mặc định 50.",
                   "Items of a page at most; 50 without it."},
                  kPageItems)};
}

Parameter cursor_parameter() {
  return {In::query, "cursor",
          text(200,
               {"Vị trí của trang kế tiếp, lấy từ `next` của trang trước.",
                "Where the page begins, from `next` of the page before."},
               "")};
}

Schema page_of(std::string_view name, Schema item) {
  return object(name, {"Một trang của danh sách.", "One page of a list."},
                {required("items", list(std::move(item), kPageItemsMax)),
                 optional("next", text(4000,
                                       {"Địa chỉ của trang kế tiếp; không có ở trang cuối.",
                                        "Address of the next page; not there on the last one."},
                                       "/api/v1/documents?cursor=bm90LWEtY3Vyc29y"))});
}

}  // namespace exchange::rest
