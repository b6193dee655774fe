#include "exchange/searching.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <set>
#include <vector>

#include "base/log.h"
#include "edxml/attachments.h"
#include "exchange/kept_document.h"
#include "exchange/records.h"
#include "store/journal.h"

namespace exchange {
namespace {

// What is read from the records in one snapshot.
struct AcceptedRow {
  records::DocumentRow row;
  std::vector<std::int64_t> visible_to;
};
struct Round {
  std::int64_t before = 0, after = 0, end = 0;
  std::vector<AcceptedRow> documents;
};

base::Result<void> read_document_rows(store::Connection& connection,
                                      const std::vector<DocumentKey>& keys, Round& round) {
  for (const DocumentKey key : keys) {
    const auto row = TRY(records::document(connection, key));
    if (!row || row->kind != edxml::Kind::document) continue;
    AcceptedRow accepted{*row, {row->sender}};
    for (const records::DeliveryRow& delivery : TRY(records::deliveries_of(connection, key)))
      accepted.visible_to.push_back(delivery.recipient);
    round.documents.push_back(std::move(accepted));
  }
  return base::done();
}

base::Result<Round> read_round(Exchange& exchange, std::int64_t before,
                               const SearchOptions& options) {
  Round round;
  TRY(exchange.database().read([&](store::Connection& connection) -> base::Result<void> {
    round = {before, before, 0, {}};
    round.end = TRY(store::journal::last_seq(connection));
    std::vector<DocumentKey> keys;
    TRY(store::journal::after(
        connection, before, options.entries_max, [&](const store::journal::Entry& entry) {
          if (keys.size() >= options.documents_max) return;
          round.after = entry.seq;
          if (entry.kind != "accepted" && entry.kind != "recipients_added") return;
          const auto named = parse_id(exchange.site(), entry.subject);
          if (named && std::find(keys.begin(), keys.end(), named->document) == keys.end())
            keys.push_back(named->document);
        }));
    return read_document_rows(connection, keys, round);
  }));
  return round;
}

// An attachment as a file that other programs can read; gone afterwards.
class AttachmentFile {
 public:
  explicit AttachmentFile(const std::string& directory) : path_(directory + "/search-XXXXXX") {
    file_ = ::mkostemp(path_.data(), O_CLOEXEC);
  }
  ~AttachmentFile() {
    if (file_ < 0) return;
    ::close(file_);
    ::unlink(path_.c_str());
  }
  AttachmentFile(const AttachmentFile&) = delete;
  AttachmentFile& operator=(const AttachmentFile&) = delete;
  const std::string& path() const { return path_; }

  base::Result<void> write(base::BytesView bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
      const ssize_t put = file_ < 0 ? -1 : ::write(file_, bytes.data() + at, bytes.size() - at);
      if (put <= 0) {
        return base::Error(base::Code::unavailable, "exchange.spool_failed",
                           "an attachment cannot be written to read its text: " +
                               std::string(std::strerror(errno)),
                           "Không ghi được tệp đính kèm ra đĩa để đọc chữ");
      }
      at += static_cast<std::size_t>(put);
    }
    return base::done();
  }

 private:
  std::string path_;
  int file_ = -1;
};

base::Result<search::FileText> text_of(const edxml::Attachment& attachment,
                                       store::BlobReader& content, const SearchOptions& options) {
  AttachmentFile file(options.text.directory);
  const auto read_at = [&](std::uint64_t offset, char* to, std::size_t size) {
    return content.read_at(offset, to, size);
  };
  TRY(edxml::extract(attachment, read_at, options.attachment_bytes_max,
                     [&](base::BytesView bytes) { return file.write(bytes); }));
  return search::text_of_file(file.path(), attachment.name, options.text);
}

void add(std::string& to, std::string_view text, std::string_view separator = " ") {
  if (text.empty()) return;
  if (!to.empty()) to += separator;
  to += text;
}

std::int32_t day_of(const base::Date& date) {
  using namespace std::chrono;
  const year_month_day day{year(date.year), month(static_cast<unsigned>(date.month)),
                           std::chrono::day(static_cast<unsigned>(date.day))};
  return day.ok() ? static_cast<std::int32_t>(sys_days(day).time_since_epoch().count()) : 0;
}

void fill(search::Entry& entry, const edxml::Document& document) {
  entry.notation = document.code() + "\n" + document.document_id;
  entry.subject = document.subject;
  entry.sender = document.from.name + "\n" + document.from.id;
  for (const edxml::Organisation& to : document.to) {
    add(entry.recipients, to.name, "; ");
    add(entry.recipients, to.id);
  }
  entry.type = document.type_name;
  entry.signer = document.signer_name;
  add(entry.signer, document.signer_position);
  entry.urgency = document.urgency();
  if (document.promulgation.date) entry.day = day_of(*document.promulgation.date);
  entry.content = document.content;
  for (const edxml::Attachment& attachment : document.attachments)
    add(entry.attachments, attachment.name, "; ");
}

search::Entry entry_of(Exchange& exchange, const AcceptedRow& accepted,
                       const SearchOptions& options) {
  search::Entry entry;
  entry.id = accepted.row.id;
  entry.visible_to = accepted.visible_to;
  entry.day = day_of(base::vietnam_date(accepted.row.accepted_at));
  const auto content = exchange.blobs().open(accepted.row.blob);
  if (!content) {
    entry.note = content.error().text().vi + " (" + std::string(content.error().reason()) + ")";
    return entry;
  }
  const auto document = read_kept(**content);
  if (!document) {
    entry.note = document.error().text().vi + " (" + std::string(document.error().reason()) + ")";
    return entry;
  }
  fill(entry, *document);
  for (std::size_t at = 0; at < std::min(document->attachments.size(), options.attachments_max);
       ++at) {
    const edxml::Attachment& attachment = document->attachments[at];
    const auto text = text_of(attachment, **content, options);
    if (text) add(entry.content, text->text, "\n");
    const std::string& why = text ? text->note.vi : text.error().text().vi;
    if (!why.empty()) add(entry.note, attachment.name + ": " + why, "; ");
  }
  return entry;
}

}  // namespace

base::Result<std::int64_t> index_accepted(Exchange& exchange, search::Index& index,
                                          const SearchOptions& options) {
  const std::int64_t before = TRY(index.cursor());
  const Round round = TRY(read_round(exchange, before, options));
  if (before > round.end) {
    base::log::warning("search.cleared", {{"cursor", before}, {"journal", round.end}});
    TRY(index.clear());
    return round.end;
  }
  if (round.after == before) return 0;
  std::vector<search::Entry> entries;
  for (const AcceptedRow& accepted : round.documents)
    entries.push_back(entry_of(exchange, accepted, options));
  TRY(index.put(entries, before, round.after));
  while (TRY(index.merge())) {
  }
  return round.after - before;
}

base::Result<std::int64_t> entries_to_index(Exchange& exchange, search::Index& index) {
  const std::int64_t cursor = TRY(index.cursor());
  std::int64_t end = 0;
  TRY(exchange.database().read([&](store::Connection& connection) -> base::Result<void> {
    end = TRY(store::journal::last_seq(connection));
    return base::done();
  }));
  return std::max<std::int64_t>(end - cursor, 0);
}

}  // namespace exchange
