#include "exchange/verify.h"

#include "base/hash.h"
#include "base/text.h"
#include "exchange/records.h"
#include "store/journal.h"

namespace exchange {
namespace {

using store::Query;

constexpr std::size_t kFindingsMax = 100;

const Query kSiteTag{"exchange.verify_site", "select value from meta where name = 'site'"};
const Query kDocument{"exchange.verify_document",
                      "select d.hash, d.size, d.blob, o.code from document d "
                      "left join organisation o on o.key = d.sender where d.id = $1"};
const Query kRecipients{
    "exchange.verify_recipients",
    "select d.id, o.code from delivery d left join organisation o on o.key = d.recipient "
    "where d.id >= $1 and d.id <= $2 order by d.id"};
const Query kDocuments{"exchange.verify_documents", "select count(*) from document"};
const Query kDeliveries{"exchange.verify_deliveries", "select count(*) from delivery"};

class Verification {
 public:
  Verification(store::Connection& connection, store::Blobs& blobs, std::uint32_t site,
               bool contents, VerifyReport& report)
      : connection_(connection), blobs_(blobs), site_(site), contents_(contents), report_(report) {}

  base::Result<void> run(const std::function<void(std::int64_t, std::int64_t)>& progress) {
    const std::int64_t total = TRY(store::journal::last_seq(connection_));
    base::Result<void> checked;
    const auto verdict =
        TRY(store::journal::verify(connection_, 1, [&](const store::journal::Entry& entry) {
          if (checked) checked = check(entry);
          if (progress && entry.seq % 1000 == 0) progress(entry.seq, total);
        }));
    TRY(std::move(checked));
    report_.journal_entries = verdict.entries;
    report_.journal_head = base::hex(verdict.head);
    if (verdict.broken_at) {
      const std::string at = std::to_string(*verdict.broken_at);
      find("journal entry " + at + ": " + verdict.why + "; restore the last backup (truc restore)",
           "nhật ký, mục " + at +
               " không khớp chuỗi băm; hãy phục hồi bản sao lưu gần nhất (truc restore)");
    }
    report_.documents = TRY(connection_.integer(kDocuments, {})).value_or(0);
    report_.deliveries = TRY(connection_.integer(kDeliveries, {})).value_or(0);
    if (!verdict.broken_at && report_.documents != accepted_) {
      find(std::to_string(report_.documents) + " documents are kept, but the journal accepted " +
               std::to_string(accepted_),
           "có " + std::to_string(report_.documents) + " văn bản, nhưng nhật ký ghi đã nhận " +
               std::to_string(accepted_));
    }
    if (!verdict.broken_at && report_.deliveries != expected_deliveries_) {
      find(std::to_string(report_.deliveries) + " deliveries are kept, but the journal made " +
               std::to_string(expected_deliveries_),
           "có " + std::to_string(report_.deliveries) + " lượt chuyển, nhưng nhật ký ghi " +
               std::to_string(expected_deliveries_));
    }
    return base::done();
  }

 private:
  void find(std::string en, std::string vi) {
    if (report_.findings.size() < kFindingsMax)
      report_.findings.push_back({std::move(vi), std::move(en)});
  }

  base::Result<void> check(const store::journal::Entry& entry) {
    const auto named = parse_id(site_, entry.subject);
    if (entry.kind == "accepted") return check_accepted(entry, named);
    if (entry.kind == "recipients_added" && named) {
      const base::Json body = TRY(base::Json::parse(entry.body));
      return check_recipients(entry.subject, named->document, body);
    }
    if (entry.kind != "fetched" && entry.kind != "acknowledged") return base::done();
    const auto delivery = named && named->delivery
                              ? TRY(records::delivery(connection_, *named->delivery))
                              : std::nullopt;
    if (!delivery) {
      find("delivery " + entry.subject + " of journal entry " + std::to_string(entry.seq) +
               " is missing",
           "thiếu lượt chuyển " + entry.subject + " của mục nhật ký " + std::to_string(entry.seq));
    } else if (entry.kind == "fetched" && !delivery->state.fetched) {
      find("delivery " + entry.subject + " was fetched, but its record does not say so",
           "lượt chuyển " + entry.subject + " đã được lấy nhưng hồ sơ không ghi");
    }
    return base::done();
  }

  base::Result<void> check_accepted(const store::journal::Entry& entry,
                                    const std::optional<Named>& named) {
    ++accepted_;
    const base::Json body = TRY(base::Json::parse(entry.body));
    std::string hash, blob, sender;
    std::int64_t size = 0;
    const bool there =
        named && TRY(connection_.first(kDocument, {named->document}, [&](const store::Row& row) {
          hash = base::hex(row.bytes(0));
          size = row.integer(1);
          blob = row.string(2);
          sender = row.string(3);
        }));
    if (!there) {
      find("document " + entry.subject + " was accepted, but its record is missing",
           "văn bản " + entry.subject + " đã nhận nhưng không còn hồ sơ");
      return base::done();
    }
    if (hash != body["hash"].text()) {
      find("document " + entry.subject + ": record and journal disagree about its hash",
           "văn bản " + entry.subject + ": hồ sơ và nhật ký khác mã băm");
    }
    if (sender != body["from"].text() || size != body["size"].integer()) {
      find("document " + entry.subject + ": record and journal disagree about its sender or size",
           "văn bản " + entry.subject + ": hồ sơ và nhật ký khác nơi gửi hoặc kích thước");
    }
    TRY(check_recipients(entry.subject, named->document, body));
    if (contents_) check_bytes(entry.subject, blob, hash);
    return base::done();
  }

  // The deliveries that an entry made, from its place "first" on, against their records.
  base::Result<void> check_recipients(const std::string& id, DocumentKey document,
                                      const base::Json& body) {
    const auto& to = body["to"].array();
    const DeliveryKey first = delivery_key(document, body["first"].integer());
    // A status message may reach fewer than it names; the journal then says how many.
    const std::int64_t expected = body["deliveries"].integer(static_cast<std::int64_t>(to.size()));
    expected_deliveries_ += expected;
    if (expected == 0) return base::done();
    std::int64_t kept = 0, others = 0;
    TRY(connection_.each(kRecipients, {first, first + expected - 1}, [&](const store::Row& row) {
      const auto place = static_cast<std::size_t>(row.integer(0) - first);
      ++kept;
      if (!body.has("deliveries") && row.text(1) != to[place].text()) ++others;
      return true;
    }));
    if (kept != expected) {
      find("document " + id + " has " + std::to_string(kept) + " deliveries instead of " +
               std::to_string(expected),
           "văn bản " + id + " có " + std::to_string(kept) + " lượt chuyển thay vì " +
               std::to_string(expected));
    }
    if (others != 0) {
      find("document " + id + ": " + std::to_string(others) +
               " deliveries go to others than the journal says",
           "văn bản " + id + ": " + std::to_string(others) +
               " lượt chuyển khác nơi nhận ghi trong nhật ký");
    }
    return base::done();
  }

  void check_bytes(const std::string& id, const std::string& blob, const std::string& expected) {
    const auto reader = blobs_.open(blob);
    if (!reader) {
      find("document " + id + ": its bytes are missing (" + reader.error().detail() +
               "); restore them from a backup",
           "văn bản " + id + ": mất nội dung (" + blob + "); hãy lấy lại từ bản sao lưu");
      return;
    }
    base::Sha256 sum;
    std::string buffer(256 * 1024, '\0');
    for (std::uint64_t at = 0; at < (*reader)->size();) {
      const auto got = (*reader)->read_at(at, buffer.data(), buffer.size());
      if (!got || *got == 0) break;
      sum.update({buffer.data(), *got});
      at += *got;
    }
    if (base::hex(sum.finish()) != expected) {
      find("document " + id + ": its bytes do not match their hash; restore them from a backup",
           "văn bản " + id + ": nội dung không khớp mã băm; hãy lấy lại từ bản sao lưu");
    }
  }

  store::Connection& connection_;
  store::Blobs& blobs_;
  const std::uint32_t site_;
  const bool contents_;
  VerifyReport& report_;
  std::int64_t accepted_ = 0, expected_deliveries_ = 0;
};

}  // namespace

base::Result<std::uint32_t> site_of(store::Database& database) {
  std::string text;
  TRY(database.read([&](store::Connection& connection) -> base::Result<void> {
    TRY(connection.first(kSiteTag, {}, [&](const store::Row& row) { text = row.string(0); }));
    return base::done();
  }));
  return static_cast<std::uint32_t>(base::parse_int(text).value_or(0));
}

base::Result<VerifyReport> verify(store::Database& database, store::Blobs& blobs,
                                  std::uint32_t site, bool contents,
                                  const std::function<void(std::int64_t, std::int64_t)>& progress) {
  VerifyReport report;
  for (std::string& line : TRY(database.check())) {
    report.findings.push_back({"cơ sở dữ liệu: " + line, "database: " + line});
  }
  TRY(database.read([&](store::Connection& connection) -> base::Result<void> {
    return Verification(connection, blobs, site, contents, report).run(progress);
  }));
  return report;
}

}  // namespace exchange
