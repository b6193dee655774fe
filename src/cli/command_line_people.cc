// Options of the commands about people and about how systems sign in.
#include "cli/command_line.h"

namespace cli {

void CommandLine::declare_people() {
  CLI::App* person = app_.add_subcommand("person", words_("người dùng", "people"));
  person->require_subcommand(1);
  CLI::App* added =
      add(*person, "add", words_("thêm một người và giao chức vụ", "add somebody and give a post"));
  site_option(added, person_.site);
  added->add_option("login", person_.login, words_("tên đăng nhập", "login"))->required();
  added->add_option("--family-name", person_.family_name,
                    words_("họ và tên đệm", "family and middle name"));
  added->add_option("--given-name", person_.given_name, words_("tên", "given name"))->required();
  added->add_option("--mail", person_.mail, words_("thư điện tử", "mail"));
  added->add_option(
      "--organisation", person_.organisation,
      words_("mã cơ quan (không có: nền tảng)", "its code (without it: the platform)"));
  added->add_option("--post", person_.post, words_("tên chức vụ", "title of the post"))->required();
  added
      ->add_option("--role", person_.roles,
                   words_("vai trò (lặp lại được): operator, auditor, unit_admin …",
                          "role (repeatable): operator, auditor, unit_admin …"))
      ->required();
  runs(added, [this](const Terminal& t) { return cli::person_add(t, person_); });
  CLI::App* people = add(*person, "list", words_("liệt kê", "list them"));
  site_option(people, person_.site);
  people->add_option(
      "--organisation", person_.organisation,
      words_("mã cơ quan (không có: nền tảng)", "its code (without it: the platform)"));
  runs(people, [this](const Terminal& t) { return cli::person_list(t, person_); });
  CLI::App* invited = add(*person, "invite",
                          words_("mã mời để đăng nhập lần đầu hoặc sau khi mất khóa",
                                 "a code for the first sign-in, or after a loss"));
  site_option(invited, person_.site);
  invited->add_option("login", person_.login, words_("tên đăng nhập", "login"))->required();
  runs(invited, [this](const Terminal& t) { return cli::person_invite(t, person_); });
  for (const bool enable : {false, true}) {
    CLI::App* able = add(*person, enable ? "enable" : "disable",
                         enable ? words_("cho đăng nhập trở lại", "let somebody in again")
                                : words_("khóa một người", "shut somebody out"));
    site_option(able, person_.site);
    able->add_option("login", person_.login, words_("tên đăng nhập", "login"))->required();
    runs(able,
         [this, enable](const Terminal& t) { return cli::person_enable(t, person_, enable); });
  }
}

void CommandLine::declare_credentials() {
  CLI::App* credential = app_.add_subcommand(
      "credential", words_("khóa để hệ thống gọi API của Trúc", "how systems sign in to the API"));
  credential->require_subcommand(1);
  CLI::App* added = add(*credential, "add", words_("cấp khóa", "give one"));
  site_option(added, credential_.site);
  added->add_option("system", credential_.system, words_("mã hệ thống", "system id"))->required();
  added->add_option("--kind", credential_.kind, "api_key | client_secret | certificate");
  added->add_option("--name", credential_.name, words_("dùng vào việc gì", "what it is for"))
      ->required();
  added->add_option("--permissions", credential_.permissions,
                    words_("các quyền, cách nhau bằng dấu cách (mặc định: tất cả của hệ thống)",
                           "permissions, separated by spaces (default: all of systems)"));
  added->add_option("--days", credential_.days,
                    words_("số ngày hiệu lực (mặc định: không hết hạn)",
                           "days that it is good for (default: it does not expire)"));
  added->add_option(
      "--certificate", credential_.certificate,
      words_("tệp chứng thư PEM, cho loại certificate", "PEM file, for the kind certificate"));
  runs(added, [this](const Terminal& t) { return cli::credential_add(t, credential_); });
  CLI::App* all = add(*credential, "list", words_("liệt kê", "list them"));
  site_option(all, credential_.site);
  all->add_option("system", credential_.system, words_("mã hệ thống", "system id"))->required();
  runs(all, [this](const Terminal& t) { return cli::credential_list(t, credential_); });
  CLI::App* revoked = add(*credential, "revoke", words_("thu hồi", "revoke one"));
  site_option(revoked, credential_.site);
  revoked->add_option("number", credential_.number, words_("số", "its number"))->required();
  runs(revoked, [this](const Terminal& t) { return cli::credential_revoke(t, credential_); });
}

}  // namespace cli
