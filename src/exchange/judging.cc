#include "exchange/judging.h"

#include <array>
#include <utility>

#include "exchange/blob_source.h"
#include "exchange/fingerprints.h"

namespace exchange {
namespace {

using store::Query;

const Query kRules{"exchange.judging_rules", "select organisation, type, rule from judging_rule"};
const Query kSetRule{"exchange.set_judging_rule",
                     "insert into judging_rule (organisation, type, rule) values ($1, $2, $3) "
                     "on conflict (organisation, type) do update set rule = excluded.rule"};
const Query kRemoveRule{"exchange.remove_judging_rule",
                        "delete from judging_rule where organisation = $1 and type = $2"};
const Query kInsert{"exchange.insert_judgement",
                    "insert into judgement (document, verdict, complete, judged_at, report) "
                    "values ($1, $2, $3, $4, $5)"};
const Query kRemove{"exchange.remove_judgement", "delete from judgement where document = $1"};
const Query kOf{"exchange.judgement",
                "select verdict, complete, judged_at, report from judgement where document = $1"};

constexpr std::array<std::pair<SignatureRule, std::string_view>, 3> kRuleNames = {
    {{SignatureRule::label, "label"},
     {SignatureRule::refuse_invalid, "refuse-invalid"},
     {SignatureRule::require_both, "require-both"}}};

// As kept: what cannot be taken for an answer of the future stays out of the enum's own numbers.
constexpr int kUnsigned = 9;

}  // namespace

std::string_view name_of(SignatureRule rule) {
  for (const auto& [value, name] : kRuleNames) {
    if (value == rule) return name;
  }
  return "label";
}

std::optional<SignatureRule> parse_signature_rule(std::string_view name) {
  for (const auto& [value, known] : kRuleNames) {
    if (known == name) return value;
  }
  return std::nullopt;
}

std::string_view word_of(const Judgement& judgement) {
  if (!judgement.complete) return "checking";
  return judgement.verdict ? trust::name_of(*judgement.verdict) : "unsigned";
}

Judgement judgements::from(std::int64_t verdict, bool complete) {
  Judgement judgement;
  if (verdict != kUnsigned) judgement.verdict = static_cast<trust::Verdict>(verdict);
  judgement.complete = complete;
  return judgement;
}

std::string_view judgements::word(std::int64_t verdict, bool complete) {
  return word_of(from(verdict, complete));
}

base::Text text_of(const Judgement& judgement) {
  if (!judgement.complete) {
    return {"chữ ký chưa xác định, đang kiểm tra", "signatures undetermined, being checked"};
  }
  if (!judgement.verdict) return {"không có chữ ký số", "not digitally signed"};
  const base::Text verdict = trust::text_of(*judgement.verdict);
  return {"chữ ký số " + verdict.vi, "signatures " + verdict.en};
}

Judging::Judging(Parts parts)
    : parts_(std::move(parts)),
      judged_(parts_.metrics.counter("truc_documents_judged_total",
                                     "Documents whose attachments were judged")),
      cut_off_(parts_.metrics.counter("truc_judging_cut_off_total",
                                      "Documents that the budget of judging cut off")),
      infected_(parts_.metrics.counter("truc_malware_found_total",
                                       "Documents in which malware was found")) {}

base::Result<trust::IntakeReport> Judging::judge(const edxml::Document& document,
                                                 const store::BlobRef& blob) const {
  trust::IntakeReport report =
      TRY(judge_until(document, blob, base::monotonic_micros() + parts_.budget.count()));
  judged_.add();
  if (!report.complete) cut_off_.add();
  return report;
}

base::Result<trust::IntakeReport> Judging::judge_without_budget(const edxml::Document& document,
                                                                const store::BlobRef& blob) const {
  constexpr std::int64_t kLongest = 600'000'000;
  trust::IntakeReport report =
      TRY(judge_until(document, blob, base::monotonic_micros() + kLongest));
  report.complete = true;  // what could not be judged in ten minutes stays undetermined
  return report;
}

base::Result<trust::IntakeReport> Judging::judge_until(const edxml::Document& document,
                                                       const store::BlobRef& blob,
                                                       std::int64_t deadline_micros) const {
  const auto content = TRY(parts_.blobs.open(blob));
  const auto read_at = [&](std::uint64_t offset, char* to, std::size_t size) {
    return content->read_at(offset, to, size);
  };
  const trust::Context context{parts_.anchors,
                               parts_.policy,
                               parts_.revocation.get(),
                               parts_.clock.now(),
                               deadline_micros,
                               {},
                               &cache_};
  const BlobSource file(*content);
  trust::IntakeReport report =
      trust::judge_document(document, read_at, context, parts_.scanner.get(), parts_.intake, &file);
  if (report.malware()) infected_.add();
  return report;
}

std::optional<base::Text> Judging::objection(const Organisation& recipient, std::string_view type,
                                             const trust::IntakeReport& report) const {
  const SignatureRule rule = rule_for(recipient.code, type);
  if (rule == SignatureRule::label || !report.complete) return std::nullopt;
  if (report.verdict() == trust::Verdict::invalid) {
    return base::Text{"có chữ ký số không hợp lệ", "a signature is invalid"};
  }
  if (rule != SignatureRule::require_both) return std::nullopt;
  using Capacity = trust::SignatureReport::Capacity;
  if (!report.signed_by(Capacity::person)) {
    return base::Text{"thiếu chữ ký số hợp lệ của người có thẩm quyền",
                      "the competent person's valid signature is missing"};
  }
  if (!report.signed_by(Capacity::organisation)) {
    return base::Text{"thiếu chữ ký số hợp lệ của cơ quan",
                      "the organisation's valid signature is missing"};
  }
  return std::nullopt;
}

SignatureRule Judging::rule_for(std::string_view organisation, std::string_view type) const {
  const std::string code(organisation), written(type);
  const std::lock_guard lock(mutex_);
  for (const auto& key :
       {std::pair(code, written), std::pair(code, std::string("*")),
        std::pair(std::string("*"), written), std::pair(std::string("*"), std::string("*"))}) {
    if (const auto found = rules_.find(key); found != rules_.end()) return found->second;
  }
  return SignatureRule::label;
}

base::Result<void> Judging::set_rule(const RuleRow& row) {
  TRY(parts_.database.write([&](store::Connection& connection) -> base::Result<void> {
    TRY(connection.run(kSetRule, {row.organisation, row.type, static_cast<int>(row.rule)}));
    return base::done();
  }));
  return refresh();
}

base::Result<void> Judging::remove_rule(const std::string& organisation, const std::string& type) {
  std::int64_t removed = 0;
  TRY(parts_.database.write([&](store::Connection& connection) -> base::Result<void> {
    removed = TRY(connection.run(kRemoveRule, {organisation, type}));
    return base::done();
  }));
  if (removed == 0) {
    return base::Error(base::Code::not_found, "exchange.no_such_rule",
                       "there is no rule for " + organisation + ", type " + type +
                           "; see them with: truc policy list",
                       "không có quy tắc nào cho " + organisation + ", loại " + type +
                           "; xem bằng: truc policy list");
  }
  return refresh();
}

std::vector<RuleRow> Judging::rules() const {
  const std::lock_guard lock(mutex_);
  std::vector<RuleRow> rows;
  for (const auto& [key, rule] : rules_) rows.push_back({key.first, key.second, rule});
  return rows;
}

base::Result<void> Judging::refresh() {
  std::map<std::pair<std::string, std::string>, SignatureRule> rules;
  TRY(parts_.database.read([&](store::Connection& connection) -> base::Result<void> {
    rules.clear();
    return connection.each(kRules, {}, [&](const store::Row& row) {
      rules[{row.string(0), row.string(1)}] = static_cast<SignatureRule>(row.integer(2));
      return true;
    });
  }));
  const std::lock_guard lock(mutex_);
  rules_ = std::move(rules);
  return base::done();
}

namespace judgements {

std::string_view word(const trust::IntakeReport& report) {
  const auto verdict = report.verdict();
  return word(verdict ? static_cast<int>(*verdict) : kUnsigned, report.complete);
}

base::Result<void> insert(store::Connection& connection, DocumentKey document,
                          const trust::IntakeReport& report, base::Time now) {
  const auto verdict = report.verdict();
  TRY(connection.run(kInsert, {document, verdict ? static_cast<int>(*verdict) : kUnsigned,
                               report.complete, now, trust::to_json(report).dump()}));
  return fingerprints::note(connection, document, report);
}

base::Result<void> replace(store::Connection& connection, DocumentKey document,
                           const trust::IntakeReport& report, base::Time now) {
  TRY(connection.run(kRemove, {document}));
  return insert(connection, document, report, now);
}

base::Result<std::optional<Judgement>> of(store::Connection& connection, DocumentKey document) {
  std::optional<Judgement> judgement;
  TRY(connection.first(kOf, {document}, [&](const store::Row& row) {
    judgement.emplace();
    if (row.integer(0) != kUnsigned)
      judgement->verdict = static_cast<trust::Verdict>(row.integer(0));
    judgement->complete = row.integer(1) != 0;
    judgement->judged_at = row.time(2);
    judgement->report = row.string(3);
  }));
  return judgement;
}

}  // namespace judgements
}  // namespace exchange
