// The acts of two that identity does itself.
#include "base/text.h"
#include "identity/identity.h"

namespace identity {
namespace {

base::Result<SystemCredentials::Wanted> wanted_of(const base::Json& body) {
  SystemCredentials::Wanted wanted;
  const auto kind = credential_kind_named(body["kind"].text());
  if (!kind || body["name"].text().empty()) {
    return base::Error(base::Code::invalid, "identity.bad_approval",
                       "body needs kind (api_key, client_secret or certificate), name and "
                       "permissions",
                       "body cần kind (api_key, client_secret hoặc certificate), name và "
                       "permissions");
  }
  wanted.kind = *kind;
  wanted.name = body["name"].text();
  wanted.permissions = TRY(read_permissions(body["permissions"].text()));
  wanted.fingerprint = body["fingerprint"].text();
  return wanted;
}

}  // namespace

void Identity::register_acts(Directory& directory) {
  const auto known_system = [&directory](const Approval& one) -> base::Result<void> {
    if (!directory.system(one.subject)) return unknown_system(one.subject);
    return base::done();
  };
  for (const bool enable : {false, true}) {
    approvals.on(
        enable ? Act::system_enable : Act::system_disable,
        {known_system,
         [&directory, enable](const Principal&, const Approval& one) -> base::Result<base::Json> {
           TRY(directory.enable_system(one.subject, enable));
           return base::Json();
         }});
  }
  approvals.on(Act::credential_issue,
               {[known_system](const Approval& one) -> base::Result<void> {
                  TRY(known_system(one));
                  (void)TRY(wanted_of(one.body));
                  return base::done();
                },
                [this](const Principal& by, const Approval& one) -> base::Result<base::Json> {
                  const auto wanted = TRY(wanted_of(one.body));
                  const auto issued = TRY(credentials.issue(by, one.subject, wanted, true));
                  base::Json outcome;
                  outcome.add("credential", issued.key);
                  if (!issued.secret.empty()) outcome.add("secret", issued.secret);
                  return outcome;
                }});
  approvals.on(Act::organisation_remove,
               {[&directory](const Approval& one) -> base::Result<void> {
                  const auto known = directory.find(one.subject);
                  if (known && !known->deleted) return base::done();
                  return base::Error(base::Code::not_found, "identity.organisation_unknown",
                                     "no organisation has the code " + one.subject,
                                     "không có cơ quan mang mã " + one.subject);
                },
                [&directory](const Principal& by, const Approval& one) -> base::Result<base::Json> {
                  TRY(directory.remove(one.subject, by.id));
                  return base::Json();
                }});
}

}  // namespace identity
