// What the exchange does with the signatures of what it is handed: every attachment is judged
// before a delivery becomes visible, within a budget of time; what the recipient asks of signatures
// is applied; what the budget cut off is judged further in the background.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/metrics.h"
#include "base/result.h"
#include "base/time.h"
#include "exchange/directory.h"
#include "exchange/identifiers.h"
#include "store/blobs.h"
#include "store/database.h"
#include "trust/chain_cache.h"
#include "trust/intake/intake.h"

namespace exchange {

// What a recipient asks of the signatures of what it gets.
enum class SignatureRule : unsigned char {
  label,           // delivered whatever the verdict, which goes with it
  refuse_invalid,  // an invalid signature is not delivered
  require_both,    // nor what lacks a valid personal or a valid organisation's signature (Decree
                   // 30/2020 art. 5)
};
std::string_view name_of(SignatureRule rule);  // "label", "refuse-invalid", "require-both"
std::optional<SignatureRule> parse_signature_rule(std::string_view name);

// A rule of the operator's table. "*" stands for every organisation, or for every type.
struct RuleRow {
  std::string organisation;  // code of the recipient
  std::string type;          // DocumentType/Type as written in the document
  SignatureRule rule = SignatureRule::label;
};

// What is kept of a document's judgement.
struct Judgement {
  std::optional<trust::Verdict> verdict;  // nothing: no attachment is signed
  bool complete = true;                   // false: being checked further
  base::Time judged_at;
  std::string report;  // JSON, docs/formats/signature-report.md
};
// "valid", "undetermined", "invalid", "unsigned", or "checking" while incomplete.
std::string_view word_of(const Judgement& judgement);
base::Text text_of(const Judgement& judgement);

// Any thread.
class Judging {
 public:
  struct Parts {
    store::Database& database;
    store::Blobs& blobs;
    const base::Clock& clock;
    base::Metrics& metrics;
    trust::Anchors anchors;
    trust::Policy policy = trust::Policy::standard();
    std::unique_ptr<trust::RevocationSource> revocation = nullptr;  // null: only what is embedded
    std::unique_ptr<trust::Scanner> scanner = nullptr;              // null: no scanner
    trust::IntakeOptions intake = {};
    base::Duration budget = std::chrono::milliseconds(1500);
  };
  explicit Judging(Parts parts);

  // Judges the attachments within the budget. Errors: those of the blob store only.
  base::Result<trust::IntakeReport> judge(const edxml::Document& document,
                                          const store::BlobRef& blob) const;
  // For the background: only the sizes are bounded, and a scanner that hangs (a minute).
  base::Result<trust::IntakeReport> judge_without_budget(const edxml::Document& document,
                                                         const store::BlobRef& blob) const;
  // Why `recipient` does not take a document of this type with this report; nothing when it does.
  // An incomplete report is no reason.
  std::optional<base::Text> objection(const Organisation& recipient, std::string_view type,
                                      const trust::IntakeReport& report) const;

  base::Result<void> set_rule(const RuleRow& row);  // label for "*", "*" is the default
  base::Result<void> remove_rule(const std::string& organisation, const std::string& type);
  std::vector<RuleRow> rules() const;
  // For documents of any type that has no rule of its own.
  SignatureRule rule_of(std::string_view organisation) const { return rule_for(organisation, "*"); }
  // Reads the rules again; other processes change them too.
  base::Result<void> refresh();

 private:
  SignatureRule rule_for(std::string_view organisation, std::string_view type) const;
  base::Result<trust::IntakeReport> judge_until(const edxml::Document& document,
                                                const store::BlobRef& blob,
                                                std::int64_t deadline_micros) const;
  Parts parts_;
  mutable trust::ChainCache cache_;
  base::Counter& judged_;
  base::Counter& cut_off_;
  base::Counter& infected_;
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, SignatureRule> rules_;
};

// The rows of judgements.
namespace judgements {
std::string_view word(const trust::IntakeReport& report);
base::Result<void> replace(store::Connection& connection, DocumentKey document,
                           const trust::IntakeReport& report, base::Time now);
base::Result<void> insert(store::Connection& connection, DocumentKey document,
                          const trust::IntakeReport& report, base::Time now);
base::Result<std::optional<Judgement>> of(store::Connection& connection, DocumentKey document);
// From the columns verdict and complete; and word_of() of that.
Judgement from(std::int64_t verdict, bool complete);
std::string_view word(std::int64_t verdict, bool complete);
}  // namespace judgements

}  // namespace exchange
