#include "exchange/rest/sign_in_parts.h"

#include "base/text.h"

namespace exchange::rest {

using base::Code;

identity::Caller caller_of(const Call& call) {
  return {call.request.remote, std::string(call.request.headers["User-Agent"])};
}

Schema ceremony_schema() {
  return text(400, {"Nối hai bước với nhau.", "Ties the two steps together."}, "c3f1…");
}

Schema passkey_step_schema() {
  return object("PasskeyStep", {"Cho navigator.credentials.", "For navigator.credentials."},
                {required("ceremony", ceremony_schema()),
                 required("options", anything({"Theo WebAuthn.", "As WebAuthn has them."},
                                              base::Json(base::Json::Object{})))});
}

http::Response passkey_step(const identity::SignIn::PasskeyStep& step) {
  base::Json json;
  json.add("ceremony", step.ceremony).add("options", step.options);
  http::Response response = http::Response::json(200, json.dump());
  response.headers.add("Cache-Control", "no-store");
  return response;
}

Schema passkey_answer_schema() {
  return object("PasskeyAnswer", {"Trả lời của khóa truy cập.", "The authenticator's answer."},
                {required("ceremony", ceremony_schema()),
                 required("answer", anything({"Theo WebAuthn (toJSON).", "As WebAuthn's toJSON()."},
                                             base::Json(base::Json::Object{})))});
}

std::vector<Refusal> passkey_refusals() {
  return {ceremony_over(),
          {"identity.passkey_refused",
           Code::unauthenticated,
           {"Khóa truy cập không được chấp nhận.", "The passkey is not accepted."}},
          {"identity.passkey_malformed",
           Code::invalid,
           {"Trả lời sai dạng.", "The answer is malformed."}},
          {"identity.passkey_copied",
           Code::unauthenticated,
           {"Khóa truy cập có thể đã bị sao chép.", "The passkey may have been copied."}}};
}

Refusal code_refused() {
  return {"identity.code_refused", Code::unauthenticated, {"Mã không đúng.", "The code is wrong."}};
}

Refusal ceremony_over() {
  return {
      "identity.ceremony_over",
      Code::unauthenticated,
      {"Đã quá lâu hoặc đã dùng; làm lại từ đầu.", "It took too long, or was used; start again."}};
}

Refusal no_session() {
  return {"identity.nobody",
          Code::unauthenticated,
          {"Không phải phiên của trình duyệt.", "Not the session of a browser."}};
}

std::string ceremony_cookie_name(bool secure) {
  return secure ? "__Host-truc-ceremony" : "truc-ceremony";
}

std::string ceremony_cookie(const std::string& ceremony, bool secure) {
  return ceremony_cookie_name(secure) + "=" + ceremony +
         "; Path=/; Max-Age=600; HttpOnly; SameSite=Lax" + (secure ? "; Secure" : "");
}

std::string cookie_of(const http::Head& head, std::string_view name) {
  for (const std::string_view part : base::split(head.headers["Cookie"], ';')) {
    const std::string_view pair = base::trim(part);
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
      return std::string(pair.substr(name.size() + 1));
  }
  return {};
}

}  // namespace exchange::rest
