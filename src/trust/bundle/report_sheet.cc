#include "trust/bundle/report_sheet.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/hash.h"
#include "base/text.h"
#include "catalogue/said.h"
#include "trust/bundle/contents.h"
#include "trust/bundle/events.h"
#include "trust/log/checkpoint.h"
#include "trust/log/proof.h"

namespace trust::bundle {
namespace {

using catalogue::said;
using evidence::Evidence;
using page::Look;
using page::Spans;

constexpr std::size_t kRecipientsMax = 30, kSignaturesMax = 8;
constexpr std::size_t kFewest = 2;

// As people in Viet Nam write it: "22/11/2026 09:30:00".
std::string day_first(const std::string& year_first) {
  return year_first.substr(8, 2) + "/" + year_first.substr(5, 2) + "/" + year_first.substr(0, 4) +
         year_first.substr(10);
}
std::string local(base::Time at) { return day_first(base::vietnam_time_text(at, '/')); }
std::string number(std::size_t value) { return std::to_string(value); }

Spans at_time(const std::optional<base::Time>& at) {
  return at ? Spans{{local(*at)}} : Spans{{"–", Look::quiet}};
}

Spans words_of_verdict(std::string_view verdict) {
  if (verdict == "valid") return page::both(text_of(Verdict::valid), Look::good);
  if (verdict == "invalid") return page::both(text_of(Verdict::invalid), Look::bad);
  return page::both(text_of(Verdict::undetermined), Look::doubtful);
}

base::Text capacity_text(std::string_view capacity) {
  if (capacity == "organisation") return said("paper.capacityOrganisation");
  if (capacity == "person") return said("paper.capacityPerson");
  return said("paper.capacityUnknown");
}

struct Signed {
  std::string file;
  const base::Json* report;
};
std::vector<Signed> signatures_in(const base::Json& judgement) {
  std::vector<Signed> out;
  for (const base::Json& attachment : judgement["attachments"].array()) {
    for (const base::Json& one : attachment["signatures"].array()) {
      out.push_back({std::string(attachment["name"].text()), &one});
    }
  }
  return out;
}

class Page {
 public:
  explicit Page(const ReportFacts& facts) : facts_(facts) {
    for (const auto& report : facts.reports) {
      if (report.evidence) evidences_.push_back(*report.evidence);
    }
    courses_ = courses_of(evidences_);
    signed_ = signatures_in(facts.signatures);
  }
  page::Sheet sheet(std::size_t recipients, std::size_t signatures) const;
  std::size_t recipients() const { return std::min(courses_.size(), kRecipientsMax); }
  std::size_t signatures() const { return std::min(signed_.size(), kSignaturesMax); }

 private:
  bool is_demonstration() const;
  page::Table document() const;
  std::vector<page::Block> signature_blocks(std::size_t shown) const;
  std::vector<page::Block> course_blocks(std::size_t shown) const;
  page::Table proof() const;
  Spans log_row() const;
  Spans evidences_row() const;
  // Code and name of an organisation.
  Spans organisation(const std::string& code, const std::string& written) const;

  const ReportFacts& facts_;
  std::vector<Evidence> evidences_;
  std::vector<Course> courses_;
  std::vector<Signed> signed_;
};

bool Page::is_demonstration() const {
  const auto marked = [](const CertificateSummary& one) { return one.demonstration; };
  for (const auto& report : facts_.reports) {
    if (report.signature &&
        std::any_of(report.signature->chain.begin(), report.signature->chain.end(), marked)) {
      return true;
    }
  }
  return std::any_of(signed_.begin(), signed_.end(), [](const Signed& one) {
    const auto& chain = (*one.report)["chain"].array();
    return std::any_of(chain.begin(), chain.end(), [](const base::Json& certificate) {
      return certificate["demonstration"].boolean();
    });
  });
}

Spans Page::organisation(const std::string& code, const std::string& written) const {
  std::string name = facts_.name_of ? facts_.name_of(code) : "";
  if (name.empty()) name = written;
  if (name.empty()) return {{code, Look::strong}};
  return {{code + "  ", Look::quiet}, {name, Look::strong}};  // what is cut is the name
}

page::Table Page::document() const {
  page::Table table{{{{}, 1.1}, {{}, 4}}, {}, 3, false};
  const auto row = [&](const base::Text& label, Spans value) {
    Spans left = page::both(label);
    table.rows.push_back({std::move(left), std::move(value)});
  };
  const edxml::Document& header = facts_.header;
  const std::string code = header.code();
  Spans what;
  if (!header.type_name.empty()) what.push_back({header.type_name + " "});
  if (!code.empty()) what.push_back({code, Look::strong});
  if (const auto& date = header.promulgation.date) {
    what.push_back({", " + day_first(base::date_text(*date))});
  }
  if (!what.empty()) row(said("paper.document"), std::move(what));
  if (!header.subject.empty()) row(said("document.subject"), {{header.subject}});
  if (!evidences_.empty()) {
    const evidence::Facts& facts = evidences_.front().facts;
    row(said("document.sender"), organisation(facts.sender, header.from.name));
    row(said("paper.id"), {{facts_.document_id, Look::code}});
    row({"SHA-256", {}}, {{base::hex(facts.document_hash), Look::code},
                          {"  " + std::to_string(facts.document_size) + " byte", Look::quiet}});
  }
  return table;
}

std::vector<page::Block> Page::signature_blocks(std::size_t shown) const {
  std::vector<page::Block> out{page::Heading{said("paper.signatures")}};
  if (signed_.empty()) {
    const bool judged = !facts_.signatures.is_null();
    out.push_back(
        page::Paragraph{page::both(judged ? said("paper.noSignature") : said("paper.notJudged"))});
    return out;
  }
  page::Table table{{{said("signatures.file"), 2},
                     {said("paper.signer"), 3},
                     {said("signatures.capacity"), 1.7},
                     {said("paper.verdict"), 1.6},
                     {said("paper.proven"), 1.9}},
                    {},
                    2};
  for (std::size_t i = 0; i < shown; ++i) {
    const base::Json& one = *signed_[i].report;
    const auto& chain = one["chain"].array();
    const base::Json none;
    const base::Json& signer = chain.empty() ? none : chain.front();
    Spans who{{std::string(signer["name"].text()), Look::strong}};
    const std::string of(signer["organisation"].text());
    if (!of.empty() && of != signer["name"].text()) who.push_back({", " + of});
    const auto proven = evidence::parse_time(one["proven_at"].text());
    Spans capacity = page::both(capacity_text(one["capacity"].text()));
    Spans verdict = words_of_verdict(one["verdict"].text());
    table.rows.push_back({Spans{{signed_[i].file}}, std::move(who), std::move(capacity),
                          std::move(verdict), at_time(proven)});
  }
  out.push_back(std::move(table));
  if (shown < signed_.size()) {
    const std::string rest = number(signed_.size() - shown);
    out.push_back(page::Paragraph{page::both(said("paper.moreSignatures", {{"count", rest}}))});
  }
  return out;
}

std::vector<page::Block> Page::course_blocks(std::size_t shown) const {
  std::vector<page::Block> out{page::Heading{said("paper.course")}};
  std::size_t delivered = 0, fetched = 0;
  std::map<evidence::Event, std::size_t> ends;
  for (const Course& course : courses_) {
    delivered += course.delivered ? 1 : 0;
    fetched += course.fetched ? 1 : 0;
    if (course.end) ++ends[*course.end];
  }
  if (!evidences_.empty()) {
    const Evidence& first = evidences_.front();
    const base::Text what = evidence::text_of(first.facts.event);
    out.push_back(page::Paragraph{
        {{local(first.at) + "  ", Look::strong}, {what.vi}, {" / " + what.en, Look::quiet}}});
  }
  base::Text sums = said("paper.sums", {{"recipients", number(courses_.size())},
                                        {"delivered", number(delivered)},
                                        {"fetched", number(fetched)}});
  for (const auto& [event, count] : ends) {
    const base::Text what = evidence::text_of(event);
    sums.vi += "; " + number(count) + ": " + what.vi;
    sums.en += "; " + number(count) + ": " + what.en;
  }
  out.push_back(page::Paragraph{page::both(sums)});
  page::Table table{{{said("board.recipient"), 3.2},
                     {said("paper.delivered"), 1.7},
                     {said("paper.fetched"), 1.6},
                     {said("paper.outcome"), 2.6}},
                    {},
                    2};
  for (std::size_t i = 0; i < shown; ++i) {
    const Course& course = courses_[i];
    Spans end{{"–", Look::quiet}};
    if (course.end) {
      end = {{local(*course.ended) + "  "}};
      for (page::Span& span : page::both(evidence::text_of(*course.end))) end.push_back(span);
    }
    table.rows.push_back({organisation(course.recipient, ""), at_time(course.delivered),
                          at_time(course.fetched), std::move(end)});
  }
  if (shown > 0) out.push_back(std::move(table));
  if (shown < courses_.size()) {
    const std::string rest = number(courses_.size() - shown);
    out.push_back(page::Paragraph{page::both(said("paper.moreRecipients", {{"count", rest}}))});
  }
  return out;
}

Spans Page::evidences_row() const {
  std::size_t good = 0;
  std::set<std::string> batches;
  std::optional<base::Time> first, last;
  for (std::size_t i = 0; i < facts_.reports.size(); ++i) {
    const auto& report = facts_.reports[i];
    good += report.verdict() == Verdict::valid ? 1 : 0;
    batches.insert(facts_.proofs[i].note);
    if (!report.proven_at) continue;
    first = std::min(first.value_or(*report.proven_at), *report.proven_at);
    last = std::max(last.value_or(*report.proven_at), *report.proven_at);
  }
  const std::string all = number(facts_.reports.size()), in = number(batches.size());
  Spans out = page::both(
      said("paper.evidencesSum", {{"all", all}, {"batches", in}, {"valid", number(good)}}));
  if (first) {
    base::Text span = said("paper.timestamps", {{"first", local(*first)}, {"last", local(*last)}});
    span.vi = "\n" + span.vi;
    Spans more = page::both(span);
    out.insert(out.end(), more.begin(), more.end());
  }
  return out;
}

Spans Page::log_row() const {
  std::optional<log::Checkpoint> newest;
  std::optional<std::uint64_t> low, high;
  for (const auto& proof : facts_.proofs) {
    const auto read = log::Proof::parse(proof.log_proof);
    if (!read) continue;
    const auto note = log::parse_note(read->checkpoint);
    if (!note) continue;
    auto head = log::Checkpoint::parse(note->text);
    if (!head) continue;
    low = std::min(low.value_or(read->index), read->index);
    high = std::max(high.value_or(read->index), read->index);
    if (!newest || head->size > newest->size) newest = std::move(*head);
  }
  if (!newest) {
    return page::both(said("paper.notLogged"));
  }
  const std::string range = std::to_string(*low) + "–" + std::to_string(*high);
  base::Text entries =
      said("paper.logEntries", {{"range", range}, {"size", std::to_string(newest->size)}});
  entries.vi = newest->origin + ": " + entries.vi;
  Spans out = page::both(entries);
  out.push_back({"\n" + base::hex(newest->root), Look::code});
  return out;
}

page::Table Page::proof() const {
  page::Table table{{{{}, 1.1}, {{}, 4}}, {}, 4, false};
  const auto row = [&](const base::Text& label, Spans value) {
    Spans left = page::both(label);
    table.rows.push_back({std::move(left), std::move(value)});
  };
  if (!evidences_.empty()) {
    const Evidence& last = evidences_.back();
    row(said("paper.exchange"),
        {{last.exchange.name, Look::strong},
         {"\n" + base::hex(last.exchange.certificate), Look::code},
         {"  " + said("paper.certificate").vi + " / " + said("paper.certificate").en + ", SHA-256",
          Look::quiet}});
  }
  row(said("paper.evidences"), evidences_row());
  row(said("paper.log"), log_row());
  return table;
}

page::Sheet Page::sheet(std::size_t recipients, std::size_t signatures) const {
  page::Sheet sheet;
  sheet.title = said("paper.evidence").vi + " " + facts_.document_id;
  if (!evidences_.empty()) sheet.author = evidences_.back().exchange.name;
  sheet.subject = said("paper.evidence").en;
  sheet.made_at = facts_.made_at;
  auto& blocks = sheet.blocks;
  blocks.emplace_back(page::Title{said("paper.evidence")});
  if (is_demonstration()) {
    blocks.emplace_back(page::Notice{said("paper.demonstration")});
  }
  blocks.emplace_back(document());
  for (auto& block : signature_blocks(signatures)) blocks.push_back(std::move(block));
  for (auto& block : course_blocks(recipients)) blocks.push_back(std::move(block));
  blocks.emplace_back(page::Heading{said("paper.proof")});
  blocks.emplace_back(proof());
  const base::Text summary = said("paper.summary");
  sheet.footer = {
      {said("paper.madeAt", {{"at", local(facts_.made_at)}}).vi + " " + summary.vi + "\n",
       Look::plain},
      {summary.en, Look::quiet}};
  return sheet;
}

}  // namespace

base::Result<page::Pdf> report_pdf(const ReportFacts& facts) {
  const Page page(facts);
  std::size_t signatures = page.signatures(), most = page.recipients();
  page::Pdf best = TRY(page::render(page.sheet(most, signatures)));
  if (best.pages == 1) return best;
  // First as few signatures as leave room for a few recipients, then as many of those as fit.
  std::size_t shown = std::min(most, kFewest);
  for (;;) {
    best = TRY(page::render(page.sheet(shown, signatures)));
    if (best.pages == 1 || (signatures == 0 && shown == 0)) break;
    if (signatures > 0) {
      --signatures;
    } else {
      --shown;
    }
  }
  while (shown + 1 < most) {
    const std::size_t middle = (shown + most) / 2;
    page::Pdf tried = TRY(page::render(page.sheet(middle, signatures)));
    if (tried.pages == 1) {
      shown = middle;
      best = std::move(tried);
    } else {
      most = middle;
    }
  }
  return best;
}

}  // namespace trust::bundle
