// Acts that take two: one administrator proposes, another approves, and only then is it done. Who
// runs commands on the machine itself stands outside of this; the journal says `console`.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "identity/principal.h"
#include "store/database.h"

namespace identity {

// Kept in the database: append only.
enum class Act : unsigned char {
  system_disable,  // shut a connected system out; subject: its id
  system_enable,
  credential_issue,  // a further credential for a system in use; subject: its id
  anchor_add,        // an authority that signatures are judged by; subject: its name
  anchor_remove,
  organisation_remove,  // subject: its code
};
inline constexpr int kActs = 6;
std::string_view name_of(Act act);
std::optional<Act> act_named(std::string_view name);
const base::Text& title_of(Act act);
Permission permission_of(Act act);

// Kept in the database: append only.
enum class ApprovalState : unsigned char { waiting, approved, rejected, withdrawn, failed };
std::string_view name_of(ApprovalState state);

struct Approval {
  std::int64_t key = 0;
  Act act = Act::system_disable;
  std::string subject;
  base::Json body;     // what the act needs besides
  std::string reason;  // why, as whoever proposed it wrote
  ApprovalState state = ApprovalState::waiting;
  std::string proposed_by, decided_by;  // ids of principals
  std::string decision_reason;          // why it was rejected, if that was said
  base::Time proposed_at;
  std::optional<base::Time> decided_at;
};

// Any thread. Changes are on disk and in the journal on return.
class Approvals {
 public:
  Approvals(store::Database& database, const base::Clock& clock)
      : database_(database), clock_(clock) {}

  // How an act is done and its input looked at; before anything is proposed. `check` refuses what
  // could not be done anyway. `perform` is called with whoever approved, must bear being called
  // again after a crash, and gives what the approver is to be told (a new secret).
  struct Performer {
    std::function<base::Result<void>(const Approval&)> check;
    std::function<base::Result<base::Json>(const Principal& by, const Approval&)> perform;
  };
  void on(Act act, Performer performer) { performers_[act] = std::move(performer); }

  // identity.not_permitted, identity.bad_approval (no reason given), identity.act_unknown (not done
  // in this way here), and what `check` says.
  base::Result<std::int64_t> propose(const Principal& by, Act act, std::string_view subject,
                                     const base::Json& body, std::string_view reason);
  // Those of the acts that `by` may see, newest first, at most `count`; or only those that wait.
  base::Result<std::vector<Approval>> list(const Principal& by, bool waiting_only,
                                           std::int64_t count) const;
  base::Result<std::optional<Approval>> find(std::int64_t key) const;
  // Another than who proposed it: identity.own_proposal. After seven days it has lapsed:
  // identity.approval_lapsed; one that is decided stays so: identity.approval_decided (conflict).
  // When the act itself fails, its error comes back, and the approval is `failed`.
  base::Result<base::Json> approve(const Principal& by, std::int64_t key);
  // `reason`, at most 1,000 bytes, is for who proposed it: identity.bad_approval.
  base::Result<void> reject(const Principal& by, std::int64_t key, std::string_view reason = {});
  // By who proposed it.
  base::Result<void> withdraw(const Principal& by, std::int64_t key);

 private:
  base::Result<Approval> decide(const Principal& by, std::int64_t key, ApprovalState state,
                                std::string_view reason = {});
  base::Result<void> settle(std::int64_t key, ApprovalState state);
  store::Database& database_;
  const base::Clock& clock_;
  std::map<Act, Performer> performers_;
};

}  // namespace identity
