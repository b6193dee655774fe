// Finding documents again by what they say.
#include <algorithm>
#include <map>

#include "base/text.h"
#include "exchange/rest/request.h"
#include "exchange/rest/resources.h"
#include "exchange/rest/views.h"
#include "search/index.h"

namespace exchange::rest {
namespace {

using base::Code;
using identity::Permission;

constexpr std::int64_t kHits = 20, kHitsMax = 50, kQueryMax = 600;

base::Error search_off() {
  return {
      Code::unavailable, "rest.search_off",
      "this exchange has no index: search.index is off, or it could not be opened (its log says "
      "why); ask its operator",
      "trục này không có chỉ mục tìm kiếm: search.index tắt, hoặc không mở được (xem nhật ký máy "
      "chủ); hãy hỏi quản trị hệ thống"};
}

// The place of a byte in characters (code points).
std::int64_t characters(std::string_view text, std::uint32_t byte) {
  const std::string_view before = text.substr(0, byte);
  return std::count_if(before.begin(), before.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

// The first line of what was indexed is for people; what follows only helps to find it.
base::Json marked(std::string_view text, const std::vector<search::Range>& marks) {
  text = text.substr(0, text.find('\n'));
  base::Json json, all{base::Json::Array{}};
  for (const search::Range& mark : marks) {
    if (mark.end > text.size()) break;
    base::Json one;
    one.add("from", characters(text, mark.begin)).add("to", characters(text, mark.end));
    all.push(std::move(one));
  }
  json.add("text", text).add("marks", std::move(all));
  return json;
}

// As it was indexed. What the content says is for those who have it: a recipient reads it by
// fetching it, which is recorded.
base::Json hit_json(std::string id, const search::Hit& hit, const DeskStanding& standing) {
  base::Json json;
  json.add("id", std::move(id)).add("recalled", standing.recalled);
  json.add("code", marked(hit.notation, hit.notation_marks));
  json.add("sender", marked(hit.sender, hit.sender_marks));
  json.add("sender_code", hit.sender.substr(hit.sender.find('\n') + 1));
  if (hit.day > 0) {
    const auto day = base::Time(std::chrono::hours(24) * hit.day);
    json.add("issued_on", base::iso_time_text(day).substr(0, 10));
  }
  json.add("urgency", hit.urgency);
  json.add("subject", marked(hit.subject, hit.subject_marks));
  if (standing.held && !hit.snippet.empty())
    json.add("snippet", marked(hit.snippet, hit.snippet_marks));
  return json;
}

// The index names its pages "20.345".
std::string after_of(const std::optional<Place>& place) {
  if (!place) return {};
  return std::to_string(place->at(0)) + "." + std::to_string(place->at(1));
}
std::optional<Place> place_of(std::string_view next) {
  const auto parts = base::split(next, '.');
  if (parts.size() != 2) return std::nullopt;
  return Place{base::parse_int(parts[0]).value_or(0), base::parse_int(parts[1]).value_or(0)};
}

base::Result<http::Response> find(Exchange& exchange, search::Index* index, Call& call) {
  if (index == nullptr) return search_off();
  const auto place = TRY(call.place());
  const Desk desk(exchange);
  search::Request request;
  request.query = call.text("q");
  request.sight = {call.reach.everywhere, call.reach.organisations};
  request.after = after_of(place);
  request.limit = static_cast<std::size_t>(call.integer("limit", kHits));
  // The index may be behind the records: what was taken back is not found by its words any more,
  // neither as a hit nor by a gap among them.
  std::map<std::int64_t, DeskStanding> standings;
  request.keep = [&](std::int64_t id) -> base::Result<bool> {
    const auto standing = TRY(desk.standing(call.reach, id));
    if (standing) standings.insert_or_assign(id, *standing);
    return standing.has_value();
  };
  const search::Found found = TRY(index->find(request));
  base::Json items;
  for (const search::Hit& hit : found.hits)
    items.push(hit_json(document_id_text(exchange.site(), hit.id), hit, standings[hit.id]));
  base::Json more;
  more.add("partial", found.partial);
  return call.page(std::move(items), place_of(found.next), std::move(more));
}

Schema marked_schema(base::Text about) {
  Schema made = object(
      "MarkedText", {"Đoạn văn bản thuần và chỗ khớp.", "Plain text, and where it matches."},
      {required("text", text(100'000, {"Văn bản thuần, không phải HTML.", "Plain text, no HTML."},
                             "Về việc phòng chống dịch", 0)),
       required("marks",
                list(object("Mark", {"Một chỗ khớp.", "One match."},
                            {required("from", integer(0, 1'000'000,
                                                      {"Từ ký tự thứ mấy (đếm theo điểm mã).",
                                                       "Its first character (in code points)."},
                                                      8)),
                             required("to", integer(0, 1'000'000,
                                                    {"Đến trước ký tự thứ mấy.",
                                                     "The character after its last."},
                                                    13))}),
                     10'000))});
  made.about = std::move(about);
  return made;
}

Schema found_schema() {
  Schema hit = object(
      "Hit", {"Một văn bản tìm thấy.", "A document that was found."},
      {required("id", text(24, {"Mã văn bản.", "The document's id."}, kDocumentExample, 24)),
       required("recalled",
                boolean({"Bên gửi đã lấy lại mọi bản.", "Its sender has taken every copy back."},
                        false)),
       required("code", marked_schema({"Số, ký hiệu.", "Number and notation."})),
       required("sender", marked_schema({"Tên bên gửi, như văn bản ghi.",
                                         "The sender's name, as the document gives it."})),
       required("sender_code", text(200, {"Mã bên gửi.", "The sender's code."}, "H41.12", 0)),
       optional("issued_on", date({"Ngày ban hành.", "Date of issue."})),
       required("urgency", integer(0, 4, {"Độ khẩn.", "Urgency."}, 0)),
       required("subject", marked_schema({"Trích yếu.", "Subject."})),
       optional("snippet", marked_schema({"Đoạn nội dung khớp; chỉ với bên gửi và nơi nhận đã lấy "
                                          "văn bản.",
                                          "Where its content matches; for its sender and "
                                          "recipients who have fetched it."}))});
  return object(
      "SearchResult",
      {"Một trang kết quả, hay nhất trước.", "A page of what was found, best first."},
      {required("items", list(std::move(hit), kHitsMax)),
       required("partial", boolean({"Từ quá thường gặp: chỉ tìm trong các văn bản mới nhất.",
                                    "The words are in too many: only the newest were searched."},
                                   false)),
       optional("next", text(4000,
                             {"Địa chỉ trang kế tiếp; không có ở trang cuối.",
                              "Address of the next page; not there on the last one."},
                             "/api/v1/search?cursor=…&q=…"))});
}

std::vector<Refusal> refusals() {
  return {
      {"search.query_empty", Code::invalid, {"Không có từ nào để tìm.", "No word to look for."}},
      {"search.query_too_long", Code::invalid, {"Câu tìm quá dài.", "The query is too long."}},
      {"search.too_many_terms", Code::invalid, {"Quá nhiều từ.", "Too many words."}},
      {"search.bad_filter", Code::invalid, {"Bộ lọc sai.", "A filter cannot be read."}},
      {"rest.search_off", Code::unavailable, {"Trục không lập chỉ mục.", "There is no index."}},
      {"search.index_damaged", Code::data_loss, {"Chỉ mục hỏng.", "The index is damaged."}},
  };
}

}  // namespace

std::vector<Route> search_rows(Exchange& exchange, search::Index* index) {
  std::vector<Route> rows;
  rows.push_back({
      .path = "/api/v1/search",
      .access = Permission::documents_read,
      .name = "searchDocuments",
      .tag = "Documents",
      .summary = {"Tìm văn bản", "Find documents"},
      .about = {"Trong số ký hiệu, trích yếu, cơ quan và nội dung của những văn bản mà cơ quan của "
                "bên gọi đã gửi hoặc nhận; có hay không có dấu đều được. Văn bản mới vài giây sau "
                "khi tiếp nhận mới tìm được.",
                "In numbers, subjects, organisations and content of what the caller's "
                "organisations sent or received, with or without diacritics. A document is found "
                "some seconds after it was accepted."},
      .parameters = {{Parameter::In::query, "q",
                      text(kQueryMax, {"Câu tìm.", "What to look for."}, "dịch tả lợn"), true},
                     {Parameter::In::query, "limit",
                      integer(1, kHitsMax, {"Số mục tối đa (20).", "Items at most (20)."}, kHits)},
                     cursor_parameter()},
      .answers = {{200, {"Một trang.", "A page."}, found_schema()}},
      .refusals = refusals(),
      .handler = [&exchange, index](Call& call) { return find(exchange, index, call); },
  });
  return rows;
}

}  // namespace exchange::rest
