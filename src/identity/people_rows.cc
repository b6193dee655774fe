#include "identity/people_rows.h"

#include "base/text.h"

namespace identity::rows {
namespace {

using store::Query;

const Query kPerson{
    "identity.person",
    "select key, login, family_name, given_name, title, mail, enabled, added_at, disabled_reason "
    "from person where key = $1"};
const Query kPost{"identity.post",
                  "select key, organisation, title, roles, with_subordinates, closed from post "
                  "where key = $1"};
const Query kAppointments{"identity.appointments",
                          "select key, person, post, starts_at, ends_at from appointment "
                          "where person = $1 order by starts_at, key"};
const Query kDelegations{
    "identity.delegations",
    "select key, post, from_person, to_person, permissions, starts_at, ends_at, reason, ended_at "
    "from delegation where from_person = $1 or to_person = $1 order by starts_at, key"};

constexpr std::size_t kNameBytesMax = 200;

base::Error bad(std::string_view reason_en, std::string_view reason_vi) {
  return base::Error(base::Code::invalid, "identity.bad_person", std::string(reason_en),
                     std::string(reason_vi));
}

bool fits(std::string_view text, std::size_t bytes_max) {
  if (text.size() > bytes_max || !base::is_utf8(text)) return false;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
  }
  return true;
}

bool is_login(std::string_view text) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789._-@";
  return text.size() >= 3 && text.size() <= 64 &&
         text.find_first_not_of(kAllowed) == std::string_view::npos;
}

template <class T, class Read>
base::Result<std::vector<T>> all(store::Connection& connection, const Query& query,
                                 PersonKey person, Read read) {
  std::vector<T> rows;
  TRY(connection.each(query, {person}, [&](const store::Row& row) {
    rows.push_back(read(row));
    return true;
  }));
  return rows;
}

}  // namespace

Person person_of(const store::Row& row) {
  return {row.integer(0), row.string(1),       row.string(2), row.string(3), row.string(4),
          row.string(5),  row.integer(6) != 0, row.time(7),   row.string(8)};
}

Post post_of(const store::Row& row) {
  Post post{row.integer(0),      row.integer(1),     row.string(2), {},
            row.integer(4) != 0, row.integer(5) != 0};
  for (int i = 0; i < kRoles; ++i) {
    if ((row.integer(3) >> i & 1) != 0) post.roles.push_back(static_cast<Role>(i));
  }
  return post;
}

Appointment appointment_of(const store::Row& row) {
  return {row.integer(0), row.integer(1), row.integer(2), row.time(3), row.optional_time(4)};
}

Delegation delegation_of(const store::Row& row) {
  return {row.integer(0),
          row.integer(1),
          row.integer(2),
          row.integer(3),
          Permissions::from_bits(row.integer(4)),
          row.time(5),
          row.time(6),
          row.string(7),
          row.optional_time(8)};
}

std::int64_t bits_of(const std::vector<Role>& roles) {
  std::int64_t bits = 0;
  for (const Role role : roles) bits |= std::int64_t{1} << static_cast<int>(role);
  return bits;
}

base::Result<std::optional<Person>> person(store::Connection& connection, PersonKey key) {
  std::optional<Person> found;
  TRY(connection.first(kPerson, {key}, [&](const store::Row& row) { found = person_of(row); }));
  return found;
}

base::Result<std::optional<Post>> post(store::Connection& connection, PostKey key) {
  std::optional<Post> found;
  TRY(connection.first(kPost, {key}, [&](const store::Row& row) { found = post_of(row); }));
  return found;
}

base::Result<std::vector<Appointment>> appointments(store::Connection& connection,
                                                    PersonKey person) {
  return all<Appointment>(connection, kAppointments, person, appointment_of);
}

base::Result<std::vector<Delegation>> delegations(store::Connection& connection, PersonKey person) {
  return all<Delegation>(connection, kDelegations, person, delegation_of);
}

base::Result<std::vector<HeldPost>> held(store::Connection& connection, PersonKey person,
                                         base::Time now) {
  std::vector<HeldPost> posts;
  for (const Appointment& one : TRY(appointments(connection, person))) {
    if (!one.at(now)) continue;
    auto found = TRY(post(connection, one.post));
    if (found && !found->closed) posts.push_back({*std::move(found), one.from, one.to});
  }
  return posts;
}

base::Error unknown_person() {
  return base::Error(base::Code::not_found, "identity.person_unknown", "there is no such person",
                     "không có người này");
}

base::Error unknown_post() {
  return base::Error(base::Code::not_found, "identity.post_unknown", "there is no such post",
                     "không có chức vụ này");
}

base::Result<void> check(const Person& person) {
  if (!is_login(person.login)) {
    return bad("login must be 3–64 of a–z, 0–9 and . _ - @, like van.thu@quangninh",
               "login (tên đăng nhập) gồm 3–64 ký tự a–z, 0–9 và . _ - @, ví dụ van.thu@quangninh");
  }
  if (person.given_name.empty() || !fits(person.given_name, kNameBytesMax)) {
    return bad("given_name must be 1–200 bytes of text", "given_name (tên) phải có 1–200 byte");
  }
  if (!fits(person.family_name, kNameBytesMax)) {
    return bad("family_name must be at most 200 bytes of text",
               "family_name (họ và tên đệm) dài nhất 200 byte");
  }
  if (!fits(person.title, kNameBytesMax) || !fits(person.mail, kNameBytesMax)) {
    return bad("title and mail must be at most 200 bytes of text",
               "title (cách xưng hô) và mail (thư điện tử) dài nhất 200 byte");
  }
  return base::done();
}

base::Result<void> check(const Post& post, const Directory& directory) {
  const auto bad_post = [](std::string en, std::string vi) {
    return base::Error(base::Code::invalid, "identity.bad_post", std::move(en), std::move(vi));
  };
  if (post.title.empty() || !fits(post.title, kNameBytesMax)) {
    return bad_post("title must be 1–200 bytes of text, like Trưởng phòng Văn thư",
                    "title (tên chức vụ) phải có 1–200 byte, ví dụ Trưởng phòng Văn thư");
  }
  if (post.roles.empty()) {
    return bad_post("roles: a post has at least one role", "roles: chức vụ có ít nhất một vai trò");
  }
  const bool platform = post.organisation == kPlatform;
  if (!platform && !directory.by_key(post.organisation)) {
    return bad_post("organisation: there is no such organisation",
                    "organisation: không có cơ quan này");
  }
  for (const Role role : post.roles) {
    if (platform ? may_be_of_platform(role) : may_be_of_organisation(role)) continue;
    const std::string name(name_of(role));
    return platform
               ? bad_post("roles: " + name + " is a role of organisations, not of the platform",
                          "roles: " + name + " là vai trò của cơ quan, không phải của nền tảng")
               : bad_post("roles: " + name + " is a role of the platform, not of organisations",
                          "roles: " + name + " là vai trò của nền tảng, không phải của cơ quan");
  }
  return base::done();
}

}  // namespace identity::rows
