#include "insight/api/asked.h"

#include "base/text.h"
#include "exchange/rest/administration.h"
#include "exchange/rest/instant.h"
#include "exchange/rest/views.h"

namespace insight::api {
namespace {

using exchange::rest::boolean;
using exchange::rest::date;
using exchange::rest::integer;
using exchange::rest::list;
using exchange::rest::object;
using exchange::rest::optional;
using exchange::rest::required;
using exchange::rest::text;
using exchange::rest::time;
using exchange::rest::unusual;
using exchange::rest::word;
using In = Parameter::In;

base::Error bad_period() {
  return {base::Code::invalid, "insight.bad_period",
          "from, to: the last day must not come before the first, and at most " +
              std::to_string(kDaysMax) + " days can be asked for",
          "from, to: ngày cuối không được trước ngày đầu, tối đa " + std::to_string(kDaysMax) +
              " ngày"};
}

base::Result<Period> period_of(const Call& call) {
  const auto day = [&](std::string_view name) -> std::optional<std::int64_t> {
    const auto found = exchange::rest::parse_day(call.text(name));
    return found ? std::optional(day_of(*found)) : std::nullopt;
  };
  const auto from = day("from"), to = day("to");
  Period period;
  period.to = to ? *to + 1 : (from ? *from + kUsualDays : day_of(call.now) + 1);
  period.from = from.value_or(period.to - kUsualDays);
  if (period.from >= period.to || period.to - period.from > kDaysMax) return bad_period();
  return period;
}

Schema amount(base::Text about, std::int64_t example) {
  return integer(-kCountMax, kCountMax, std::move(about), example);
}

}  // namespace

base::Result<Asked> asked_of(const exchange::Exchange& exchange, const Call& call) {
  Asked out;
  out.period = TRY(period_of(call));
  if (call.text("direction") == name_of(Direction::sent)) out.scope.direction = Direction::sent;
  if (!call.has("organisation")) {
    out.scope.everywhere = call.reach.everywhere;
    if (!call.reach.everywhere) out.scope.organisations = call.reach.organisations;
    return out;
  }
  const auto found = exchange.directory().find(call.text("organisation"));
  if (!found || !call.reach.covers(found->key)) {
    const std::string shown(base::cut_utf8(call.text("organisation"), 60));
    return base::Error(base::Code::not_found, "identity.organisation_unknown",
                       "nobody has the code " + shown, "không có cơ quan nào mang mã " + shown);
  }
  out.organisation = found->code;
  out.scope.organisations = {found->key};
  return out;
}

std::vector<Parameter> period_parameters() {
  return {{In::query, "from", date({"Từ ngày.", "The first day."}, "2026-10-01")},
          {In::query, "to",
           date({"Đến hết ngày; không nêu ngày nào thì 30 ngày gần nhất.",
                 "The last day; without both, the last 30 days."},
                "2026-10-31")}};
}

std::vector<Parameter> organisation_parameters() {
  return {{In::query, "organisation",
           text(35,
                {"Mã một cơ quan; không nêu thì mọi cơ quan mà bên gọi được xem số liệu.",
                 "Code of one organisation; without it all that the caller may see."},
                "H41.12")},
          {In::query, "direction",
           word({"received", "sent"},
                {"Chiều nhận hay gửi; mặc định: nhận.", "As received (without it) or as sent."})}};
}

std::vector<Parameter> scope_parameters() {
  return exchange::rest::joined(period_parameters(), organisation_parameters());
}

std::vector<Refusal> scope_refusals() {
  return {{"insight.bad_period",
           base::Code::invalid,
           {"Khoảng ngày sai hoặc quá dài.", "The days are wrong or too many."}},
          exchange::rest::nobody_there(),
          {"insight.cell_damaged",
           base::Code::data_loss,
           {"Số đếm bị hỏng.", "What was counted is damaged."}}};
}

base::Result<Summary> summary_of(const Rollup& rollup, const Asked& asked, base::Time now) {
  Summary out = TRY(summary(rollup, asked.scope, asked.period, now));
  out.organisation = asked.organisation;
  return out;
}

base::Json head_json(const Period& period, base::Time as_of) {
  base::Json json;
  json.add("from", day_text(period.from)).add("to", day_text(period.to - 1));
  json.add("as_of", base::iso_time_text(as_of));
  return json;
}

std::vector<exchange::rest::Member> head_members() {
  return {required("from", date({"Ngày đầu.", "The first day."}, "2026-10-01")),
          required("to", date({"Ngày cuối.", "The last day."}, "2026-10-31")),
          required("as_of", time({"Đã tính mọi việc đến lúc này.",
                                  "Everything until then has been counted."}))};
}

Schema figure_schema() {
  return object(
      "Figure", {"Một số liệu kiểm tra được.", "A figure that can be checked."},
      {required("id", text(64, {"Tên số liệu.", "Its name."}, "arrival.p95")),
       required("definition",
                text(80,
                     {"Định nghĩa và phiên bản; công thức ở /insight/definitions.",
                      "Definition and version; /insight/definitions has the formula."},
                     "arrival.p95@1")),
       required("name_vi", text(200, {"Tên tiếng Việt.", "In Vietnamese."}, "95 % đến nơi trong")),
       required("name_en", text(200, {"Tên tiếng Anh.", "In English."}, "95 % arrive within")),
       required("unit", word({"seconds", "documents", "deliveries", "permille", "dong"},
                             {"Đơn vị.", "The unit."})),
       optional("value", amount({"Giá trị; không có khi chưa biết được.",
                                 "The value; not there while it cannot be known."},
                                735)),
       unusual("at_least", amount({"Khi chưa biết: ít nhất chừng này.",
                                   "While it is not known: more than this."},
                                  735)),
       unusual("low", amount({"Ước lượng thấp.", "The low estimate."}, 1)),
       unusual("high", amount({"Ước lượng cao.", "The high estimate."}, 2)),
       unusual("previous", amount({"Giá trị của kỳ liền trước dài bằng kỳ này.",
                                   "The value of the period before, equally long."},
                                  700)),
       unusual("suppressed",
               boolean({"Không công bố vì số đếm quá nhỏ.", "Not published: the count is small."})),
       required("numerator", amount({"Tử số, hoặc số trường hợp đã xảy ra.",
                                     "The numerator, or how many cases have happened."},
                                    4800)),
       required("denominator", amount({"Mẫu số.", "The denominator."}, 5000)),
       required("as_of", time({"Tính đến lúc.", "As of."})),
       optional("query", text(2000,
                              {"Địa chỉ danh sách tạo nên số liệu (cần quyền traces.read).",
                               "Address of the list that makes it (for traces.read)."},
                              "/api/v1/insight/deliveries?from=2026-10-01&to=2026-10-31"))});
}

Schema figures_schema(base::Text about) { return list(figure_schema(), 100, std::move(about)); }

base::Json figures_json(const std::vector<Figure>& figures) {
  base::Json all{base::Json::Array{}};
  for (const Figure& one : figures) all.push(to_json(one));
  return all;
}

}  // namespace insight::api
