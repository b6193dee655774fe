// What happens, told to whom it concerns: by pages, by waiting, and by streams.
#include <algorithm>

#include "base/text.h"
#include "exchange/rest/event_streams.h"
#include "exchange/rest/request.h"
#include "exchange/rest/resources.h"
#include "exchange/rest/views.h"

namespace exchange::rest {
namespace {

using base::Code;
using identity::Permission;

constexpr std::int64_t kWaitMax = 60;
constexpr std::int64_t kTypesBytesMax = 1000;
constexpr std::string_view kStream = "text/event-stream";

struct Parts {
  Exchange& exchange;
  feed::Feed& feed;
  Authenticate authenticate;
  std::shared_ptr<StreamCounts> streams;
};

// Whose events somebody gets: their own organisations', or the one they ask for. Those who see all
// of them must say which.
std::vector<OrganisationKey> organisations_of(const identity::Reach& reach,
                                              std::optional<OrganisationKey> only) {
  if (only) return reach.covers(*only) ? std::vector{*only} : std::vector<OrganisationKey>();
  std::vector<OrganisationKey> all = reach.organisations;
  std::erase(all, identity::kPlatform);
  return all;
}

base::Result<std::optional<OrganisationKey>> only_of(const Parts& parts, const Call& call) {
  if (call.has("organisation")) {
    const auto found = parts.exchange.directory().find(call.text("organisation"));
    // One that is not there has no events, as one that is not the caller's.
    return std::optional(found ? found->key : OrganisationKey{-1});
  }
  const bool owns = !organisations_of(call.reach, std::nullopt).empty();
  if (call.reach.everywhere && !owns) {
    return base::Error(Code::invalid, "rest.organisation_missing",
                       "you see every organisation; say whose events with organisation=CODE",
                       "bạn xem được mọi cơ quan; hãy nêu cơ quan nào bằng organisation=MÃ");
  }
  return std::optional<OrganisationKey>();
}

base::Result<std::vector<std::string>> types_of(const Call& call) {
  std::vector<std::string> types;
  if (!call.has("types")) return types;
  const auto& known = feed::event_types();
  for (const std::string_view part : base::split(call.text("types"), ',')) {
    const std::string_view type = base::trim(part);
    if (std::find(known.begin(), known.end(), type) == known.end()) {
      const std::string shown(base::cut_utf8(type, 60));
      return base::Error(Code::invalid, "rest.event_type_unknown",
                         "there is no event type " + shown + "; docs/formats/events.md lists them",
                         "không có loại sự kiện " + shown + "; xem docs/formats/events.md");
    }
    types.emplace_back(type);
  }
  return types;
}

// Last-Event-ID is what a stream that broke had come to: newer than what its address says.
base::Result<std::string> start_of(const Parts& parts, const Call& call) {
  for (const std::string_view name : {"Last-Event-ID", "after"})
    if (call.has(name)) return std::string(call.text(name));
  return parts.feed.start_from(call.has("from") ? call.text("from") : "now");
}

bool wants_stream(const Call& call) {
  if (const auto said = call.boolean("stream")) return *said;
  return base::lower_ascii(call.request.headers["Accept"]).find(kStream) != std::string::npos;
}

base::Result<http::Response> stream(const Parts& parts, const Call& call, EventFilter filter,
                                    std::string cursor, std::optional<OrganisationKey> only) {
  // What is wrong with the cursor is said before the stream begins.
  TRY(parts.feed.read(filter.organisations, cursor, 1));
  if (!parts.streams->take(call.principal.id)) {
    return base::Error(Code::too_many, "rest.too_many_streams",
                       "you have as many streams of events open as one caller may; close one, or "
                       "read several organisations by one",
                       "bạn đã mở tối đa số luồng sự kiện cho phép; hãy đóng bớt, hoặc đọc nhiều "
                       "cơ quan qua một luồng");
  }
  EventStream::Caller caller{call.principal.id, credentials_of(call.request),
                             [only](const identity::Principal& principal) {
                               return organisations_of(
                                   identity::reach(principal, Permission::traces_read), only);
                             }};
  return http::Response::events(std::make_shared<EventStream>(parts.feed, std::move(filter),
                                                              std::move(cursor), std::move(caller),
                                                              parts.authenticate, parts.streams));
}

base::Result<http::Response> events(const Parts& parts, Call& call) {
  const auto only = TRY(only_of(parts, call));
  auto types = TRY(types_of(call));
  EventFilter filter{organisations_of(call.reach, only), std::move(types)};
  std::string cursor = TRY(start_of(parts, call));
  if (wants_stream(call)) return stream(parts, call, std::move(filter), std::move(cursor), only);
  const auto count = static_cast<std::size_t>(call.limit());
  const std::int64_t wait = call.integer("wait");
  if (wait == 0) {
    const EventPage page = TRY(read_events(parts.feed, filter, cursor, count));
    return http::Response::json(200, to_json(parts.feed, page).dump());
  }
  TRY(parts.feed.read(filter.organisations, cursor, 1));
  const auto waiter = std::make_shared<EventWait>(parts.feed, std::move(filter), std::move(cursor),
                                                  count, call.answer_headers, call.language);
  if (auto at_once = waiter->answer(false)) return *std::move(at_once);
  return http::Response::later(waiter, static_cast<int>(wait) * 1000);
}

Schema event_schema() {
  return object(
      "Event", {"Một sự kiện (CloudEvents 1.0).", "An event, as CloudEvents 1.0."},
      {required("specversion", word({"1.0"}, {"Phiên bản.", "The version."})),
       required("id", text(100, {"Mã; mãi mãi như vậy.", "The same for ever."}, "3661504685-7-0")),
       required("source", text(100, {"Trục nào.", "Which exchange."}, "urn:truc:3661504685")),
       required("type", word(feed::event_types(), {"Loại.", "What happened."})),
       required("time", time({"Lúc nào.", "When."}, "2026-11-22T02:30:00.000000Z")),
       required("subject", text(200, {"Văn bản hoặc lượt chuyển.", "A document or a delivery."},
                                kDeliveryExample, 0)),
       required("datacontenttype", word({"application/json"}, {"Kiểu.", "Of data."})),
       required("data", anything({"Mã định danh và trạng thái: docs/formats/events.md.",
                                  "Ids and codes: docs/formats/events.md."},
                                 base::Json::Object{}))});
}

Schema events_schema() {
  return object(
      "Events", {"Một trang sự kiện, theo thứ tự.", "A page of events, in order."},
      {required("items", list(event_schema(), kPageItemsMax)),
       required("cursor", text(100,
                               {"Đọc tiếp bằng after=…; có cả khi không có sự kiện.",
                                "To read on with after=…; also when there is no event."},
                               std::string_view("01da1e18ad0000000000000007ffffffff00000000"))),
       required("more", boolean({"Còn nữa ngay bây giờ.", "There are more at once."}, false))});
}

std::vector<Parameter> parameters() {
  using In = Parameter::In;
  return {
      {In::query, "after",
       text(100, {"Con trỏ đã đọc tới.", "The cursor that was read up to."}, "3057134613-12-0")},
      {In::query, "from",
       text(40,
            {"Khi không có after: now (mặc định), beginning, hoặc một thời điểm.",
             "Without after: now (the default), beginning, or a time."},
            "now")},
      {In::query, "types",
       text(kTypesBytesMax,
            {"Chỉ các loại này, cách nhau bằng dấu phẩy.", "Only these types, with commas."},
            "delivery.available")},
      limit_parameter(),
      {In::query, "wait",
       integer(0, kWaitMax,
               {"Chờ sự kiện đầu tiên, nhiều nhất bấy nhiêu giây.",
                "Waits for the first event, at most so many seconds."},
               0)},
      {In::query, "stream",
       boolean({"Luồng sự kiện (như Accept: text/event-stream).",
                "A stream of events, as with Accept: text/event-stream."},
               false)},
      organisation_parameter(),
      {In::header, "Last-Event-ID",
       text(100,
            {"Con trỏ của luồng bị ngắt; thay cho after.",
             "The cursor of a stream that broke; instead of after."},
            "3057134613-12-0")}};
}

std::vector<Refusal> refusals() {
  return {
      {"exchange.bad_cursor", Code::invalid, {"Con trỏ sai.", "It is no cursor of ours."}},
      {"exchange.cursor_expired",
       Code::gone,
       {"Sự kiện sau con trỏ không còn được lưu.", "Events after it are no longer kept."}},
      {"exchange.bad_start", Code::invalid, {"from sai.", "from is none of the three."}},
      {"rest.event_type_unknown", Code::invalid, {"Không có loại này.", "There is no such type."}},
      {"rest.organisation_missing",
       Code::invalid,
       {"Bên xem mọi cơ quan phải nêu một cơ quan.", "Who sees all must name one."}},
      {"rest.too_many_streams",
       Code::too_many,
       {"Quá nhiều luồng của một bên gọi.", "Too many streams of one caller."}},
  };
}

}  // namespace

std::vector<Route> event_rows(const ApiParts& parts, const ApiOptions& options) {
  const auto shared = std::make_shared<const Parts>(
      Parts{parts.exchange, parts.feed, parts.authenticate,
            std::make_shared<StreamCounts>(options.streams_of_caller_max)});
  std::vector<Route> rows;
  rows.push_back({
      .path = "/api/v1/events",
      .access = Permission::traces_read,
      .name = "readEvents",
      .tag = "Events",
      .summary = {"Sự kiện: theo trang, chờ, hoặc luồng", "Events: pages, waiting, or a stream"},
      .about = {"Mọi việc xảy ra với văn bản của các cơ quan bên gọi, mỗi việc đúng một lần và "
                "theo thứ tự. Mặc định là một trang JSON; wait chờ tới khi có; Accept: "
                "text/event-stream là luồng, id của mỗi sự kiện là con trỏ. Luồng kết thúc khi "
                "quyền của bên gọi kết thúc.",
                "What happens to the documents of the caller's organisations, each event once and "
                "in order. A page of JSON; with wait it comes once there is an event; with Accept: "
                "text/event-stream a stream, in which each id is a cursor. A stream ends when its "
                "caller's rights do."},
      .parameters = parameters(),
      .answers = {{.about = {"Một trang, hoặc luồng sự kiện.", "A page, or a stream of events."},
                   .schema = events_schema(),
                   .also = kStream}},
      .refusals = refusals(),
      .handler = [shared](Call& call) { return events(*shared, call); },
  });
  return rows;
}

}  // namespace exchange::rest
