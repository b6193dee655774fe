// The journal for those who audit: by who, what, about what and when, with what is known of its
// chain; as pages and as a table for spreadsheets.
#include "store/journal.h"

#include <algorithm>

#include "base/hash.h"
#include "exchange/rest/administration.h"
#include "exchange/rest/request.h"
#include "exchange/rest/resources.h"
#include "exchange/rest/spreadsheet.h"
#include "store/chain_watch.h"

namespace exchange::rest {
namespace {

using identity::Permission;
using store::Query;

// Entries that one page looks at: where few match, it comes before it is full.
constexpr std::int64_t kScan = 20'000, kScanExport = 200'000;
constexpr std::int64_t kExportMax = 10'000;
constexpr std::int64_t kNumberMax = std::int64_t{1} << 53;
constexpr std::string_view kHashExample =
    "e41c3ca0cea1d460a156f317ac09eae5f60cea684834be0ea5ebbe6f7367fc1f";

#define ENTRY "select seq, at, kind, subject, body, hash from journal where "
const Query kUp{"rest.journal_up", ENTRY "seq > $1 and seq < $2 order by seq"};
const Query kDown{"rest.journal_down", ENTRY "seq > $1 and seq < $2 order by seq desc"};
const Query kUpAbout{"rest.journal_up_about",
                     ENTRY "subject = $1 and seq > $2 and seq < $3 order by seq limit $4"};
const Query kDownAbout{"rest.journal_down_about",
                       ENTRY "subject = $1 and seq > $2 and seq < $3 order by seq desc limit $4"};
#undef ENTRY

struct Entry {
  std::int64_t seq = 0;
  base::Time at;
  std::string kind, subject, actor, text, hash;
  base::Json body;
};

Entry entry_of(const store::Row& row) {
  Entry one;
  one.seq = row.integer(0);
  one.at = row.time(1);
  one.kind = row.string(2);
  one.subject = row.string(3);
  one.text = row.string(4);
  one.hash = base::hex(row.bytes(5));
  if (auto body = base::Json::parse(one.text)) one.body = *std::move(body);
  // Who did it: whoever ran a command, the organisation that sent, or the one that signed in.
  for (const char* name : {"by", "from"}) {
    if (one.actor.empty()) one.actor = one.body[name].text();
  }
  if (one.actor.empty() && one.subject.starts_with("person:")) one.actor = one.subject;
  return one;
}

struct Filter {
  std::string_view subject, actor, kind;
  std::optional<base::Time> from, to;
  bool fits(const Entry& one) const {
    return (actor.empty() || one.actor == actor) && (kind.empty() || one.kind == kind) &&
           (!from || *from <= one.at) && (!to || one.at < *to);
  }
};

struct Walk {
  std::vector<Entry> entries;
  std::optional<std::int64_t> next;  // where to go on; nothing: all was looked at
};

struct Range {
  bool newest = false;
  std::optional<std::int64_t> start;  // beyond this number
  std::int64_t count = 0, scan = 0;
};

base::Result<Walk> walk(store::Connection& connection, const Filter& filter, const Range& range) {
  Walk walked;
  std::int64_t low = 0, high = TRY(store::journal::last_seq(connection)) + 1;  // both excluded
  if (filter.from) low = TRY(store::journal::first_since(connection, *filter.from)) - 1;
  if (filter.to) high = TRY(store::journal::first_since(connection, *filter.to));
  if (range.start) (range.newest ? high : low) = *range.start;
  const std::int64_t lowest = low, highest = high;
  const bool about = !filter.subject.empty();
  if (!about && range.newest) low = std::max(low, high - 1 - range.scan);
  if (!about && !range.newest) high = std::min(high, low + 1 + range.scan);
  std::int64_t last = 0, scanned = 0;
  const auto keep = [&](const store::Row& row) {
    Entry one = entry_of(row);
    last = one.seq;
    ++scanned;
    if (filter.fits(one)) walked.entries.push_back(std::move(one));
    return static_cast<std::int64_t>(walked.entries.size()) < range.count;
  };
  if (about) {
    TRY(connection.each(range.newest ? kDownAbout : kUpAbout,
                        {filter.subject, low, high, range.scan}, keep));
  } else {
    TRY(connection.each(range.newest ? kDown : kUp, {low, high}, keep));
  }
  const bool full = static_cast<std::int64_t>(walked.entries.size()) == range.count;
  if (full || (about && scanned == range.scan)) {
    walked.next = last;
  } else if (!about && range.newest && low > lowest) {
    walked.next = low + 1;
  } else if (!about && !range.newest && high < highest) {
    walked.next = high - 1;
  }
  return walked;
}

Filter filter_of(const Call& call) {
  return {call.text("subject"), call.text("actor"), call.text("kind"), call.time("from"),
          call.time("to")};
}

base::Result<Walk> read(const Exchange& exchange, const Call& call, const Range& range) {
  const Filter filter = filter_of(call);
  Walk walked;
  TRY(exchange.database().read([&](store::Connection& connection) -> base::Result<void> {
    walked = TRY(walk(connection, filter, range));
    return base::done();
  }));
  return walked;
}

base::Json chain_json(const store::journal::ChainWatch::Verdict& verdict) {
  base::Json json;
  json.add("state", name_of(verdict.state)).add("until", verdict.until);
  if (verdict.at) json.add("checked_at", base::iso_time_text(*verdict.at));
  if (!verdict.head.empty()) json.add("head", base::hex(verdict.head));
  if (verdict.broken_at) json.add("broken_at", *verdict.broken_at);
  if (!verdict.why.en.empty()) json.add("why_vi", verdict.why.vi).add("why_en", verdict.why.en);
  return json;
}

base::Text words_of(const store::journal::ChainWatch::Verdict& verdict) {
  using State = store::journal::ChainWatch::State;
  const std::string until = std::to_string(verdict.until);
  const std::string at = verdict.at ? base::iso_time_text(*verdict.at) : "";
  switch (verdict.state) {
    case State::intact:
      return {"Chuỗi nhật ký nguyên vẹn tới mục " + until + ", kiểm tra xong lúc " + at,
              "The chain of the journal is intact up to entry " + until + ", as of " + at};
    case State::broken:
      return {"CHUỖI NHẬT KÝ SAI tại mục " + std::to_string(verdict.broken_at.value_or(0)) + ": " +
                  verdict.why.vi + "; phát hiện lúc " + at,
              "THE CHAIN OF THE JOURNAL IS BROKEN at entry " +
                  std::to_string(verdict.broken_at.value_or(0)) + ": " + verdict.why.en +
                  "; found at " + at};
    case State::checking:
      break;
  }
  return {"Chuỗi nhật ký đang được kiểm tra, nguyên vẹn tới mục " + until,
          "The chain of the journal is being checked, intact up to entry " + until};
}

base::Json entry_json(const Entry& one) {
  base::Json json;
  json.add("seq", one.seq).add("at", base::iso_time_text(one.at)).add("kind", one.kind);
  json.add("subject", one.subject);
  if (!one.actor.empty()) json.add("actor", one.actor);
  json.add("body", one.body).add("hash", one.hash);
  return json;
}

base::Result<http::Response> list_journal(Exchange& exchange,
                                          const store::journal::ChainWatch* chain, Call& call) {
  TRY(require_platform(call, Permission::audit_read));
  const auto place = TRY(call.place());
  Range range{call.text("order") == "newest", std::nullopt, call.limit(), kScan};
  if (place) range.start = place->at(0);
  const Walk walked = TRY(read(exchange, call, range));
  base::Json items{base::Json::Array{}}, more{base::Json::Object{}};
  for (const Entry& one : walked.entries) items.push(entry_json(one));
  if (chain) more.add("chain", chain_json(chain->verdict()));
  return call.page(std::move(items),
                   walked.next ? std::optional(Place{*walked.next}) : std::nullopt,
                   std::move(more));
}

base::Result<http::Response> export_journal(Exchange& exchange,
                                            const store::journal::ChainWatch* chain, Call& call) {
  TRY(require_platform(call, Permission::audit_read));
  const Range range{call.text("order") == "newest", std::nullopt, call.integer("limit", kExportMax),
                    kScanExport};
  const Walk walked = TRY(read(exchange, call, range));
  const auto say = [&](std::string vi, std::string en) {
    return base::Text{std::move(vi), std::move(en)}.in(call.language);
  };
  std::string csv(kCsvStart);
  if (chain) add_csv_line(csv, {words_of(chain->verdict()).in(call.language)});
  if (walked.next) {
    add_csv_line(csv, {say("CHƯA HẾT: hãy thu hẹp from và to rồi xuất tiếp từ sau mục " +
                               std::to_string(*walked.next),
                           "NOT ALL: narrow from and to, and go on after entry " +
                               std::to_string(*walked.next))});
  }
  add_csv_line(csv, {"seq", "at", "kind", "subject", "actor", "body", "hash"});
  for (const Entry& one : walked.entries) {
    add_csv_line(csv, {std::to_string(one.seq), base::iso_time_text(one.at), one.kind, one.subject,
                       one.actor, one.text, one.hash});
  }
  http::Response response = http::Response::text(200, kCsvType, std::move(csv));
  response.headers.add("Content-Disposition", "attachment; filename=\"truc-journal.csv\"");
  return response;
}

// --- what it looks like --------------------------------------------------------------------------

Schema entry_schema() {
  return object(
      "JournalEntry", {"Một mục nhật ký.", "An entry of the journal."},
      {required("seq", integer(1, kNumberMax, {"Số thứ tự.", "Its number."}, 1)),
       required("at", time({"Lúc.", "When."})),
       required("kind", text(100, {"Loại.", "Its kind."}, "accepted")),
       required("subject",
                text(400, {"Về cái gì.", "What it is about."}, "5f1c0a3b0003a1b2c3d4e5f6", 0)),
       optional("actor", text(400,
                              {"Ai làm: người, hệ thống, console, hoặc mã cơ quan gửi.",
                               "Who did it: a person, a system, the console, or the code of the "
                               "organisation that sent."},
                              "person:3")),
       required("body", anything({"Nội dung.", "What it says."}, base::Json())),
       required("hash", text(64, {"Băm.", "Its hash, hex."}, kHashExample))});
}

Schema chain_schema() {
  return object(
      "JournalChain",
      {"Chuỗi băm của nhật ký được kiểm tra liên tục phía sau.",
       "What is known of the journal's chain, which is checked all the time behind the calls."},
      {required("state", word({"checking", "intact", "broken"},
                              {"Kết luận; checking: lần đầu chưa xong.",
                               "The verdict; checking: the first walk is under way."})),
       required("until",
                integer(0, kNumberMax,
                        {"Mọi mục tới đây đều khớp.", "Every entry up to here fits."}, 128)),
       optional("checked_at", time({"Kiểm tra xong lúc.", "When that was found."})),
       optional("head", text(64, {"Băm của mục ấy.", "That entry's hash."}, kHashExample)),
       unusual("broken_at",
               integer(1, kNumberMax, {"Mục sai đầu tiên.", "The first wrong one."}, 12)),
       unusual("why_vi", text(200, {"Sai gì.", "What is wrong, in Vietnamese."}, "đã bị sửa")),
       unusual("why_en", text(200, {"Sai gì.", "What is wrong, in English."}, "it was changed"))});
}

std::vector<Parameter> filters() {
  using In = Parameter::In;
  return {{In::query, "subject",
           text(400, {"Chỉ về mã này.", "Only about this id."}, "5f1c0a3b0003a1b2c3d4e5f6")},
          {In::query, "actor", text(400, {"Chỉ do ai.", "Only done by."}, "person:3")},
          {In::query, "kind", text(100, {"Chỉ loại này.", "Only of this kind."}, "accepted")},
          {In::query, "from", time({"Từ lúc.", "At this time or after."})},
          {In::query, "to", time({"Trước lúc.", "Before this time."})},
          {In::query, "order",
           word({"oldest", "newest"}, {"Cũ trước hoặc mới trước.", "Which come first."})}};
}

}  // namespace

std::vector<Route> journal_rows(Exchange& exchange, const store::journal::ChainWatch* chain) {
  Schema page = page_of("JournalPage", entry_schema());
  page.members.push_back(optional("chain", chain_schema()));
  std::vector<Parameter> of_list = filters(), of_export = filters();
  of_list.push_back(limit_parameter());
  of_list.push_back(cursor_parameter());
  of_export.push_back({Parameter::In::query, "limit",
                       integer(1, kExportMax, {"Nhiều nhất.", "At most so many."}, kExportMax)});
  std::vector<Route> rows;
  rows.push_back({
      .path = "/api/v1/journal",
      .access = Permission::audit_read,
      .name = "listJournal",
      .tag = "Journal",
      .summary = {"Nhật ký", "The journal"},
      .about = {"Mọi việc đã làm, theo thứ tự, mỗi mục nối với mục trước bằng mã băm. Chỉ cho kiểm "
                "toán của nền tảng. Khi ít mục khớp bộ lọc, một trang có thể chưa đầy mà vẫn còn "
                "next.",
                "Everything that was done, in order, each entry chained to the one before. For "
                "the platform's auditors. Where few entries match, a page may come before it is "
                "full, with next."},
      .parameters = std::move(of_list),
      .answers = {{200, {"Một trang.", "A page."}, std::move(page)}},
      .refusals = {platform_only()},
      .handler = [&exchange, chain](Call& call) { return list_journal(exchange, chain, call); },
  });
  rows.push_back({
      .path = "/api/v1/journal/export",
      .access = Permission::audit_read,
      .name = "exportJournal",
      .tag = "Journal",
      .summary = {"Xuất nhật ký ra bảng tính", "The journal for a spreadsheet"},
      .about =
          {"CSV (UTF-8): dòng đầu là kết luận về chuỗi băm; ô nào giống công thức thì có dấu "
           "nháy đơn phía trước. Dòng thứ hai cho biết nếu chưa hết.",
           "CSV in UTF-8. Its first line is the verdict on the chain; a cell that looks like a "
           "formula begins with an apostrophe. The second line says when it is not all."},
      .parameters = std::move(of_export),
      .answers = {{.about = {"Bảng.", "The table."}, .type = "text/csv"}},
      .refusals = {platform_only()},
      .handler = [&exchange, chain](Call& call) { return export_journal(exchange, chain, call); },
  });
  return rows;
}

}  // namespace exchange::rest
