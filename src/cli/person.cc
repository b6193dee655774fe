// People and their posts, from the machine itself: the first administrators, before there is
// anybody who could sign in.
#include "base/text.h"
#include "cli/commands.h"
#include "cli/site.h"

namespace cli {
namespace {

base::Error unknown_login(const std::string& login) {
  return base::Error(base::Code::not_found, "cli.login_unknown", "nobody has the login " + login,
                     "không ai có tên đăng nhập " + login);
}

// The organisation of that code; empty: the platform.
base::Result<identity::OrganisationKey> organisation_of(Site& site, const std::string& code) {
  if (code.empty()) return identity::kPlatform;
  const auto found = TRY(site.exchange())->directory().find(code);
  if (found) return found->key;
  return base::Error(base::Code::not_found, "identity.organisation_unknown",
                     "no organisation has the code " + code, "không có cơ quan mang mã " + code);
}

base::Result<std::vector<identity::Role>> roles_of(const std::vector<std::string>& names) {
  std::vector<identity::Role> roles;
  for (const std::string& name : names) {
    const auto role = identity::role_named(name);
    if (!role) {
      return base::Error(base::Code::invalid, "cli.role_unknown",
                         "--role: there is no role " + name + "; see docs/operations/rights.md",
                         "--role: không có vai trò " + name + "; xem docs/operations/rights.md");
    }
    roles.push_back(*role);
  }
  return roles;
}

base::Result<identity::PersonKey> add(const PersonOptions& options) {
  const auto site = TRY(Site::open(options.site, false));
  identity::Identity& identity = *TRY(site->identity());
  identity::Post post;
  post.organisation = TRY(organisation_of(*site, options.organisation));
  post.title = options.post;
  post.roles = TRY(roles_of(options.roles));
  const auto console = identity::console();
  // All or nothing, as far as it can be seen beforehand.
  TRY(identity::require_manager_of_post(console, post));
  const auto known = TRY(identity.people.find_login(options.login));
  identity::Person person;
  person.login = options.login;
  person.family_name = options.family_name;
  person.given_name = options.given_name;
  person.mail = options.mail;
  const auto post_key = TRY(identity.people.add_post(console, post));
  const auto key = known ? known->key : TRY(identity.people.add(console, person));
  identity::Appointment appointment;
  appointment.person = key;
  appointment.post = post_key;
  appointment.from = site->clock.now();
  TRY(identity.people.appoint(console, appointment));
  return key;
}

base::Result<std::vector<identity::Person>> list(const PersonOptions& options) {
  constexpr std::int64_t kCount = 1000;
  const auto site = TRY(Site::open(options.site, false));
  const auto where = TRY(organisation_of(*site, options.organisation));
  return TRY(site->identity())->people.of_organisation(where, 0, kCount);
}

base::Result<void> enable(const PersonOptions& options, bool enabled) {
  const auto site = TRY(Site::open(options.site, false));
  identity::People& people = TRY(site->identity())->people;
  const auto known = TRY(people.find_login(options.login));
  if (!known) return unknown_login(options.login);
  return people.enable(identity::console(), known->key, enabled);
}

base::Result<std::string> invite(const PersonOptions& options) {
  const auto site = TRY(Site::open(options.site, false));
  identity::Identity& identity = *TRY(site->identity());
  const auto known = TRY(identity.people.find_login(options.login));
  if (!known) return unknown_login(options.login);
  const auto console = identity::console();
  TRY(identity.people.require_manager_of(console, known->key));
  return identity.sign_in.issue_link_code(known->key, console.id);
}

}  // namespace

int person_add(const Terminal& terminal, const PersonOptions& options) {
  const auto key = add(options);
  if (!key) return terminal.fail(key.error());
  base::Json json;
  json.add("person", *key).add("login", options.login);
  terminal.answer({options.login +
                       " đã có chức vụ. Để người này đăng nhập lần đầu: truc person "
                       "invite -C " +
                       options.site + " " + options.login,
                   options.login + " has the post. For the first sign-in: truc person invite -C " +
                       options.site + " " + options.login},
                  json);
  return 0;
}

int person_list(const Terminal& terminal, const PersonOptions& options) {
  const auto all = list(options);
  if (!all) return terminal.fail(all.error());
  const bool english = terminal.language() == base::Language::english;
  base::Json people{base::Json::Array{}};
  std::vector<std::vector<std::string>> rows;
  for (const identity::Person& one : *all) {
    base::Json json;
    json.add("person", one.key).add("login", one.login).add("name", one.full_name());
    json.add("enabled", one.enabled);
    people.push(std::move(json));
    rows.push_back(
        {one.login, one.full_name(),
         one.enabled ? (english ? "enabled" : "hoạt động") : (english ? "disabled" : "đã khóa")});
  }
  terminal.give(people);
  if (english) {
    terminal.table({"Login", "Name", "State"}, rows);
  } else {
    terminal.table({"Tên đăng nhập", "Họ và tên", "Trạng thái"}, rows);
  }
  return 0;
}

int person_invite(const Terminal& terminal, const PersonOptions& options) {
  const auto code = invite(options);
  if (!code) return terminal.fail(code.error());
  base::Json json;
  json.add("login", options.login).add("code", *code);
  terminal.answer({"Mã mời của " + options.login +
                       " (dùng một lần, trong 24 giờ; trao tận tay):\n\n  " + *code + "\n",
                   "The link code of " + options.login +
                       " (good once, for 24 hours; hand it over in person):\n\n  " + *code + "\n"},
                  json);
  return 0;
}

int person_enable(const Terminal& terminal, const PersonOptions& options, bool enabled) {
  const auto done = enable(options, enabled);
  if (!done) return terminal.fail(done.error());
  base::Json json;
  json.add("login", options.login).add("enabled", enabled);
  terminal.answer(enabled
                      ? base::Text{options.login + " đăng nhập lại được.",
                                   options.login + " may sign in again."}
                      : base::Text{options.login + " đã bị khóa.", options.login + " is shut out."},
                  json);
  return 0;
}

}  // namespace cli
