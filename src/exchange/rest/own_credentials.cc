// What one signs in with: password, codes, passkeys. By a session that was verified just now, or by
// the enrolment that a link code opens.
#include "exchange/rest/administration.h"
#include "exchange/rest/resources.h"
#include "exchange/rest/sign_in_parts.h"

namespace exchange::rest {
namespace {

using base::Code;
using identity::Identity;
using Holder = identity::SignIn::Holder;

constexpr std::string_view kTag = "Credentials";
constexpr std::string_view kEnrolment = "Truc-Enrolment";

base::Result<Holder> holder_of(Identity& identity, const Call& call) {
  if (call.has(kEnrolment)) return identity.sign_in.holder(call.text(kEnrolment));
  const auto session = TRY(identity.authenticator.session_of(call.request));
  return identity.sign_in.holder(session);
}

Parameter enrolment() {
  return {Parameter::In::header, kEnrolment,
          text(400,
               {"Có được từ mã mời; không có thì theo phiên của trình duyệt.",
                "From a link code; without it, by the session of the browser."},
               "e7d2a90c")};
}

std::vector<Refusal> of_holder(std::vector<Refusal> more = {}) {
  std::vector<Refusal> all = {no_session(),
                              ceremony_over(),
                              {"identity.verification_needed",
                               Code::forbidden,
                               {"Hãy xác thực lại trước.", "Verify yourself again first."}}};
  for (Refusal& one : more) all.push_back(std::move(one));
  return all;
}

// By an enrolment, which is no session, or by a session: every handler asks holder_of().
Route row(http::Method method, std::string_view path, std::string_view name, base::Text summary,
          std::vector<Answer> answers, std::vector<Refusal> refusals,
          std::function<base::Result<http::Response>(Call&)> handler) {
  return {.method = method,
          .path = path,
          .access = Access::proof(),
          .name = name,
          .tag = kTag,
          .summary = std::move(summary),
          .parameters = {enrolment()},
          .answers = std::move(answers),
          .refusals = of_holder(std::move(refusals)),
          .handler = std::move(handler),
          .keeps_answer = false};
}

std::vector<Refusal> password_refusals() {
  return {
      {"identity.password_short", Code::invalid, {"Ít hơn 12 ký tự.", "Fewer than 12 characters."}},
      {"identity.password_long", Code::invalid, {"Quá dài.", "Too long."}},
      {"identity.password_common", Code::invalid, {"Dễ đoán.", "Easily guessed."}},
      {"identity.password_is_login",
       Code::invalid,
       {"Gần giống tên đăng nhập.", "Much like the login."}}};
}

Schema code_step_schema(std::string_view name) {
  return object(name, {"Mã xác nhận.", "The code that confirms it."},
                {required("ceremony", ceremony_schema()),
                 required("code", text(40, {"Mã.", "The code."}, "123456"))});
}

base::Json overview_json(const identity::SignIn::Overview& overview) {
  base::Json json, passkeys{base::Json::Array{}};
  for (const auto& one : overview.passkeys) {
    base::Json passkey;
    passkey.add("passkey", one.key).add("name", one.name);
    passkey.add("added_at", base::iso_time_text(one.added_at));
    passkeys.push(std::move(passkey));
  }
  json.add("password", overview.password).add("totp", overview.totp);
  json.add("recovery_codes", overview.recovery_codes).add("passkeys", std::move(passkeys));
  return json;
}

Schema overview_schema() {
  return object(
      "CredentialOverview", {"Các cách đăng nhập đã đặt.", "What is set up."},
      {required("password", boolean({"Có mật khẩu.", "A password."})),
       required("totp", boolean({"Có ứng dụng tạo mã.", "An authenticator app."})),
       required("recovery_codes", integer(0, 100, {"Mã khôi phục còn lại.", "Codes left."}, 10)),
       required("passkeys",
                list(object("Passkey", {"Một khóa truy cập.", "A passkey."},
                            {required("passkey",
                                      integer(1, std::int64_t{1} << 53, {"Số.", "Its number."}, 4)),
                             required("name", text(300, {"Tên.", "Its name."}, "Máy tính cơ quan")),
                             required("added_at", time({"Thêm lúc.", "Added at."}))}),
                     20))});
}

std::vector<Route> rows_of_passwords(Identity& identity) {
  std::vector<Route> rows;
  rows.push_back(row(http::Method::get, "/api/v1/me/credentials", "getOwnCredentials",
                     {"Cách đăng nhập của mình", "What one signs in with"},
                     {{200, {"Đã đặt những gì.", "What is set up."}, overview_schema()}}, {},
                     [&](Call& call) -> base::Result<http::Response> {
                       identity::PersonKey person = 0;
                       if (call.has(kEnrolment)) {
                         person = TRY(identity.sign_in.holder(call.text(kEnrolment))).person;
                       } else {
                         person = TRY(identity.authenticator.session_of(call.request)).person;
                       }
                       const auto overview = TRY(identity.sign_in.overview(person));
                       return http::Response::json(200, overview_json(overview).dump());
                     }));
  rows.push_back(row(http::Method::put, "/api/v1/me/password", "setPassword",
                     {"Đặt mật khẩu", "Set the password"},
                     {{204, {"Đã đặt; các phiên khác kết thúc.", "Set; other sessions end."}}},
                     password_refusals(), [&](Call& call) -> base::Result<http::Response> {
                       const Holder holder = TRY(holder_of(identity, call));
                       TRY(identity.sign_in.set_password(holder, call.body["password"].text()));
                       return nothing();
                     }));
  rows.back().body.json = object(
      "NewPassword", {"Mật khẩu mới.", "The new password."},
      {required("password", text(1024, {"Ít nhất 12 ký tự.", "At least 12 characters."}, "…"))});
  rows.push_back(
      row(http::Method::post, "/api/v1/me/recovery-codes", "makeRecoveryCodes",
          {"Tạo mã khôi phục", "Make recovery codes"},
          {{201,
            {"Mười mã, chỉ hiện một lần.", "Ten, shown once."},
            object("RecoveryCodes", {"Mã khôi phục.", "Recovery codes."},
                   {required("codes", list(text(40, {"Một mã.", "A code."}, "ABCD-EFGH"), 20))})}},
          {}, [&](Call& call) -> base::Result<http::Response> {
            const Holder holder = TRY(holder_of(identity, call));
            base::Json json, codes{base::Json::Array{}};
            for (auto& one : TRY(identity.sign_in.make_recovery_codes(holder)))
              codes.push(std::move(one));
            json.add("codes", std::move(codes));
            return http::Response::json(201, json.dump());
          }));
  return rows;
}

std::vector<Route> rows_of_totp(Identity& identity) {
  std::vector<Route> rows;
  rows.push_back(row(
      http::Method::post, "/api/v1/me/totp/options", "beginTotp",
      {"Đặt ứng dụng tạo mã, bước một", "Set up an authenticator app, the first step"},
      {{200,
        {"Cho ứng dụng.", "For the app."},
        object(
            "TotpStep", {"Cho ứng dụng tạo mã.", "For the authenticator app."},
            {required("ceremony", ceremony_schema()),
             required("secret", text(100, {"Để gõ.", "To type."}, "JBSWY3DPEHPK3PXP")),
             required("uri", text(600, {"Cho mã QR.", "For the QR code."}, "otpauth://totp/…"))})}},
      {}, [&](Call& call) -> base::Result<http::Response> {
        const Holder holder = TRY(holder_of(identity, call));
        const auto step = TRY(identity.sign_in.begin_totp(holder));
        base::Json json;
        json.add("ceremony", step.ceremony).add("secret", step.secret).add("uri", step.uri);
        http::Response response = http::Response::json(200, json.dump());
        response.headers.add("Cache-Control", "no-store");
        return response;
      }));
  rows.push_back(
      row(http::Method::put, "/api/v1/me/totp", "finishTotp",
          {"Đặt ứng dụng tạo mã, bước hai", "Set up an authenticator app, the second step"},
          {{204, {"Đã đặt.", "Set up."}}}, {code_refused()},
          [&](Call& call) -> base::Result<http::Response> {
            const Holder holder = TRY(holder_of(identity, call));
            TRY(identity.sign_in.finish_totp(holder, call.body["ceremony"].text(),
                                             call.body["code"].text()));
            return nothing();
          }));
  rows.back().body.json = code_step_schema("TotpConfirmation");
  rows.push_back(
      row(http::Method::del, "/api/v1/me/totp", "removeTotp",
          {"Bỏ ứng dụng tạo mã", "Remove the authenticator app"}, {{204, {"Đã bỏ.", "Removed."}}},
          {{"identity.credential_unknown", Code::not_found, {"Chưa đặt.", "None is set."}}},
          [&](Call& call) -> base::Result<http::Response> {
            const Holder holder = TRY(holder_of(identity, call));
            TRY(identity.sign_in.remove_totp(holder));
            return nothing();
          }));
  return rows;
}

std::vector<Route> rows_of_passkeys(Identity& identity) {
  std::vector<Route> rows;
  rows.push_back(row(http::Method::post, "/api/v1/me/passkeys/options", "beginPasskey",
                     {"Thêm khóa truy cập, bước một", "Add a passkey, the first step"},
                     {{200, {"Cho trình duyệt.", "For the browser."}, passkey_step_schema()}}, {},
                     [&](Call& call) -> base::Result<http::Response> {
                       const Holder holder = TRY(holder_of(identity, call));
                       const auto step = TRY(identity.sign_in.begin_registration(holder));
                       return passkey_step(step);
                     }));
  rows.push_back(row(
      http::Method::post, "/api/v1/me/passkeys", "addPasskey",
      {"Thêm khóa truy cập, bước hai", "Add a passkey, the second step"},
      {{204, {"Đã thêm.", "Added."}}},
      [] {
        auto all = passkey_refusals();
        all.push_back({"identity.bad_passkey_name", Code::invalid, {"Tên sai.", "A bad name."}});
        all.push_back(
            {"identity.passkey_known", Code::conflict, {"Đã có.", "It is there already."}});
        all.push_back({"identity.too_many_passkeys", Code::conflict, {"Quá nhiều.", "Too many."}});
        return all;
      }(),
      [&](Call& call) -> base::Result<http::Response> {
        const Holder holder = TRY(holder_of(identity, call));
        TRY(identity.sign_in.finish_registration(holder, call.body["ceremony"].text(),
                                                 call.body["answer"], call.body["name"].text()));
        return nothing();
      }));
  std::vector<Member> members = passkey_answer_schema().members;
  members.push_back(required(
      "name", text(300, {"Tên để nhận ra.", "A name to know it by."}, "Máy tính cơ quan")));
  rows.back().body.json =
      object("NewPasskey", {"Khóa truy cập mới.", "The new passkey."}, std::move(members));
  rows.push_back(
      row(http::Method::del, "/api/v1/me/passkeys/{passkey}", "removePasskey",
          {"Bỏ một khóa truy cập", "Remove a passkey"}, {{204, {"Đã bỏ.", "Removed."}}},
          {{"identity.credential_unknown", Code::not_found, {"Không có.", "No such one."}}},
          [&](Call& call) -> base::Result<http::Response> {
            const Holder holder = TRY(holder_of(identity, call));
            TRY(identity.sign_in.remove_passkey(holder, call.integer("passkey")));
            return nothing();
          }));
  rows.back().parameters.push_back(number_parameter("passkey", {"Số.", "Its number."}));
  rows.push_back(row(
      http::Method::post, "/api/v1/enrolment", "redeemLinkCode", {"Dùng mã mời", "Use a link code"},
      {{201,
        {"Cho tiêu đề Truc-Enrolment, trong 30 phút.",
         "For the header Truc-Enrolment, 30 minutes."},
        object("Enrolment", {"Để đặt cách đăng nhập.", "To set up how one signs in."},
               {required("enrolment", ceremony_schema())})}},
      {{"identity.link_code_refused",
        Code::unauthenticated,
        {"Mã không đúng hoặc đã dùng.", "The code is wrong, used or too old."}},
       {"identity.sign_in_delayed", Code::too_many, {"Hãy chờ.", "Wait."}}},
      [&](Call& call) -> base::Result<http::Response> {
        base::Json json;
        const std::string token =
            TRY(identity.sign_in.redeem_link_code(call.body["code"].text(), caller_of(call)));
        json.add("enrolment", token);
        return http::Response::json(201, json.dump());
      }));
  rows.back().parameters.clear();
  rows.back().body.json = object("LinkCodeUse", {"Mã mời.", "The link code."},
                                 {required("code", text(100, {"Mã.", "The code."}, "ABCD-EFGH"))});
  return rows;
}

}  // namespace

std::vector<Route> own_credential_rows(Identity& identity) {
  std::vector<Route> rows = rows_of_passwords(identity);
  for (auto& row : rows_of_totp(identity)) rows.push_back(std::move(row));
  for (auto& row : rows_of_passkeys(identity)) rows.push_back(std::move(row));
  return rows;
}

}  // namespace exchange::rest
