// Trúc's side of sign-in at a provider, for a script that plays the browser: a command a line on
// standard input (JSON), an answer a line on standard output (JSON), in the shape that routes give.
//
//   sign_in_by_oidc DIRECTORY ISSUER CLIENT SECRET REDIRECT
//
//   {"do":"begin"}                                   {"ceremony":…,"url":…}
//   {"do":"finish","ceremony":…,"query":…}           {"person":…} or {"link":…} or {"reason":…}
//   {"do":"link_code","person":7}                    {"code":…}
//   {"do":"link","ceremony":…,"code":…}              {"person":…} or {"reason":…}
//   {"do":"later","seconds":…}                       {}
#include <cstdio>
#include <iostream>
#include <string>

#include "base/json.h"
#include "base/random.h"
#include "base/time.h"
#include "identity/sign_in/migrations.h"
#include "identity/sign_in/sign_in.h"
#include "store/journal.h"

namespace {

class Later : public base::Clock {
 public:
  base::Time now() const override { return base::SystemClock().now() + later; }
  base::Duration later{0};
};

class OnePerson : public identity::SignInPeople {
 public:
  base::Result<std::optional<identity::SignInPerson>> by_login(std::string_view) override {
    return std::optional<identity::SignInPerson>();
  }
  base::Result<std::optional<identity::SignInPerson>> by_key(identity::PersonKey key) override {
    if (key != 7) return std::optional<identity::SignInPerson>();
    return std::optional(identity::SignInPerson{7, "an.nv", "Nguyễn Văn An", true});
  }
};

const identity::Caller kFrom{"127.0.0.1", "script"};

base::Result<base::Json> act(identity::SignIn& sign_in, Later& clock, const base::Json& what) {
  const std::string_view name = what["do"].text();
  base::Json out = base::Json(base::Json::Object());
  if (name == "begin") {
    const auto step = TRY(sign_in.begin_oidc());
    out.add("ceremony", step.ceremony).add("url", step.url);
  } else if (name == "finish") {
    const auto outcome =
        TRY(sign_in.finish_oidc(what["ceremony"].text(), what["query"].text(), kFrom));
    if (outcome.signed_in) {
      const auto session = TRY(sign_in.session(outcome.signed_in->token));
      out.add("person", session.person);
    } else {
      out.add("link", outcome.link_ceremony);
    }
  } else if (name == "link_code") {
    const auto code = TRY(sign_in.issue_link_code(what["person"].integer(), "person:1"));
    out.add("code", code);
  } else if (name == "link") {
    const auto done =
        TRY(sign_in.finish_oidc_link(what["ceremony"].text(), what["code"].text(), kFrom));
    out.add("person", done.session.person);
  } else {
    clock.later += std::chrono::seconds(what["seconds"].integer());
  }
  return out;
}

base::Result<void> run(char** arguments) {
  store::Database::Options options;
  options.url = "sqlite:" + std::string(arguments[1]) + "/truc.db";
  const auto database = TRY(store::Database::open(options));
  TRY(database->migrate(store::journal::migrations()));
  TRY(database->migrate(identity::sign_in_migrations()));
  Later clock;
  base::SystemRandom random;
  OnePerson people;
  identity::SignInOptions how;
  how.oidc = {arguments[2], arguments[3], arguments[4], arguments[5], ""};
  identity::SignIn sign_in({*database, clock, random, random.bytes(32), how, people, {}});
  for (std::string line; std::getline(std::cin, line);) {
    const base::Json what = TRY(base::Json::parse(line));
    auto answer = act(sign_in, clock, what);
    base::Json out = answer ? *answer
                            : base::Json()
                                  .add("reason", answer.error().reason())
                                  .add("detail", answer.error().detail());
    std::puts(out.dump().c_str());
    std::fflush(stdout);
  }
  return base::done();
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 6) {
    std::fputs("usage: sign_in_by_oidc DIRECTORY ISSUER CLIENT SECRET REDIRECT\n", stderr);
    return 2;
  }
  const auto done = run(arguments);
  if (done) return 0;
  std::fprintf(stderr, "sign_in_by_oidc: %s\n", done.error().detail().c_str());
  return 1;
}
