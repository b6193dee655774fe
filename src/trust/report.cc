// Reports as JSON (docs/formats/signature-report.md) and as text for a terminal.
#include "base/hash.h"
#include "base/text.h"
#include "trust/verdict.h"

namespace trust {
namespace {

std::string_view name_of(Format format) {
  switch (format) {
    case Format::pdf:
      return "pdf";
    case Format::cms:
      return "cms";
    case Format::xml:
      return "xml";
    case Format::timestamp:
      break;
  }
  return "timestamp";
}

std::string_view name_of(SignatureReport::Capacity capacity) {
  switch (capacity) {
    case SignatureReport::Capacity::person:
      return "person";
    case SignatureReport::Capacity::organisation:
      return "organisation";
    case SignatureReport::Capacity::unknown:
      break;
  }
  return "unknown";
}

std::string_view name_of(Scan::Outcome outcome) {
  switch (outcome) {
    case Scan::Outcome::clean:
      return "clean";
    case Scan::Outcome::infected:
      return "infected";
    case Scan::Outcome::not_scanned:
      break;
  }
  return "not_scanned";
}

base::Json json_of(const base::Text& text) {
  base::Json out;
  out.add("vi", text.vi).add("en", text.en);
  return out;
}

base::Json json_of(const std::vector<base::Text>& texts) {
  base::Json out(base::Json::Array{});
  for (const base::Text& text : texts) out.push(json_of(text));
  return out;
}

base::Json json_of(const CertificateSummary& one) {
  base::Json out;
  out.add("subject", one.subject).add("issuer", one.issuer).add("serial", one.serial);
  out.add("name", one.name).add("organisation", one.organisation);
  out.add("not_before", base::iso_time_text(one.not_before));
  out.add("not_after", base::iso_time_text(one.not_after));
  out.add("sha256", base::hex(one.sha256)).add("demonstration", one.demonstration);
  return out;
}

void add_verdict(base::Json& out, Verdict verdict) {
  out.add("verdict", name_of(verdict)).add("indication", indication_of(verdict));
}

class Lines {
 public:
  explicit Lines(base::Language language) : language_(language) {}
  void add(int depth, std::string_view vi, std::string_view en, std::string_view value = {}) {
    out_.append(static_cast<std::size_t>(depth) * 2, ' ');
    out_ += language_ == base::Language::vietnamese ? vi : en;
    out_ += value;
    out_ += '\n';
  }
  void add(int depth, const base::Text& text) {
    add(depth, text.in(language_), text.in(language_));
  }
  std::string_view word(std::string_view vi, std::string_view en) const {
    return language_ == base::Language::vietnamese ? vi : en;
  }
  std::string_view in(const base::Text& text) const { return text.in(language_); }
  std::string take() { return std::move(out_); }
  base::Language language() const { return language_; }

 private:
  base::Language language_;
  std::string out_;
};

std::string local(base::Time time) { return base::vietnam_time_text(time, '/') + " (UTC+7)"; }

void add_signer(Lines& lines, const SignatureReport& report, int depth) {
  if (report.chain.empty()) return;
  const CertificateSummary& signer = report.chain.front();
  std::string who = signer.name;
  if (!signer.organisation.empty() && signer.organisation != signer.name) {
    who += ", " + signer.organisation;
  }
  lines.add(depth, "Người ký: ", "Signer: ", who);
  if (report.capacity == SignatureReport::Capacity::person) {
    lines.add(depth, "Tư cách: cá nhân", "Capacity: a person");
  } else if (report.capacity == SignatureReport::Capacity::organisation) {
    lines.add(depth, "Tư cách: cơ quan, tổ chức", "Capacity: an organisation");
  }
  std::string path;
  for (const CertificateSummary& one : report.chain) {
    if (!path.empty()) path += " ← ";
    path += one.name.empty() ? one.subject : one.name;
  }
  lines.add(depth, "Đường dẫn chứng thực: ", "Certification path: ", path);
  if (report.chain.back().demonstration) {
    lines.add(depth, "TRÌNH DIỄN: chứng thư số này chỉ để thử, không có giá trị pháp lý",
              "DEMONSTRATION: this certificate is for trials only and has no legal force");
  }
}

void add_report(Lines& lines, const SignatureReport& report, int depth) {
  std::string head(lines.in(text_of(report.verdict)));
  head += " (" + std::string(indication_of(report.verdict));
  if (report.sub != SubIndication::none) head += ", " + std::string(name_of(report.sub));
  head += ")";
  std::string what = report.profile;
  if (!report.where.empty()) what += " [" + report.where + "]";
  if (report.format == Format::timestamp) {
    lines.add(depth, "Dấu thời gian " + what + ": ", "Timestamp " + what + ": ", head);
  } else {
    lines.add(depth, "Chữ ký " + what + ": ", "Signature " + what + ": ", head);
  }
  ++depth;
  if (report.sub != SubIndication::none) lines.add(depth, text_of(report.sub));
  add_signer(lines, report, depth);
  if (!report.signature.empty()) {
    lines.add(depth, "Thuật toán: ", "Algorithms: ", report.signature + ", " + report.digest);
  }
  if (report.proven_at) {
    lines.add(depth,
              "Có trước (đã chứng minh): ", "Existed by (proven): ", local(*report.proven_at));
  }
  if (report.claimed_at) {
    lines.add(depth, "Thời điểm ký (bên ký tự ghi): ", "Signed at (the signer's claim): ",
              local(*report.claimed_at));
  }
  if (!report.covers.empty()) {
    lines.add(depth, "Bao trùm: ", "Covers: ", base::join(report.covers, ", "));
  } else if (!report.covers_whole) {
    lines.add(depth, "Không bao trùm toàn bộ tệp", "Does not cover the whole file");
  }
  for (const base::Text& change : report.later_changes) {
    lines.add(depth, "Sau khi ký: ", "After it was signed: ", lines.in(change));
  }
  for (const Step& step : report.steps) {
    const char* mark = step.outcome == Verdict::valid          ? "✓ "
                       : step.outcome == Verdict::undetermined ? "? "
                                                               : "✗ ";
    const std::string line =
        mark + std::string(step.block) + ": " + std::string(lines.in(step.message));
    lines.add(depth, line, line);
  }
  for (const SignatureReport& timestamp : report.timestamps) add_report(lines, timestamp, depth);
}

}  // namespace

base::Json to_json(const SignatureReport& report) {
  base::Json out;
  out.add("format", name_of(report.format)).add("profile", report.profile);
  out.add("where", report.where);
  add_verdict(out, report.verdict);
  if (report.sub != SubIndication::none) {
    out.add("sub_indication", trust::name_of(report.sub));
    out.add("text", json_of(text_of(report.sub)));
  }
  out.add("capacity", name_of(report.capacity));
  if (report.claimed_at) out.add("claimed_at", base::iso_time_text(*report.claimed_at));
  if (report.proven_at) out.add("proven_at", base::iso_time_text(*report.proven_at));
  out.add("digest", report.digest).add("signature", report.signature);
  out.add("covers_whole", report.covers_whole);
  base::Json covers(base::Json::Array{});
  for (const std::string& one : report.covers) covers.push(one);
  out.add("covers", std::move(covers));
  out.add("later_changes", json_of(report.later_changes));
  base::Json chain(base::Json::Array{});
  for (const CertificateSummary& one : report.chain) chain.push(json_of(one));
  out.add("chain", std::move(chain));
  base::Json steps(base::Json::Array{});
  for (const Step& step : report.steps) {
    base::Json entry;
    entry.add("block", step.block).add("outcome", trust::name_of(step.outcome));
    entry.add("text", json_of(step.message));
    steps.push(std::move(entry));
  }
  out.add("steps", std::move(steps));
  base::Json timestamps(base::Json::Array{});
  for (const SignatureReport& one : report.timestamps) timestamps.push(to_json(one));
  out.add("timestamps", std::move(timestamps));
  return out;
}

base::Json to_json(const DocumentReport& report) {
  base::Json out;
  out.add("version", 1).add("name", report.name).add("media_type", report.media_type);
  out.add("sha256", base::hex(report.sha256));
  out.add("size", static_cast<std::int64_t>(report.size));
  out.add("judged_at", base::iso_time_text(report.judged_at));
  out.add("signed", report.is_signed()).add("incomplete", report.incomplete);
  if (report.is_signed()) add_verdict(out, report.verdict());
  base::Json signatures(base::Json::Array{});
  for (const SignatureReport& one : report.signatures) signatures.push(to_json(one));
  out.add("signatures", std::move(signatures)).add("remarks", json_of(report.remarks));
  if (report.scan) {
    base::Json scan;
    scan.add("outcome", name_of(report.scan->outcome)).add("malware", report.scan->malware);
    scan.add("remark", json_of(report.scan->remark));
    out.add("scan", std::move(scan));
  }
  return out;
}

std::string to_text(const DocumentReport& report, base::Language language) {
  Lines lines(language);
  std::string head(report.is_signed() ? lines.in(text_of(report.verdict()))
                                      : lines.word("không có chữ ký số", "not signed"));
  lines.add(0, "", "", report.name + ": " + head);
  lines.add(
      1, "SHA-256: ", "SHA-256: ", base::hex(report.sha256) + ", " + base::size_text(report.size));
  lines.add(1, "Kiểm tra lúc: ", "Judged at: ", local(report.judged_at));
  if (report.incomplete) {
    lines.add(1, "Chưa kiểm tra hết tệp này; hãy kiểm tra lại",
              "Not everything in this file was looked at; judge it again");
  }
  for (const base::Text& remark : report.remarks) lines.add(1, remark);
  if (report.scan) {
    switch (report.scan->outcome) {
      case Scan::Outcome::clean:
        lines.add(1, "Không thấy mã độc", "No malware found");
        break;
      case Scan::Outcome::infected:
        lines.add(1, "CÓ MÃ ĐỘC: ", "MALWARE: ", report.scan->malware);
        break;
      case Scan::Outcome::not_scanned:
        lines.add(1,
                  "Chưa quét mã độc: ", "Not scanned for malware: ", lines.in(report.scan->remark));
        break;
    }
  }
  for (const SignatureReport& one : report.signatures) add_report(lines, one, 1);
  return lines.take();
}

}  // namespace trust
