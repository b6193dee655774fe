// Signing in, and looking after one's sessions.
#include "exchange/rest/administration.h"
#include "exchange/rest/request.h"
#include "exchange/rest/resources.h"
#include "exchange/rest/sign_in_parts.h"

namespace exchange::rest {
namespace {

using base::Code;
using identity::Identity;

constexpr std::string_view kTag = "Sign-in";

Refusal failed() {
  return {"identity.sign_in_failed",
          Code::unauthenticated,
          {"Tên đăng nhập hoặc mật khẩu không đúng.", "Wrong login or password."}};
}
Refusal delayed() {
  return {"identity.sign_in_delayed",
          Code::too_many,
          {"Sai nhiều lần; hãy chờ.", "Too many failures; wait."}};
}

// What a page shows of the session that it has; `csrf` goes into X-CSRF-Token of what it changes.
base::Json session_json(const identity::Session& session) {
  base::Json json;
  json.add("session", session.key).add("person", session.person);
  json.add("means", identity::means_name(session.means));
  json.add("created_at", base::iso_time_text(session.created_at));
  json.add("seen_at", base::iso_time_text(session.seen_at));
  if (session.verified_at) json.add("verified_at", base::iso_time_text(*session.verified_at));
  json.add("address", session.address).add("user_agent", session.user_agent);
  return json;
}

std::vector<Member> session_members() {
  return {required("session", integer(1, std::int64_t{1} << 53, {"Số.", "Its number."}, 7)),
          required("person", integer(1, std::int64_t{1} << 53, {"Của ai.", "Whose."}, 12)),
          required("means", word({"password_totp", "password_recovery_code", "passkey", "oidc"},
                                 {"Cách đăng nhập.", "How they signed in."})),
          required("created_at", time({"Đăng nhập lúc.", "Signed in at."})),
          required("seen_at", time({"Dùng lần cuối.", "Last used."})),
          optional("verified_at", time({"Xác thực lần cuối.", "Last verified by a passkey."})),
          required("address", text(64, {"Địa chỉ mạng.", "Network address."}, "10.1.2.3", 0)),
          required("user_agent", text(200, {"Trình duyệt.", "Browser."}, "Firefox", 0))};
}

Schema session_schema() {
  return object("Session", {"Một phiên làm việc.", "A session."}, session_members());
}

Schema own_session_schema() {
  std::vector<Member> members = session_members();
  members.push_back(required(
      "csrf", text(200, {"Gửi kèm trong X-CSRF-Token.", "To be sent as X-CSRF-Token."}, "4aGf…")));
  return object("OwnSession", {"Phiên của trình duyệt này.", "This browser's session."},
                std::move(members));
}

http::Response begun(Identity& identity, const Call& call, const identity::SignedIn& done) {
  base::Json json = session_json(done.session);
  json.add("csrf", done.session.csrf);
  http::Response response = http::Response::json(201, json.dump());
  response.headers.add("Set-Cookie", identity::session_cookie(
                                         done.token, identity.authenticator.secure(call.request)));
  response.headers.add("Cache-Control", "no-store");
  return response;
}

Answer signed_in() {
  return {201,
          {"Đã đăng nhập; phiên ở trong cookie.", "Signed in; the session is in a cookie."},
          own_session_schema()};
}

Route opening(std::string_view path, std::string_view name, base::Text summary, Schema body,
              std::vector<Answer> answers, std::vector<Refusal> refusals,
              std::function<base::Result<http::Response>(Call&)> handler) {
  return {.method = http::Method::post,
          .path = path,
          .access = Access::proof(),
          .name = name,
          .tag = kTag,
          .summary = std::move(summary),
          .body = {.json = std::move(body)},
          .answers = std::move(answers),
          .refusals = std::move(refusals),
          .handler = std::move(handler),
          .keeps_answer = false};
}

std::vector<Route> rows_of_passwords(Identity& identity) {
  std::vector<Route> rows;
  rows.push_back(opening(
      "/api/v1/session/password", "beginPasswordSignIn",
      {"Đăng nhập bằng mật khẩu, bước một", "Sign in by password, the first step"},
      object("PasswordSignIn", {"Tên đăng nhập và mật khẩu.", "Login and password."},
             {required("login", text(64, {"Tên đăng nhập.", "Login."}, "van.thu@h41")),
              required("password", text(1024, {"Mật khẩu.", "Password."}, "…"))}),
      {{200,
        {"Cần thêm mã thứ hai.", "A second factor is needed."},
        object(
            "SecondFactor", {"Bước hai.", "The second step."},
            {required("ceremony", ceremony_schema()),
             required("totp", boolean({"Có ứng dụng tạo mã.", "An authenticator app is set up."})),
             required("recovery_codes",
                      boolean({"Có mã khôi phục.", "Recovery codes are left."}))})}},
      {failed(),
       delayed(),
       {"identity.sign_in_busy", Code::unavailable, {"Quá đông; thử lại.", "Busy; try again."}},
       {"identity.second_factor_missing",
        Code::forbidden,
        {"Chưa đặt yếu tố thứ hai.", "No second factor is set up."}}},
      [&](Call& call) -> base::Result<http::Response> {
        const auto step = TRY(identity.sign_in.begin_password(
            call.body["login"].text(), call.body["password"].text(), caller_of(call)));
        base::Json json;
        json.add("ceremony", step.ceremony).add("totp", step.totp);
        json.add("recovery_codes", step.recovery_codes);
        return http::Response::json(200, json.dump());
      }));
  for (const bool recovery : {false, true}) {
    rows.push_back(opening(
        recovery ? "/api/v1/session/recovery-code" : "/api/v1/session/totp",
        recovery ? "finishWithRecoveryCode" : "finishWithTotp",
        recovery ? base::Text{"Bước hai, bằng mã khôi phục", "The second step, by a recovery code"}
                 : base::Text{"Bước hai, bằng mã của ứng dụng", "The second step, by a code"},
        object(recovery ? "RecoveryCodeStep" : "TotpCodeStep", {"Mã.", "The code."},
               {required("ceremony", ceremony_schema()),
                required("code", text(40, {"Mã.", "The code."}, "123456"))}),
        {signed_in()}, {code_refused(), ceremony_over(), delayed()},
        [&identity, recovery](Call& call) -> base::Result<http::Response> {
          const std::string_view ceremony = call.body["ceremony"].text();
          const std::string_view code = call.body["code"].text();
          auto done =
              recovery ? identity.sign_in.finish_with_recovery_code(ceremony, code, caller_of(call))
                       : identity.sign_in.finish_with_totp(ceremony, code, caller_of(call));
          if (!done) return std::move(done).error();
          return begun(identity, call, *done);
        }));
  }
  return rows;
}

std::vector<Route> rows_of_passkeys(Identity& identity) {
  std::vector<Route> rows;
  rows.push_back(
      opening("/api/v1/session/passkey/options", "beginPasskeySignIn",
              {"Đăng nhập bằng khóa truy cập, bước một", "Sign in by passkey, the first step"},
              object("Empty", {"Không có gì.", "Nothing."}, {}), {{200, {}, passkey_step_schema()}},
              {}, [&](Call&) -> base::Result<http::Response> {
                const auto step = TRY(identity.sign_in.begin_passkey());
                return passkey_step(step);
              }));
  rows.back().access = Access::open();  // it carries nothing yet
  rows.push_back(
      opening("/api/v1/session/passkey", "finishPasskeySignIn",
              {"Đăng nhập bằng khóa truy cập, bước hai", "Sign in by passkey, the second step"},
              passkey_answer_schema(), {signed_in()}, passkey_refusals(),
              [&](Call& call) -> base::Result<http::Response> {
                const auto done = TRY(identity.sign_in.finish_passkey(
                    call.body["ceremony"].text(), call.body["answer"], caller_of(call)));
                return begun(identity, call, done);
              }));
  rows.push_back({
      .method = http::Method::post,
      .path = "/api/v1/session/step-up/options",
      .access = Access::signed_in(),
      .name = "beginStepUp",
      .tag = kTag,
      .summary = {"Xác thực lại, bước một", "Verify again, the first step"},
      .answers = {{200, {}, passkey_step_schema()}},
      .refusals = {no_session()},
      .handler = [&](Call& call) -> base::Result<http::Response> {
        const auto session = TRY(identity.authenticator.session_of(call.request));
        const auto step = TRY(identity.sign_in.begin_step_up(session));
        return passkey_step(step);
      },
      .keeps_answer = false,
  });
  rows.push_back({
      .method = http::Method::post,
      .path = "/api/v1/session/step-up",
      .access = Access::signed_in(),
      .name = "finishStepUp",
      .tag = kTag,
      .summary = {"Xác thực lại, bước hai", "Verify again, the second step"},
      .about = {"Phiên nhận cookie mới.", "The session gets a new cookie."},
      .body = {.json = passkey_answer_schema()},
      .answers = {signed_in()},
      .refusals = passkey_refusals(),
      .handler = [&](Call& call) -> base::Result<http::Response> {
        const auto session = TRY(identity.authenticator.session_of(call.request));
        const auto done = TRY(identity.sign_in.finish_step_up(session, call.body["ceremony"].text(),
                                                              call.body["answer"]));
        return begun(identity, call, done);
      },
      .keeps_answer = false,
  });
  return rows;
}

// The browser comes and goes by addresses here, not by JSON; what it must keep is in a cookie.
std::vector<Route> rows_of_oidc(Identity& identity) {
  std::vector<Route> rows;
  rows.push_back({
      .path = "/api/v1/session/oidc",
      .access = Access::open(),
      .name = "beginOidcSignIn",
      .tag = kTag,
      .summary = {"Đăng nhập qua dịch vụ OpenID Connect", "Sign in at an OpenID Connect provider"},
      .about = {"Trình duyệt được chuyển tới dịch vụ ấy.", "The browser is sent there."},
      .answers = {{302, {"Chuyển tới dịch vụ.", "To the provider."}}},
      .refusals = {{"identity.oidc_not_offered",
                    Code::not_found,
                    {"Không dùng ở đây.", "Not offered here."}}},
      .handler = [&](Call& call) -> base::Result<http::Response> {
        const auto step = TRY(identity.sign_in.begin_oidc());
        http::Response response;
        response.status = 302;
        response.headers.add("Location", step.url);
        response.headers.add("Cache-Control", "no-store");
        response.headers.add(
            "Set-Cookie",
            ceremony_cookie(step.ceremony, identity.authenticator.secure(call.request)));
        return response;
      },
  });
  const auto own = [](std::string_view name) {
    return Parameter{Parameter::In::query, name,
                     text(4096, {"Do dịch vụ gửi.", "From the provider."}, "…", 0)};
  };
  rows.push_back({
      .path = "/api/v1/session/oidc/callback",
      .access = Access::proof(),
      .name = "finishOidcSignIn",
      .tag = kTag,
      .summary = {"Trở về từ dịch vụ OpenID Connect", "Back from the provider"},
      .about =
          {"Trình duyệt được chuyển về trang đầu; tài khoản chưa ai nhận thì tới trang nhập mã "
           "mời.",
           "The browser goes to the first page; with an account that nobody has here, to "
           "where a link code is typed."},
      .parameters = {own("code"), own("state"), own("error"), own("error_description"), own("iss"),
                     own("session_state"), own("scope")},
      .answers = {{302, {"Đã đăng nhập.", "Signed in."}}},
      .refusals = {ceremony_over(),
                   {"identity.oidc_refused",
                    Code::unauthenticated,
                    {"Dịch vụ từ chối.", "The provider refused."}},
                   {"identity.oidc_not_offered",
                    Code::not_found,
                    {"Không dùng ở đây.", "Not offered here."}}},
      .handler = [&](Call& call) -> base::Result<http::Response> {
        const bool secure = identity.authenticator.secure(call.request);
        const auto outcome =
            TRY(identity.sign_in.finish_oidc(cookie_of(call.request, ceremony_cookie_name(secure)),
                                             call.request.query, caller_of(call)));
        http::Response response;
        response.status = 302;
        response.headers.add("Cache-Control", "no-store");
        if (outcome.signed_in) {
          response.headers.add("Location", "/");
          response.headers.add("Set-Cookie",
                               identity::session_cookie(outcome.signed_in->token, secure));
        } else {
          response.headers.add("Location", "/sign-in?link=1");
          response.headers.add("Set-Cookie", ceremony_cookie(outcome.link_ceremony, secure));
        }
        return response;
      },
  });
  rows.push_back(opening("/api/v1/session/oidc/link", "linkOidcAccount",
                         {"Nhận tài khoản bằng mã mời", "Take the account by a link code"},
                         object("LinkCode", {"Mã mời.", "The link code."},
                                {required("code", text(100, {"Mã.", "The code."}, "ABCD-EFGH"))}),
                         {signed_in()},
                         {ceremony_over(),
                          {"identity.link_code_refused",
                           Code::unauthenticated,
                           {"Mã không đúng hoặc đã dùng.", "The code is wrong, used or too old."}}},
                         [&](Call& call) -> base::Result<http::Response> {
                           const bool secure = identity.authenticator.secure(call.request);
                           const auto done = TRY(identity.sign_in.finish_oidc_link(
                               cookie_of(call.request, ceremony_cookie_name(secure)),
                               call.body["code"].text(), caller_of(call)));
                           return begun(identity, call, done);
                         }));
  return rows;
}

std::vector<Route> rows_of_sessions(Identity& identity) {
  std::vector<Route> rows;
  rows.push_back({
      .path = "/api/v1/session",
      .access = Access::signed_in(),
      .name = "getSession",
      .tag = kTag,
      .summary = {"Phiên của trình duyệt này", "This browser's session"},
      .answers = {{200, {"Phiên.", "The session."}, own_session_schema()}},
      .refusals = {no_session()},
      .handler = [&](Call& call) -> base::Result<http::Response> {
        const auto session = TRY(identity.authenticator.session_of(call.request));
        base::Json json = session_json(session);
        json.add("csrf", session.csrf);
        return http::Response::json(200, json.dump());
      },
  });
  rows.push_back({
      .method = http::Method::del,
      .path = "/api/v1/session",
      .access = Access::signed_in(),
      .name = "signOut",
      .tag = kTag,
      .summary = {"Đăng xuất", "Sign out"},
      .answers = {{204, {"Đã đăng xuất.", "Signed out."}}},
      .refusals = {no_session()},
      .handler = [&](Call& call) -> base::Result<http::Response> {
        const auto session = TRY(identity.authenticator.session_of(call.request));
        TRY(identity.sign_in.sign_out(session));
        http::Response response = nothing();
        response.headers.add("Set-Cookie", identity::ended_session_cookie(
                                               identity.authenticator.secure(call.request)));
        return response;
      },
  });
  rows.push_back({
      .path = "/api/v1/me/sessions",
      .access = Access::signed_in(),
      .name = "listSessions",
      .tag = kTag,
      .summary = {"Các phiên của mình", "One's own sessions"},
      .answers = {{200,
                   {"Tất cả.", "All of them."},
                   object("SessionList", {"Danh sách.", "A list."},
                          {required("items", list(session_schema(), 50))})}},
      .handler = [&](Call& call) -> base::Result<http::Response> {
        base::Json json, items{base::Json::Array{}};
        if (call.principal.person != 0) {
          for (const auto& one : TRY(identity.sign_in.sessions(call.principal.person)))
            items.push(session_json(one));
        }
        json.add("items", std::move(items));
        return http::Response::json(200, json.dump());
      },
  });
  rows.push_back({
      .method = http::Method::del,
      .path = "/api/v1/me/sessions/{session}",
      .access = Access::signed_in(),
      .name = "endSession",
      .tag = kTag,
      .summary = {"Kết thúc một phiên của mình", "End one of one's own sessions"},
      .parameters = {number_parameter("session", {"Số.", "Its number."})},
      .answers = {{204, {"Đã kết thúc.", "Ended."}}},
      .refusals = {{"identity.session_unknown",
                    Code::not_found,
                    {"Không có phiên này.", "There is no such session."}}},
      .handler = [&](Call& call) -> base::Result<http::Response> {
        TRY(identity.sign_in.end_session(call.principal.person, call.integer("session"),
                                         call.principal.id));
        return nothing();
      },
  });
  return rows;
}

}  // namespace

std::vector<Route> session_rows(Identity& identity) {
  std::vector<Route> rows = rows_of_passwords(identity);
  for (auto& row : rows_of_passkeys(identity)) rows.push_back(std::move(row));
  for (auto& row : rows_of_oidc(identity)) rows.push_back(std::move(row));
  for (auto& row : rows_of_sessions(identity)) rows.push_back(std::move(row));
  return rows;
}

}  // namespace exchange::rest
