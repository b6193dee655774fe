#include <algorithm>

#include "identity/people.h"
#include "identity/people_rows.h"
#include "store/journal.h"

namespace identity {
namespace {

using store::Query;
using store::journal::append;

const Query kLastPerson{"identity.person_last_key", "select max(key) from person"};
const Query kLastPost{"identity.post_last_key", "select max(key) from post"};
const Query kLastAppointment{"identity.appointment_last_key", "select max(key) from appointment"};
const Query kLastDelegation{"identity.delegation_last_key", "select max(key) from delegation"};
const Query kAdd{"identity.person_add",
                 "insert into person (key, login, family_name, given_name, title, mail, enabled, "
                 "added_at) values ($1, $2, $3, $4, $5, $6, 1, $7) on conflict (login) do nothing"};
const Query kChange{"identity.person_change",
                    "update person set family_name = $2, given_name = $3, title = $4, mail = $5 "
                    "where key = $1"};
const Query kEnable{"identity.person_enable",
                    "update person set enabled = $2, disabled_reason = $3 where key = $1"};
const Query kAddPost{"identity.post_add",
                     "insert into post (key, organisation, title, roles, with_subordinates, "
                     "closed) values ($1, $2, $3, $4, $5, 0)"};
const Query kClosePost{"identity.post_close", "update post set closed = 1 where key = $1"};
const Query kAppoint{"identity.appoint",
                     "insert into appointment (key, person, post, starts_at, ends_at) "
                     "values ($1, $2, $3, $4, $5)"};
const Query kAppointment{"identity.appointment",
                         "select key, person, post, starts_at, ends_at from appointment "
                         "where key = $1"};
const Query kEndAppointment{"identity.appointment_end",
                            "update appointment set ends_at = $2 where key = $1"};
const Query kDelegate{"identity.delegate",
                      "insert into delegation (key, post, from_person, to_person, permissions, "
                      "starts_at, ends_at, reason) values ($1, $2, $3, $4, $5, $6, $7, $8)"};
const Query kDelegation{"identity.delegation",
                        "select key, post, from_person, to_person, permissions, starts_at, "
                        "ends_at, reason, ended_at from delegation where key = $1"};
const Query kEndDelegation{"identity.delegation_end",
                           "update delegation set ended_at = $2 where key = $1"};

constexpr std::size_t kReasonBytesMax = 1000;
constexpr auto kDelegationMax = std::chrono::hours(24 * 366);

base::Result<std::int64_t> next(store::Connection& connection, const Query& last) {
  return TRY(connection.integer(last, {})).value_or(0) + 1;
}

std::string subject_of(PersonKey person) { return "person:" + std::to_string(person); }

base::Json body_by(const Principal& by) {
  base::Json body;
  body.add("by", by.id);
  return body;
}

base::Error bad_delegation(std::string en, std::string vi) {
  return base::Error(base::Code::invalid, "identity.bad_delegation", std::move(en), std::move(vi));
}

base::Result<void> check(const Delegation& wanted) {
  if (wanted.to <= wanted.from || wanted.to - wanted.from > kDelegationMax) {
    return bad_delegation("to must be later than from, by at most a year",
                          "to (đến) phải sau from (từ), nhiều nhất một năm");
  }
  if (wanted.reason.size() < 3 || wanted.reason.size() > kReasonBytesMax) {
    return bad_delegation("reason must say why, in 3–1,000 bytes",
                          "reason (lý do) phải có 3–1.000 byte");
  }
  if (wanted.permissions.empty() || (wanted.permissions & delegable()) != wanted.permissions) {
    return bad_delegation(
        "permissions: at least one, and only of: " + write_permissions(delegable()),
        "permissions (quyền): ít nhất một, chỉ trong số: " + write_permissions(delegable()));
  }
  return base::done();
}

}  // namespace

base::Result<PersonKey> People::add(const Principal& by, const Person& person) {
  if (!may(by, Permission::people_manage)) TRY(require(by, Permission::people_manage, kPlatform));
  TRY(rows::check(person));
  PersonKey key = 0;
  TRY(database_.write([&](store::Connection& connection) -> base::Result<void> {
    key = TRY(next(connection, kLastPerson));
    const auto added =
        TRY(connection.run(kAdd, {key, person.login, person.family_name, person.given_name,
                                  person.title, person.mail, clock_.now()}));
    if (added == 0) {
      return base::Error(base::Code::conflict, "identity.login_taken",
                         "login: " + person.login + " is somebody's already",
                         "login: " + person.login + " đã có người dùng");
    }
    return append(connection, clock_.now(), "person_added", subject_of(key), body_by(by));
  }));
  return key;
}

base::Result<void> People::change(const Principal& by, const Person& person) {
  return database_.write([&](store::Connection& connection) -> base::Result<void> {
    const bool own = by.person != 0 && by.person == person.key;
    if (!own) TRY(require_manager_of(connection, by, person.key));
    const auto known = TRY(rows::person(connection, person.key));
    if (!known) return rows::unknown_person();
    Person checked = person;
    checked.login = known->login;
    TRY(rows::check(checked));
    TRY(connection.run(
        kChange, {person.key, person.family_name, person.given_name, person.title, person.mail}));
    return append(connection, clock_.now(), "person_changed", subject_of(person.key), body_by(by));
  });
}

base::Result<void> People::enable(const Principal& by, PersonKey person, bool enabled,
                                  std::string_view reason) {
  if (reason.size() > kReasonBytesMax) {
    return base::Error(base::Code::invalid, "identity.bad_person", "reason: at most 1,000 bytes",
                       "reason (lý do): nhiều nhất 1.000 byte");
  }
  return database_.write([&](store::Connection& connection) -> base::Result<void> {
    // Shutting somebody out is for the platform's administrators too, whatever their posts.
    if (enabled || !may(by, Permission::people_manage, kPlatform) || by.person == person)
      TRY(require_manager_of(connection, by, person));
    if (TRY(connection.run(kEnable, {person, enabled, enabled ? std::string_view() : reason})) == 0)
      return rows::unknown_person();
    return append(connection, clock_.now(), enabled ? "person_enabled" : "person_disabled",
                  subject_of(person), body_by(by));
  });
}

base::Result<PostKey> People::add_post(const Principal& by, const Post& post) {
  TRY(rows::check(post, directory_));
  TRY(require_manager_of_post(by, post));
  PostKey key = 0;
  TRY(database_.write([&](store::Connection& connection) -> base::Result<void> {
    key = TRY(next(connection, kLastPost));
    const std::int64_t roles = rows::bits_of(post.roles);
    TRY(connection.run(kAddPost,
                       {key, post.organisation, post.title, roles, post.with_subordinates}));
    base::Json body = body_by(by);
    body.add("organisation", post.organisation);
    for (const Role role : post.roles) body.add("role", name_of(role));
    return append(connection, clock_.now(), "post_added", "post:" + std::to_string(key), body);
  }));
  return key;
}

base::Result<void> People::close_post(const Principal& by, PostKey key) {
  return database_.write([&](store::Connection& connection) -> base::Result<void> {
    const auto post = TRY(rows::post(connection, key));
    if (!post) return rows::unknown_post();
    TRY(require_manager_of_post(by, *post));
    TRY(connection.run(kClosePost, {key}));
    return append(connection, clock_.now(), "post_closed", "post:" + std::to_string(key),
                  body_by(by));
  });
}

base::Result<std::int64_t> People::appoint(const Principal& by, const Appointment& wanted) {
  if (wanted.to && *wanted.to <= wanted.from) {
    return base::Error(base::Code::invalid, "identity.bad_period", "to must be later than from",
                       "to (đến) phải sau from (từ)");
  }
  if (by.person != 0 && by.person == wanted.person) return own_rights();
  std::int64_t key = 0;
  TRY(database_.write([&](store::Connection& connection) -> base::Result<void> {
    if (!TRY(rows::person(connection, wanted.person))) return rows::unknown_person();
    const auto post = TRY(rows::post(connection, wanted.post));
    if (!post || post->closed) return rows::unknown_post();
    TRY(require_manager_of_post(by, *post));
    key = TRY(next(connection, kLastAppointment));
    TRY(connection.run(kAppoint, {key, wanted.person, wanted.post, wanted.from, wanted.to}));
    base::Json body = body_by(by);
    body.add("post", wanted.post);
    return append(connection, clock_.now(), "appointed", subject_of(wanted.person), body);
  }));
  return key;
}

base::Result<void> People::end_appointment(const Principal& by, std::int64_t key, base::Time when) {
  return database_.write([&](store::Connection& connection) -> base::Result<void> {
    Appointment found;
    TRY(connection.first(kAppointment, {key},
                         [&](const store::Row& row) { found = rows::appointment_of(row); }));
    const auto post = TRY(rows::post(connection, found.post));
    if (found.key == 0 || !post) return rows::unknown_post();
    if (by.person != 0 && by.person == found.person) return own_rights();
    TRY(require_manager_of_post(by, *post));
    TRY(connection.run(kEndAppointment, {key, std::max(when, found.from)}));
    base::Json body = body_by(by);
    body.add("post", found.post);
    return append(connection, clock_.now(), "appointment_ended", subject_of(found.person), body);
  });
}

base::Result<std::int64_t> People::delegate(const Principal& by, const Delegation& wanted) {
  TRY(check(wanted));
  std::int64_t key = 0;
  TRY(database_.write([&](store::Connection& connection) -> base::Result<void> {
    const base::Time now = clock_.now();
    const auto mine = TRY(rows::held(connection, by.person, now));
    const auto post = std::find_if(
        mine.begin(), mine.end(), [&](const HeldPost& one) { return one.post.key == wanted.post; });
    if (by.person == 0 || post == mine.end()) {
      return bad_delegation("post: you hold no such post now",
                            "post (chức vụ): hiện nay ông/bà không giữ chức vụ này");
    }
    const auto theirs = TRY(rows::held(connection, wanted.to_person, now));
    const bool colleague = std::any_of(theirs.begin(), theirs.end(), [&](const HeldPost& one) {
      return one.post.organisation == post->post.organisation;
    });
    if (wanted.to_person == by.person || !colleague) {
      return bad_delegation("to_person must be a colleague with a post in the same organisation",
                            "to_person (người được ủy quyền) phải là người khác, có chức vụ trong "
                            "cùng cơ quan");
    }
    key = TRY(next(connection, kLastDelegation));
    TRY(connection.run(kDelegate,
                       {key, wanted.post, by.person, wanted.to_person, wanted.permissions.bits(),
                        wanted.from, wanted.to, wanted.reason}));
    base::Json body = body_by(by);
    body.add("post", wanted.post);
    body.add("permissions", write_permissions(wanted.permissions));
    body.add("until", base::iso_time_text(wanted.to));
    return append(connection, now, "delegated", subject_of(wanted.to_person), body);
  }));
  return key;
}

base::Result<void> People::end_delegation(const Principal& by, std::int64_t key) {
  return database_.write([&](store::Connection& connection) -> base::Result<void> {
    Delegation found;
    TRY(connection.first(kDelegation, {key},
                         [&](const store::Row& row) { found = rows::delegation_of(row); }));
    const auto post = TRY(rows::post(connection, found.post));
    if (found.key == 0 || !post) {
      return base::Error(base::Code::not_found, "identity.delegation_unknown",
                         "there is no such delegation", "không có ủy quyền này");
    }
    const bool theirs =
        by.person != 0 && (by.person == found.from_person || by.person == found.to_person);
    if (!theirs) TRY(require_manager_of_post(by, *post));
    if (found.ended_at) return base::done();
    TRY(connection.run(kEndDelegation, {key, clock_.now()}));
    return append(connection, clock_.now(), "delegation_ended", subject_of(found.to_person),
                  body_by(by));
  });
}

}  // namespace identity
