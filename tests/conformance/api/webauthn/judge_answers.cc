// Says of each answer of an authenticator what Trúc says of it: one case a line on standard input
// (JSON), one verdict a line on standard output: "ok" and what was read, or the error's reason.
#include <cstdio>
#include <iostream>
#include <string>

#include "base/hash.h"
#include "base/json.h"
#include "identity/sign_in/encoding.h"
#include "identity/sign_in/passkey_check.h"

namespace {

identity::RelyingParty party_of(const base::Json& test) {
  identity::RelyingParty party;
  party.id = std::string(test["rpId"].text());
  for (const base::Json& origin : test["origins"].array()) {
    party.origins.emplace_back(origin.text());
  }
  return party;
}

base::Bytes bytes_of(const base::Json& value) {
  return identity::from_base64url(value.text()).value_or("");
}

base::Result<std::string> judge(const base::Json& test) {
  const base::Bytes challenge = bytes_of(test["challenge"]);
  const identity::RelyingParty party = party_of(test);
  if (test["ceremony"].text() == "registration") {
    const auto made = TRY(identity::check_registration(party, challenge, test["answer"]));
    return "ok " + std::to_string(made.key.algorithm) + " " + base::hex(made.key.bytes) + " " +
           std::to_string(made.counter);
  }
  const base::Json& kept = test["known"];
  identity::KnownPasskey known;
  known.id = bytes_of(kept["id"]);
  known.key = {static_cast<int>(kept["algorithm"].integer()),
               base::from_hex(kept["key"].text()).value_or("")};
  known.counter = static_cast<std::uint32_t>(kept["counter"].integer());
  known.backup_eligible = kept["backupEligible"].boolean();
  const auto use = TRY(identity::check_assertion(party, challenge, known, test["answer"]));
  return "ok " + std::to_string(use.counter);
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    const auto test = base::Json::parse(line);
    if (!test) {
      std::fputs("judge_answers: a line is not JSON\n", stderr);
      return 2;
    }
    const auto verdict = judge(*test);
    std::puts(verdict ? verdict->c_str() : std::string(verdict.error().reason()).c_str());
  }
  return 0;
}
