// People, posts and appointments.
#include "exchange/rest/administration.h"
#include "exchange/rest/instant.h"
#include "exchange/rest/request.h"
#include "exchange/rest/resources.h"

namespace exchange::rest {
namespace {

using base::Code;
using identity::Identity;
using identity::Permission;

constexpr std::string_view kTag = "People";

Refusal unknown_person() {
  return {"identity.person_unknown",
          Code::not_found,
          {"Không có người này.", "There is no such person."}};
}
Refusal unknown_post() {
  return {"identity.post_unknown",
          Code::not_found,
          {"Không có chức vụ này.", "There is no such post."}};
}

base::Json person_json(const identity::Person& person) {
  base::Json json;
  json.add("person", person.key).add("login", person.login);
  json.add("family_name", person.family_name).add("given_name", person.given_name);
  json.add("title", person.title).add("mail", person.mail).add("enabled", person.enabled);
  json.add("added_at", base::iso_time_text(person.added_at));
  if (!person.disabled_reason.empty()) json.add("disabled_reason", person.disabled_reason);
  return json;
}

base::Json post_json(const Exchange& exchange, const identity::Post& post) {
  base::Json json, roles{base::Json::Array{}};
  for (const identity::Role role : post.roles) roles.push(identity::name_of(role));
  json.add("post", post.key).add("organisation", code_of(exchange, post.organisation));
  json.add("title", post.title).add("roles", std::move(roles));
  json.add("with_subordinates", post.with_subordinates).add("closed", post.closed);
  return json;
}

base::Json appointment_json(const Exchange& exchange, const identity::Appointment& one,
                            const std::optional<identity::Post>& post) {
  base::Json json;
  json.add("appointment", one.key).add("person", one.person).add("post", one.post);
  if (post) json.add("organisation", code_of(exchange, post->organisation));
  if (post) json.add("title", post->title).add("closed", post->closed);
  json.add("from", base::iso_time_text(one.from));
  if (one.to) json.add("to", base::iso_time_text(*one.to));
  return json;
}

// --- schemas ------------------------------------------------------------------------------------
std::vector<Member> names() {
  return {optional("family_name",
                   text(200, {"Họ và tên đệm.", "Family and middle name."}, "Nguyễn Thị", 0)),
          required("given_name", text(200, {"Tên.", "Given name."}, "Lan")),
          optional("title", text(200, {"Cách xưng hô.", "How they are addressed."}, "bà", 0)),
          optional("mail", text(200, {"Thư điện tử.", "Mail address."}, "lan@so.gov.vn", 0))};
}

Schema login_schema() {
  return text(64, {"Tên đăng nhập: a–z, 0–9, . _ - @.", "Login: a–z, 0–9, . _ - @."}, "van.thu@h41",
              3);
}

Schema person_schema() {
  std::vector<Member> members = names();
  members.insert(members.begin(), required("login", login_schema()));
  members.insert(members.begin(), required("person", key_schema({"Số của người.", "Number."})));
  members.push_back(required("enabled", boolean({"Được đăng nhập.", "May sign in."})));
  members.push_back(required("added_at", time({"Thêm lúc.", "Added at."})));
  members.push_back(unusual("disabled_reason",
                            text(1000, {"Vì sao bị khóa.", "Why they are shut out."}, "nghỉ hưu")));
  return object("Person", {"Một người.", "A person."}, std::move(members));
}

std::vector<std::string_view> role_names() {
  std::vector<std::string_view> all;
  for (int i = 0; i < identity::kRoles; ++i)
    all.push_back(identity::name_of(static_cast<identity::Role>(i)));
  return all;
}

std::vector<Member> post_members() {
  return {required("title", text(200, {"Tên chức vụ.", "Title of the post."}, "Văn thư cơ quan")),
          required("roles", list(word(role_names(), {"Vai trò.", "A role."}), identity::kRoles,
                                 {"Các vai trò.", "Its roles."})),
          optional("with_subordinates",
                   boolean({"Kể cả cấp dưới.", "For the organisations below as well."}, false))};
}

Schema post_schema() {
  std::vector<Member> members = post_members();
  members.insert(
      members.begin(),
      {required("post", key_schema({"Số của chức vụ.", "Number of the post."})),
       required("organisation",
                text(35, {"Mã cơ quan, hoặc platform.", "Code of its organisation, or platform."},
                     "H41.12"))});
  members.push_back(required("closed", boolean({"Đã bỏ.", "Nobody holds it any more."}, false)));
  return object("Post", {"Một chức vụ.", "A post."}, std::move(members));
}

Schema appointment_schema() {
  return object(
      "Appointment", {"Ai giữ chức vụ nào.", "Who holds which post."},
      {required("appointment", key_schema({"Số.", "Number."})),
       required("person", key_schema({"Người.", "The person."})),
       required("post", key_schema({"Chức vụ.", "The post."})),
       optional("organisation",
                text(35, {"Của cơ quan nào, hoặc platform.", "Of whom, or platform."}, "H41.12")),
       optional("title", text(200, {"Tên chức vụ.", "Title of the post."}, "Văn thư cơ quan")),
       optional("closed", boolean({"Chức vụ đã bỏ.", "The post is closed."}, false)),
       required("from", time({"Từ.", "From."})), optional("to", time({"Đến.", "Until."}))});
}

base::Error no_person() {
  return base::Error(Code::not_found, "identity.person_unknown", "there is no such person",
                     "không có người này");
}
base::Error no_post() {
  return base::Error(Code::not_found, "identity.post_unknown", "there is no such post",
                     "không có chức vụ này");
}

// --- calls --------------------------------------------------------------------------------------
base::Result<http::Response> people_of(Exchange& exchange, Identity& identity, Call& call) {
  const auto where = TRY(place_named(exchange, call, call.text("code"), Permission::people_manage));
  const auto place = TRY(call.place());
  const std::int64_t first = place ? place->at(0) : 0;
  auto found = TRY(identity.people.of_organisation(where, first, call.limit() + 1));
  const bool more = std::cmp_greater(found.size(), call.limit());
  if (more) found.pop_back();
  base::Json all;
  for (const identity::Person& one : found) all.push(person_json(one));
  return call.page(std::move(all),
                   more ? std::optional(Place{first + call.limit()}) : std::nullopt);
}

identity::Person person_of(const base::Json& body) {
  identity::Person person;
  person.login = body["login"].text();
  person.family_name = body["family_name"].text();
  person.given_name = body["given_name"].text();
  person.title = body["title"].text();
  person.mail = body["mail"].text();
  return person;
}

base::Result<http::Response> shown(Identity& identity, identity::PersonKey key, int status) {
  const auto found = TRY(identity.people.find(key));
  if (!found) return no_person();
  return http::Response::json(status, person_json(*found).dump());
}

// Others than who manages them see nobody there.
base::Result<void> check_managed(Identity& identity, const Call& call) {
  auto managed = identity.people.require_manager_of(call.principal, call.integer("person"));
  if (managed || managed.error().reason() == "identity.own_rights") return base::done();
  if (managed.error().reason() == "identity.documents_post") return managed;
  return no_person();
}

base::Result<http::Response> change_person(Identity& identity, Call& call) {
  identity::Person person = person_of(call.body);
  person.key = call.integer("person");
  TRY(check_managed(identity, call));
  TRY(hidden(identity.people.change(call.principal, person), no_person()));
  return shown(identity, person.key, 200);
}

base::Result<http::Response> appointments(const Exchange& exchange, Identity& identity,
                                          Call& call) {
  TRY(check_managed(identity, call));
  base::Json all;
  for (const auto& one : TRY(identity.people.appointments(call.integer("person")))) {
    const auto post = TRY(identity.people.post(one.post));
    all.push(appointment_json(exchange, one, post));
  }
  return whole_list(std::move(all));
}

base::Result<http::Response> appoint(const Exchange& exchange, Identity& identity, Call& call) {
  identity::Appointment wanted;
  wanted.person = call.integer("person");
  wanted.post = call.body["post"].integer();
  wanted.from = parse_instant(call.body["from"].text()).value_or(call.now);
  wanted.to = parse_instant(call.body["to"].text());
  TRY(check_managed(identity, call));
  wanted.key = TRY(hidden(identity.people.appoint(call.principal, wanted), no_post()));
  const auto post = TRY(identity.people.post(wanted.post));
  return http::Response::json(201, appointment_json(exchange, wanted, post).dump());
}

base::Result<http::Response> add_post(Exchange& exchange, Identity& identity, Call& call) {
  identity::Post post;
  post.organisation =
      TRY(place_named(exchange, call, call.text("code"), Permission::people_manage));
  post.title = call.body["title"].text();
  post.with_subordinates = call.body["with_subordinates"].boolean();
  for (const base::Json& name : call.body["roles"].array()) {
    if (const auto role = identity::role_named(name.text())) post.roles.push_back(*role);
  }
  post.key = TRY(identity.people.add_post(call.principal, post));
  return http::Response::json(201, post_json(exchange, post).dump());
}

base::Result<http::Response> posts(Exchange& exchange, Identity& identity, Call& call) {
  const auto where = TRY(place_named(exchange, call, call.text("code"), Permission::people_manage));
  base::Json all;
  for (const auto& one : TRY(identity.people.posts(where))) all.push(post_json(exchange, one));
  return whole_list(std::move(all));
}

Parameter organisation_code() {
  return {
      Parameter::In::path, "code",
      text(35, {"Mã cơ quan, hoặc platform.", "Code of the organisation, or platform."}, "H41.12"),
      true};
}

std::vector<Route> rows_of_people(Exchange& exchange, Identity& identity) {
  const auto person = number_parameter("person", {"Số của người.", "Number of the person."});
  std::vector<Route> rows;
  rows.push_back({
      .path = "/api/v1/organisations/{code}/people",
      .access = Permission::people_manage,
      .name = "listPeople",
      .tag = kTag,
      .summary = {"Người có chức vụ ở cơ quan", "People with a post in an organisation"},
      .about = {"Xếp theo tên, rồi họ.", "By given name, then family name."},
      .parameters = {organisation_code(), limit_parameter(), cursor_parameter()},
      .answers = {{200, {"Một trang.", "A page."}, page_of("PersonPage", person_schema())}},
      .refusals = {nobody_there()},
      .handler = [&](Call& call) { return people_of(exchange, identity, call); },
  });
  std::vector<Member> added = names();
  added.insert(added.begin(), required("login", login_schema()));
  rows.push_back({
      .method = http::Method::post,
      .path = "/api/v1/people",
      .access = Permission::people_manage,
      .name = "addPerson",
      .tag = kTag,
      .summary = {"Thêm một người", "Add somebody"},
      .about = {"Người mới chưa có quyền gì cho tới khi được giao chức vụ.",
                "They may do nothing until they are appointed to a post."},
      .body = {.json = object("NewPerson", {"Người mới.", "Who they are."}, std::move(added))},
      .answers = {{201, {"Đã thêm.", "Added."}, person_schema()}},
      .refusals = {{"identity.login_taken",
                    Code::conflict,
                    {"Tên đăng nhập đã có người dùng.", "The login is somebody's already."}},
                   {"identity.bad_person", Code::invalid, {"Mục sai.", "A member is wrong."}}},
      .handler = [&](Call& call) -> base::Result<http::Response> {
        const auto key = TRY(identity.people.add(call.principal, person_of(call.body)));
        return shown(identity, key, 201);
      },
  });
  rows.push_back({
      .path = "/api/v1/people/{person}",
      .access = Permission::people_manage,
      .name = "getPerson",
      .tag = kTag,
      .summary = {"Một người", "One person"},
      .parameters = {person},
      .answers = {{200, {"Người ấy.", "The person."}, person_schema()}},
      .refusals = {unknown_person(), documents_post()},
      .handler = [&](Call& call) -> base::Result<http::Response> {
        TRY(check_managed(identity, call));
        return shown(identity, call.integer("person"), 200);
      },
  });
  rows.push_back({
      .method = http::Method::put,
      .path = "/api/v1/people/{person}",
      .access = Permission::people_manage,
      .name = "changePerson",
      .tag = kTag,
      .summary = {"Sửa tên và cách xưng hô", "Change names and addressing"},
      .parameters = {person},
      .body = {.json = object("PersonChange", {"Thay đổi.", "What it is to be."}, names())},
      .answers = {{200, {"Người ấy.", "The person as they are now."}, person_schema()}},
      .refusals = {unknown_person(),
                   documents_post(),
                   {"identity.bad_person", Code::invalid, {"Mục sai.", "A member is wrong."}}},
      .handler = [&](Call& call) { return change_person(identity, call); },
  });
  for (const bool enable : {false, true}) {
    rows.push_back({
        .method = http::Method::post,
        .path = enable ? "/api/v1/people/{person}/enable" : "/api/v1/people/{person}/disable",
        .access = Permission::people_manage,
        .name = enable ? "enablePerson" : "disablePerson",
        .tag = kTag,
        .summary = enable ? base::Text{"Cho đăng nhập trở lại", "Let somebody in again"}
                          : base::Text{"Khóa một người", "Shut somebody out"},
        .about = {"Các phiên đang mở mất hiệu lực ngay khi khóa.",
                  "Open sessions are worth nothing at once when somebody is shut out."},
        .parameters = {person},
        .body = {.json = object("PersonDecision", {"Vì sao.", "Why."},
                                {optional("reason", text(1000,
                                                         {"Lý do; khi khóa thì được giữ lại.",
                                                          "Why; kept while somebody is shut out."},
                                                         "nghỉ hưu", 0))}),
                 .optional = true},
        .answers = {{204, {"Đã làm.", "Done."}}},
        .refusals = {unknown_person(),
                     own_rights(),
                     documents_post(),
                     {"identity.bad_person",
                      Code::invalid,
                      {"Lý do quá dài.", "The reason is too long."}}},
        .handler = [&identity, enable](Call& call) -> base::Result<http::Response> {
          // Shutting out is for the platform's administrators too, whatever the posts.
          if (enable) TRY(check_managed(identity, call));
          TRY(hidden(identity.people.enable(call.principal, call.integer("person"), enable,
                                            call.body["reason"].text()),
                     no_person()));
          return nothing();
        },
    });
  }
  rows.push_back({
      .method = http::Method::post,
      .path = "/api/v1/people/{person}/invitation",
      .access = Permission::people_manage,
      .name = "invitePerson",
      .tag = kTag,
      .summary = {"Mã mời để đặt cách đăng nhập", "A code to set up how they sign in"},
      .about =
          {"Dùng một lần, trong 24 giờ; hãy trao tận tay. Mã trước đó mất hiệu lực.",
           "Good once, for 24 hours; hand it over in person. One given before is worth nothing."},
      .parameters = {person},
      .answers = {{201,
                   {"Mã, chỉ hiện một lần.", "The code, shown once."},
                   object("Invitation", {"Mã mời.", "An invitation."},
                          {required("code", text(100, {"Mã.", "The code."}, "ABCD-EFGH"))})}},
      .refusals = {unknown_person(), own_rights(), documents_post()},
      .handler = [&](Call& call) -> base::Result<http::Response> {
        TRY(check_managed(identity, call));
        TRY(hidden(identity.people.require_manager_of(call.principal, call.integer("person")),
                   no_person()));
        base::Json json;
        const std::string code =
            TRY(identity.sign_in.issue_link_code(call.integer("person"), call.principal.id));
        json.add("code", code);
        return http::Response::json(201, json.dump());
      },
      .keeps_answer = false,
  });
  return rows;
}

std::vector<Route> rows_of_posts(Exchange& exchange, Identity& identity) {
  const auto person = number_parameter("person", {"Số của người.", "Number of the person."});
  const Refusal bad_post{"identity.bad_post", Code::invalid, {"Mục sai.", "A member is wrong."}};
  const Refusal bad_period{
      "identity.bad_period", Code::invalid, {"Đến phải sau từ.", "It ends before it begins."}};
  std::vector<Route> rows;
  rows.push_back({
      .path = "/api/v1/organisations/{code}/posts",
      .access = Permission::people_manage,
      .name = "listPosts",
      .tag = kTag,
      .summary = {"Các chức vụ", "The posts of an organisation"},
      .parameters = {organisation_code()},
      .answers = {{200, {"Tất cả.", "All of them."}, whole_list_of("PostList", post_schema())}},
      .refusals = {nobody_there()},
      .handler = [&](Call& call) { return posts(exchange, identity, call); },
  });
  rows.push_back({
      .method = http::Method::post,
      .path = "/api/v1/organisations/{code}/posts",
      .access = Permission::people_manage,
      .name = "addPost",
      .tag = kTag,
      .summary = {"Lập chức vụ", "Make a post"},
      .about = {"Quyền đi theo chức vụ: vai trò cho biết được làm gì.",
                "Rights come with a post: its roles say which."},
      .parameters = {organisation_code()},
      .body = {.json = object("NewPost", {"Chức vụ mới.", "The new post."}, post_members())},
      .answers = {{201, {"Đã lập.", "Made."}, post_schema()}},
      .refusals = {nobody_there(), bad_post, documents_post()},
      .handler = [&](Call& call) { return add_post(exchange, identity, call); },
  });
  rows.push_back({
      .method = http::Method::del,
      .path = "/api/v1/posts/{post}",
      .access = Permission::people_manage,
      .name = "closePost",
      .tag = kTag,
      .summary = {"Bỏ chức vụ", "Close a post"},
      .about = {"Không ai giữ chức vụ này nữa.", "Nobody holds it from now on."},
      .parameters = {number_parameter("post", {"Số của chức vụ.", "Number of the post."})},
      .answers = {{204, {"Đã bỏ.", "Closed."}}},
      .refusals = {unknown_post(), documents_post()},
      .handler = [&](Call& call) -> base::Result<http::Response> {
        TRY(hidden(identity.people.close_post(call.principal, call.integer("post")), no_post()));
        return nothing();
      },
  });
  rows.push_back({
      .path = "/api/v1/people/{person}/appointments",
      .access = Permission::people_manage,
      .name = "listAppointments",
      .tag = kTag,
      .summary = {"Các chức vụ của một người", "The posts that somebody holds or held"},
      .parameters = {person},
      .answers = {{200,
                   {"Tất cả.", "All of them."},
                   whole_list_of("AppointmentList", appointment_schema())}},
      .refusals = {unknown_person(), documents_post()},
      .handler = [&](Call& call) { return appointments(exchange, identity, call); },
  });
  rows.push_back({
      .method = http::Method::post,
      .path = "/api/v1/people/{person}/appointments",
      .access = Permission::people_manage,
      .name = "appoint",
      .tag = kTag,
      .summary = {"Giao chức vụ", "Appoint somebody to a post"},
      .parameters = {person},
      .body = {.json = object("NewAppointment", {"Giao chức vụ.", "The appointment."},
                              {required("post", key_schema({"Chức vụ.", "The post."})),
                               optional("from", time({"Từ; mặc định: bây giờ.", "From; now."})),
                               optional("to", time({"Đến.", "Until."}))})},
      .answers = {{201, {"Đã giao.", "Appointed."}, appointment_schema()}},
      .refusals = {unknown_person(), unknown_post(), own_rights(), bad_period, documents_post()},
      .handler = [&](Call& call) { return appoint(exchange, identity, call); },
  });
  rows.push_back({
      .method = http::Method::del,
      .path = "/api/v1/appointments/{appointment}",
      .access = Permission::people_manage,
      .name = "endAppointment",
      .tag = kTag,
      .summary = {"Thôi giữ chức vụ", "End an appointment"},
      .parameters = {number_parameter("appointment", {"Số.", "Its number."})},
      .answers = {{204, {"Đã kết thúc.", "Ended."}}},
      .refusals = {unknown_post(), own_rights(), documents_post()},
      .handler = [&](Call& call) -> base::Result<http::Response> {
        TRY(hidden(
            identity.people.end_appointment(call.principal, call.integer("appointment"), call.now),
            no_post()));
        return nothing();
      },
  });
  return rows;
}

}  // namespace

std::vector<Route> people_rows(Exchange& exchange, Identity& identity) {
  std::vector<Route> rows = rows_of_people(exchange, identity);
  for (auto& row : rows_of_posts(exchange, identity)) rows.push_back(std::move(row));
  return rows;
}

}  // namespace exchange::rest
