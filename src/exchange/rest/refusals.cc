// What the face itself may refuse a call for.
#include "edxml/reasons.h"
#include "edxml/rules.h"
#include "exchange/rest/request.h"
#include "exchange/rest/resources.h"
#include "http/router.h"

namespace exchange::rest {
namespace {

using base::Code;

const std::vector<Refusal>& of_everyone() {
  static const std::vector<Refusal> kAll = {
      {"rest.too_many_requests", Code::too_many, {"Quá nhiều yêu cầu.", "Too many requests."}},
      {"http.busy", Code::unavailable, {"Máy chủ đang quá tải.", "The server is overloaded."}},
      {"store.unavailable",
       Code::unavailable,
       {"Chưa ghi được.", "Records cannot be written now."}},
      {"http.handler_failed", Code::internal, {"Lỗi bên trong.", "An error inside the server."}},
  };
  return kAll;
}

const std::vector<Refusal>& of_signed_in() {
  static const std::vector<Refusal> kAll = {
      {"rest.unauthenticated",
       Code::unauthenticated,
       {"Máy chủ này chưa mở đăng nhập.", "Nobody can sign in at this server yet."}},
      {"identity.nobody",
       Code::unauthenticated,
       {"Chưa nêu ai đang gọi.", "Nothing says who calls."}},
      {"identity.bad_token",
       Code::unauthenticated,
       {"Mã truy cập sai hoặc hết hạn.", "A token or key that does not hold."}},
      {"identity.not_signed_in",
       Code::unauthenticated,
       {"Phiên đăng nhập đã hết.", "A session that is over."}},
      {"identity.foreign_page",
       Code::forbidden,
       {"Yêu cầu đến từ trang của nơi khác.", "A page of another site asked for it."}},
      {"identity.two_callers",
       Code::unauthenticated,
       {"Nêu hai cách xác thực cùng lúc.", "Two ways to show who calls at once."}},
  };
  return kAll;
}

const std::vector<Refusal>& of_parameters() {
  static const std::vector<Refusal> kAll = {
      {"rest.parameter_unknown", Code::invalid, {"Tham số lạ.", "A parameter that is not there."}},
      {"rest.parameter_repeated", Code::invalid, {"Tham số bị lặp.", "A parameter twice."}},
      {"rest.parameter_missing", Code::invalid, {"Thiếu tham số.", "A parameter is missing."}},
      {"http.query_malformed", Code::invalid, {"Tham số mã hóa sai.", "The query is malformed."}},
      {"http.query_too_large", Code::invalid, {"Quá nhiều tham số.", "Too many parameters."}},
  };
  return kAll;
}

const std::vector<Refusal>& of_values() {
  static const std::vector<Refusal> kAll = {
      {"rest.wrong_type", Code::invalid, {"Sai kiểu.", "A value of the wrong type."}},
      {"rest.out_of_bounds", Code::invalid, {"Ngoài giới hạn.", "A value out of its bounds."}},
      {"rest.value_unknown", Code::invalid, {"Giá trị lạ.", "Not one of the values allowed."}},
      {"rest.bad_time", Code::invalid, {"Sai dạng thời gian.", "Not a time or a date."}},
  };
  return kAll;
}

const std::vector<Refusal>& of_json() {
  static const std::vector<Refusal> kAll = {
      {"base.json_malformed", Code::invalid, {"JSON sai cú pháp.", "Malformed JSON."}},
      {"rest.body_missing", Code::invalid, {"Thiếu nội dung.", "The body is missing."}},
      {"rest.member_unknown", Code::invalid, {"Mục lạ.", "A member that is not there."}},
      {"rest.member_repeated", Code::invalid, {"Mục bị lặp.", "A member twice."}},
      {"rest.member_missing", Code::invalid, {"Thiếu mục.", "A member is missing."}},
  };
  return kAll;
}

const std::vector<Refusal>& of_bodies() {
  static const std::vector<Refusal> kAll = {
      {"rest.type_unsupported", Code::invalid, {"Kiểu nội dung lạ.", "A type that is not taken."}},
      {"http.body_too_large", Code::too_large, {"Nội dung quá lớn.", "The body is too large."}},
  };
  return kAll;
}

const std::vector<Refusal>& of_keys() {
  static const std::vector<Refusal> kAll = {
      {"rest.bad_key",
       Code::invalid,
       {"Idempotency-Key sai dạng.", "A malformed Idempotency-Key."}},
      {"rest.key_reused",
       Code::invalid,
       {"Idempotency-Key đã dùng cho yêu cầu khác.", "The Idempotency-Key of another request."}},
      {"rest.key_in_use",
       Code::conflict,
       {"Yêu cầu đầu với khóa này đang được xử lý.", "The first one is being carried out."}},
  };
  return kAll;
}

}  // namespace

std::vector<Refusal> edxml_refusals() {
  std::vector<Refusal> all;
  for (const edxml::ReasonText& one : edxml::read_reasons()) {
    all.push_back({one.reason, Code::invalid, {std::string(one.vi), std::string(one.en)}});
  }
  for (const edxml::Rule& one : edxml::rules()) {
    if (one.severity != edxml::Finding::Severity::error) continue;
    all.push_back({one.rule, Code::invalid, {std::string(one.vi), std::string(one.en)}});
  }
  return all;
}

int status_of(const Refusal& refusal) {
  if (refusal.status != 0) return refusal.status;
  return http::status_of(base::Error(refusal.code, refusal.reason, ""));
}

std::vector<Refusal> refusals_of(const Route& row) {
  std::vector<Refusal> all = row.refusals;
  const auto add = [&](const std::vector<Refusal>& more) {
    all.insert(all.end(), more.begin(), more.end());
  };
  add(of_everyone());
  add(of_parameters());
  const bool body = row.body.json || row.body.open;
  if (row.access.kind() != Access::Kind::open) add(of_signed_in());
  if (row.access.kind() == Access::Kind::permitted) {
    all.push_back({"identity.not_permitted",
                   Code::forbidden,
                   {"Thiếu quyền cho việc này.", "A permission is missing."}});
  }
  if (!row.parameters.empty() || row.body.json) add(of_values());
  if (row.body.json) add(of_json());
  if (body) add(of_bodies());
  if (row.method == http::Method::post && row.keeps_answer) add(of_keys());
  for (const Parameter& parameter : row.parameters) {
    if (parameter.name != "cursor") continue;
    all.push_back({"rest.bad_cursor",
                   Code::invalid,
                   {"cursor không phải của danh sách này.", "A cursor of another list."}});
  }
  return all;
}

}  // namespace exchange::rest
