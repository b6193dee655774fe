// What the exchange ought to do: a small reference model, written from the rules and not from the
// code. It holds no file, no clock and no chance; an operation either happens to it or does not.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "edxml/document.h"
#include "exchange/identifiers.h"
#include "simulation/letters.h"

namespace simulation {

using exchange::DeliveryKey;
using exchange::DocumentKey;
using exchange::OrganisationKey;
using exchange::SystemKey;

// --- operations: what a client or the operator asks of the exchange ---------------------------

struct Send {
  const Letter* letter = nullptr;
};
struct Fetch {
  SystemKey system = 0;
  std::string id;
};
struct Acknowledge {
  SystemKey system = 0;
  std::string id, word;
};
// A change of the directory.
struct Change {
  enum class What : unsigned char { connect, alias, succeed, remove, found, enable };
  What what = What::connect;
  std::string code;       // the organisation; of `connect`: served from now on
  std::string other;      // alias, or code of the successor
  std::string system_id;  // of connect and enable
  std::optional<base::Time> until;
  bool enabled = true;
};
using Operation = std::variant<Send, Fetch, Acknowledge, Change>;
std::string text_of(const Operation& operation);

// --- what is kept -----------------------------------------------------------------------------

enum Transport : int { kInitial = 0, kProcessing = 1, kDone = 2, kFail = 3, kWithdrawn = 4 };
enum Recall : int { kNone = 0, kRequested = 1, kAgreed = 2, kRefused = 3 };

struct Party {
  OrganisationKey key = 0;
  std::string code;
  SystemKey system = 0;
  std::optional<base::Time> until;
  std::string successor;
  bool deleted = false;
  bool operator==(const Party&) const = default;
};

// One recipient's copy of a document.
struct Copy {
  DeliveryKey id = 0;
  OrganisationKey recipient = 0;
  SystemKey system = 0;
  int urgency = 0;
  int transport = kInitial;
  int recall = kNone;
  bool fetched = false;
  std::string status_code;
  std::optional<base::Time> status_at;
  bool pending() const { return transport <= kProcessing; }
  bool readable() const { return transport != kWithdrawn && recall != kAgreed; }
  bool operator==(const Copy&) const = default;
};

// A document as it is kept. Two of them are equal when every client is told the same.
struct Paper {
  DocumentKey id = 0;
  edxml::Kind kind = edxml::Kind::document;
  SystemKey system = 0;
  OrganisationKey sender = 0;
  base::Bytes hash;
  std::string document_id;  // the issuer's; empty for status messages
  int urgency = 0;
  bool recalled = false;
  base::Time accepted_at;
  std::vector<Copy> copies;
  bool operator==(const Paper&) const = default;
};

// A document that appeared in the records: what the model cannot know beforehand.
struct Fresh {
  DocumentKey id = 0;
  base::Bytes hash;
};

// Kind and subject of a journal entry.
using Entry = std::pair<std::string, std::string>;

struct Prediction {
  std::string reason;  // why it is refused ("edxml.": any reason of that kind); empty: it succeeds
  DocumentKey resent = 0;
  std::vector<std::string> unknown;
  std::vector<OrganisationKey> recipients;
};

class Model {
 public:
  static constexpr base::Duration kWindow = std::chrono::hours(24);

  void set_site(std::uint32_t site) { site_ = site; }
  std::uint32_t site() const { return site_; }
  void add_system(const std::string& id, SystemKey key) { systems_[id] = key; }
  // The journal is to have such an entry next.
  void note(const std::string& kind, std::string subject) {
    journal_.emplace_back(kind, std::move(subject));
  }
  void add_party(Party party, const std::vector<std::string>& names);

  // By any name; those that ended too.
  const Party* find(std::string_view name) const;
  const Party* recipient(std::string_view name, base::Time now) const;
  const Party& party(OrganisationKey key) const { return parties_.at(key); }
  const std::map<OrganisationKey, Party>& parties() const { return parties_; }
  const std::map<DocumentKey, Paper>& papers() const { return papers_; }
  const std::vector<Entry>& journal() const { return journal_; }
  std::int64_t status_events() const { return status_events_; }
  const Copy* copy(DeliveryKey id) const;
  // What a client's id stands for in the hands of its system: one copy, or all of a document there.
  std::vector<const Copy*> copies_named(SystemKey system, const std::string& id) const;
  // Pending copies of a system, the most urgent first, then the oldest.
  std::vector<const Copy*> pending(SystemKey system, edxml::Kind kind) const;
  std::size_t documents_of(const Letter& letter) const;

  Prediction predict(const Operation& operation, base::Time now) const;
  // Lets it happen; it is known not to be refused. Takes from the front of `fresh` what it creates.
  void apply(const Operation& operation, base::Time now, std::vector<Fresh>& fresh);

 private:
  struct Target {
    DocumentKey paper = 0;
    std::size_t copy = 0;
  };
  Prediction predict_send(const Letter& letter, base::Time now) const;
  Prediction predict_fetch(const Fetch& fetch) const;
  std::vector<OrganisationKey> recipients_of(const Letter& letter, base::Time now,
                                             std::vector<std::string>& unknown) const;
  DocumentKey earlier(const Letter& letter, OrganisationKey sender, base::Time now) const;
  std::vector<Target> targets(const Letter& letter, base::Time now, bool& of_another) const;
  void send(const Letter& letter, base::Time now, std::vector<Fresh>& fresh);
  void add_copy(Paper& paper, OrganisationKey recipient);
  void add_recipients(const Prediction& prediction);
  bool report(const Letter& letter, Target at, base::Time now, std::vector<Fresh>& fresh);
  void fetch(const Fetch& fetch);
  void acknowledge(const Acknowledge& acknowledge);
  void change(const Change& change);
  void connect(Party& party, SystemKey system);
  Copy& copy_to_change(DeliveryKey id);
  Paper take(std::vector<Fresh>& fresh) const;

  std::uint32_t site_ = 0;
  std::map<std::string, SystemKey> systems_;
  std::set<std::string> disabled_;
  std::map<std::string, OrganisationKey, std::less<>> names_;
  std::map<OrganisationKey, Party> parties_;
  std::map<DocumentKey, Paper> papers_;
  std::vector<Entry> journal_;
  std::int64_t status_events_ = 0;
};

}  // namespace simulation
