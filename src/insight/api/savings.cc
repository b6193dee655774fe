// The savings ledger, what it rests on, and what if that were otherwise.
#include "insight/savings.h"

#include "exchange/rest/administration.h"
#include "exchange/rest/instant.h"
#include "exchange/rest/request.h"
#include "insight/api/asked.h"

namespace insight::api {
namespace {

using namespace exchange::rest;  // NOLINT: the words of a row
using identity::Permission;

constexpr std::size_t kChangedMax = 20;

base::Json assumption_json(const Assumption& one) {
  base::Json json;
  json.add("version", one.version).add("code", one.code);
  for (const AssumptionKind& kind : assumption_kinds()) {
    if (kind.code != one.code) continue;
    json.add("unit", kind.unit).add("name_vi", kind.name.vi).add("name_en", kind.name.en);
  }
  json.add("value", one.value.text()).add("low", one.low.text()).add("high", one.high.text());
  json.add("source", one.source).add("owner", one.owner).add("note", one.note);
  if (!one.source_en.empty()) {
    json.add("source_en", one.source_en).add("owner_en", one.owner_en).add("note_en", one.note_en);
  }
  if (one.version == 0) return json;
  json.add("valid_from", day_text(one.valid_from)).add("set_by", one.set_by);
  json.add("set_at", base::iso_time_text(one.set_at));
  return json;
}

base::Json ledger_json(const Ledger& of) {
  base::Json json = head_json(of.period, of.as_of), used{base::Json::Array{}};
  json.add("documents", of.volume.documents).add("deliveries", of.volume.deliveries);
  json.add("urgent", of.volume.urgent).add("figures", figures_json(figures_of(of)));
  for (const std::int64_t version : of.versions) used.push(version);
  json.add("assumptions", std::move(used));
  return json;
}

base::Result<http::Response> official(const Rollup& rollup, const Call& call) {
  TRY(require_platform(call, Permission::statistics_read));
  const Asked asked = TRY(asked_of(rollup.exchange(), call));
  const Assumptions assumptions = TRY(Assumptions::read(rollup.exchange()));
  const Ledger made = TRY(ledger(rollup, assumptions, asked.period, call.now));
  return http::Response::json(200, ledger_json(made).dump());
}

// One value of a body: its number, and its range where one is given.
base::Result<Assumption> read_assumption(Call& call, const base::Json& body,
                                         const std::string& pointer) {
  Assumption out;
  out.code = body["code"].text();
  const auto number = [&](const char* name, Decimal& to) -> base::Result<void> {
    if (!body.has(name)) {
      to = out.value;
      return base::done();
    }
    const auto read = Decimal::parse(body[name].text());
    if (!read) return call.at(pointer + "/" + name, read.error());
    to = *read;
    return base::done();
  };
  TRY(number("value", out.value));
  TRY(number("low", out.low));
  TRY(number("high", out.high));
  if (const auto checked = check_range(out); !checked) return call.at(pointer, checked.error());
  return out;
}

base::Result<http::Response> scenario(const Rollup& rollup, Call& call) {
  TRY(require_platform(call, Permission::statistics_read));
  const Asked asked = TRY(asked_of(rollup.exchange(), call));
  std::vector<Assumption> changed;
  for (const base::Json& one : call.body["assumptions"].array()) {
    const std::string pointer = "/assumptions/" + std::to_string(changed.size());
    Assumption read = TRY(read_assumption(call, one, pointer));
    changed.push_back(std::move(read));
  }
  const Assumptions assumptions = TRY(Assumptions::read(rollup.exchange()));
  const Ledger real = TRY(ledger(rollup, assumptions, asked.period, call.now));
  const Ledger made = TRY(ledger(rollup, assumptions, asked.period, call.now, changed));
  base::Json json;
  json.add("official", ledger_json(real)).add("scenario", figures_json(figures_of(made)));
  return http::Response::json(200, json.dump());
}

// How much the net saving changes when one assumption goes to its low and to its high value.
base::Result<http::Response> sensitivity(const Rollup& rollup, const Call& call) {
  TRY(require_platform(call, Permission::statistics_read));
  const Asked asked = TRY(asked_of(rollup.exchange(), call));
  const Assumptions assumptions = TRY(Assumptions::read(rollup.exchange()));
  const Ledger real = TRY(ledger(rollup, assumptions, asked.period, call.now));
  base::Json json = head_json(asked.period, real.as_of), items{base::Json::Array{}};
  for (const auto& [code, held] : assumptions.on(asked.period.to - 1)) {
    base::Json item;
    item.add("code", code);
    for (const auto& [name, value] : {std::pair{"at_low", held.low}, {"at_high", held.high}}) {
      Assumption one = held;
      one.value = value;
      const Ledger made = TRY(ledger(rollup, assumptions, asked.period, call.now, {one}));
      item.add(name, made.savings.net.central);
    }
    items.push(std::move(item));
  }
  json.add("net", real.savings.net.central).add("items", std::move(items));
  return http::Response::json(200, json.dump());
}

base::Result<http::Response> calibration(const Rollup& rollup, const Call& call) {
  const Assumptions assumptions = TRY(Assumptions::read(rollup.exchange()));
  const Claim claim = claim_of(assumptions.on(day_of(call.now)));
  base::Json json, items{base::Json::Array{}};
  for (const Calibration& one : claim.components) {
    base::Json item;
    item.add("component", one.component).add("published", one.published);
    item.add("dong_per_delivery", one.unit.text()).add("deliveries", one.deliveries);
    item.add("reproduced", one.reproduced).add("remainder", one.remainder);
    items.push(std::move(item));
  }
  json.add("components", std::move(items)).add("gross", claim.gross).add("net", claim.net);
  json.add("cost_at_most", claim.cost_at_most).add("documents_a_year", claim.documents_a_year);
  json.add("net_per_document", claim.net_per_document);
  return http::Response::json(200, json.dump());
}

base::Result<http::Response> sheet(const Rollup& rollup, const Call& call) {
  const Assumptions assumptions = TRY(Assumptions::read(rollup.exchange()));
  base::Json json, held{base::Json::Array{}}, all{base::Json::Array{}};
  for (const auto& one : assumptions.on(day_of(call.now))) held.push(assumption_json(one.second));
  for (const Assumption& one : assumptions.all()) all.push(assumption_json(one));
  json.add("in_force", std::move(held)).add("history", std::move(all));
  return http::Response::json(200, json.dump());
}

base::Result<http::Response> set(Rollup& rollup, Call& call) {
  TRY(require_platform(call, Permission::platform_operate));
  Assumption wanted = TRY(read_assumption(call, call.body, ""));
  wanted.source = call.body["source"].text();
  wanted.owner = call.body["owner"].text();
  wanted.note = call.body["note"].text();
  const auto from = exchange::rest::parse_day(call.body["valid_from"].text());
  wanted.valid_from = from ? day_of(*from) : day_of(call.now);
  const Assumption made = TRY(set_assumption(rollup.exchange(), call.principal, std::move(wanted)));
  return http::Response::json(201, assumption_json(made).dump());
}

// --- schemas ------------------------------------------------------------------------------------
Schema dong(base::Text about) {
  return integer(-kCountMax, kCountMax, std::move(about), 154'300'000'000);
}
Schema count_schema(base::Text about) {
  return integer(0, kCountMax, std::move(about), 20'000'000);
}
Schema number(base::Text about) { return text(20, std::move(about), "28760"); }

std::vector<Member> with_head(std::vector<Member> members) {
  auto all = head_members();
  all.insert(all.end(), members.begin(), members.end());
  return all;
}

Schema ledger_schema() {
  return object(
      "SavingsLedger", {"Sổ tiết kiệm của một kỳ.", "The savings of a period."},
      with_head({required("documents", count_schema({"Văn bản.", "Documents."})),
                 required("deliveries", count_schema({"Lượt đã đến: mẫu số của mọi số tiền.",
                                                      "Deliveries that arrived: every amount's "
                                                      "denominator."})),
                 required("urgent", count_schema({"Trong đó khẩn.", "Of these, urgent."})),
                 required("figures",
                          figures_schema({"Gộp, ba phần, chi phí, ròng; mỗi số có thấp và cao.",
                                          "Gross, its three parts, cost, net; each with low "
                                          "and high."})),
                 required("assumptions",
                          list(integer(0, kCountMax, {"Phiên bản.", "A version."}, 3), 10'000,
                               {"Phiên bản giả định đã dùng; 0: đi kèm phần mềm.",
                                "Versions of assumptions used; 0: brought along."}))}));
}

std::vector<Member> value_members() {
  return {required("code", text(64, {"Mã giả định.", "Its code."}, "post.price")),
          required("value", number({"Giá trị trung tâm, số thập phân.", "The central value."})),
          optional("low", number({"Thấp; không có thì bằng giá trị.", "Low; else the value."})),
          optional("high", number({"Cao; không có thì bằng giá trị.", "High; else the value."}))};
}

std::vector<Member> sheet_members(std::size_t least) {
  const auto words = [&](base::Text about, std::string_view example, std::size_t from) {
    return text(1900, std::move(about), example, static_cast<std::int64_t>(from));
  };
  return {required("source", words({"Nguồn.", "Where it comes from."},
                                   "Bảng giá cước Tổng công ty Bưu điện 2026", least)),
          required("owner", words({"Ai chịu trách nhiệm.", "Whose it is."}, "Vụ Tài chính", least)),
          optional("note", words({"Ghi chú.", "A note."}, "Bình quân gia quyền", 0)),
          optional("valid_from", date({"Áp dụng từ ngày.", "Holds from."}, "2026-11-01"))};
}

Schema assumption_schema() {
  std::vector<Member> members = value_members();
  for (const Member& one : sheet_members(0)) members.push_back(one);
  members.push_back(required(
      "version", integer(0, kCountMax,
                         {"Phiên bản; 0: đi kèm phần mềm.", "Its version; 0: brought along."}, 3)));
  members.push_back(required("unit", text(40, {"Đơn vị.", "The unit."}, "dong/delivery")));
  members.push_back(required("name_vi", text(200, {"Tên.", "In Vietnamese."}, "Giá gửi thường")));
  members.push_back(required("name_en", text(200, {"Tên tiếng Anh.", "In English."}, "Postage")));
  // What somebody set is in the language that they wrote.
  for (const char* name : {"source_en", "owner_en", "note_en"}) {
    members.push_back(optional(name, text(1900,
                                          {"Bằng tiếng Anh, của giả định đi kèm phần mềm.",
                                           "In English, of what was brought along."},
                                          "Not measured", 0)));
  }
  members.push_back(optional("set_by", text(200, {"Ai đặt.", "Who set it."}, "person:12")));
  members.push_back(optional("set_at", time({"Lúc đặt.", "When."})));
  return object("Assumption", {"Một giả định.", "An assumption."}, std::move(members));
}

Schema wanted_schema() {
  std::vector<Member> members = value_members();
  for (const Member& one : sheet_members(1)) members.push_back(one);
  return object("NewAssumption", {"Giá trị mới.", "A new value."}, std::move(members));
}

Schema calibration_schema() {
  return object(
      "Calibration",
      {"Khối lượng nào cho ra số đã công bố (3/2019).", "Which volume gives what was published."},
      {required("components",
                list(object("CalibrationPart", {"Một phần.", "One component."},
                            {required("component",
                                      word({"copy", "post", "labour"}, {"Phần nào.", "Which."})),
                             required("published", dong({"Đã công bố, đồng/năm.", "Dong a year."})),
                             required("dong_per_delivery",
                                      number({"Theo giả định, một lượt.", "Of one delivery."})),
                             required("deliveries", count_schema({"Số lượt một năm cho ra số ấy.",
                                                                  "Deliveries a year."})),
                             required("reproduced", dong({"Tính lại được.", "Reckoned again."})),
                             required("remainder", dong({"Còn lệch.", "What is left."}))}),
                     3)),
       required("gross", dong({"Gộp đã công bố.", "Gross, as published."})),
       required("net", dong({"Ròng đã công bố.", "Net, as published."})),
       required("cost_at_most", dong({"Vậy chi phí nhiều nhất.", "So the cost is at most."})),
       required("documents_a_year", count_schema({"Số văn bản một năm theo tháng 1/2019.",
                                                  "Documents a year, by January 2019."})),
       required("net_per_document",
                dong({"Ròng chia cho chừng ấy văn bản.", "Net, for each of these."}))});
}

Refusal refusal(std::string_view reason, base::Text meaning) {
  return {reason, base::Code::invalid, std::move(meaning)};
}
std::vector<Refusal> value_refusals() {
  return {refusal("insight.bad_number", {"Số sai dạng.", "Not a number."}),
          refusal("insight.unknown_assumption", {"Không có mã này.", "Nothing has this code."}),
          refusal("insight.bad_range", {"Khoảng sai.", "Low, value, high must not fall."})};
}
std::vector<Refusal> ledger_refusals() {
  auto all = scope_refusals();
  all.push_back(platform_only());
  return all;
}

}  // namespace

std::vector<Route> savings_rows(Rollup& rollup) {
  std::vector<Route> rows;
  rows.push_back({
      .path = "/api/v1/insight/savings",
      .access = Permission::statistics_read,
      .name = "getSavings",
      .tag = kTag,
      .summary = {"Sổ tiết kiệm: gộp, chi phí, ròng", "The savings: gross, cost, net"},
      .about = {"Của toàn trục, tính bằng số nguyên đồng từ số lượt đã đến và bảng giả định của "
                "từng ngày.",
                "Of the whole exchange, in whole dong, from the deliveries that arrived and the "
                "assumptions of each day."},
      .parameters = period_parameters(),
      .answers = {{200, {"Sổ.", "The ledger."}, ledger_schema()}},
      .refusals = ledger_refusals(),
      .handler = [&rollup](Call& call) { return official(rollup, call); },
  });
  auto refusals = ledger_refusals();
  for (const Refusal& one : value_refusals()) refusals.push_back(one);
  rows.push_back({
      .method = http::Method::post,
      .path = "/api/v1/insight/savings/scenario",
      .access = Permission::statistics_read,
      .name = "tryScenario",
      .tag = kTag,
      .summary = {"Nếu giả định khác đi", "What if an assumption were otherwise"},
      .about = {"Không lưu gì, không đụng tới số chính thức.",
                "Nothing is kept, and the official figure stays what it is."},
      .parameters = period_parameters(),
      .body = {.json = object("Scenario", {"Giả định thay đổi.", "What is changed."},
                              {required("assumptions",
                                        list(object("ScenarioValue", {"Một giá trị.", "A value."},
                                                    value_members()),
                                             kChangedMax))})},
      .answers = {{200,
                   {"Hai kết quả.", "Both results."},
                   object("ScenarioResult",
                          {"Chính thức và giả định.", "As it is, and as it were."},
                          {required("official", ledger_schema()),
                           required("scenario", figures_schema({"Nếu vậy.", "If it were so."}))})}},
      .refusals = std::move(refusals),
      .handler = [&rollup](Call& call) { return scenario(rollup, call); },
  });
  rows.push_back({
      .path = "/api/v1/insight/savings/sensitivity",
      .access = Permission::statistics_read,
      .name = "getSensitivity",
      .tag = kTag,
      .summary = {"Giả định nào ảnh hưởng nhiều nhất", "Which assumption matters most"},
      .about = {"Tiết kiệm ròng khi riêng từng giả định ở mức thấp, mức cao.",
                "The net saving with each assumption alone at its low and its high value."},
      .parameters = period_parameters(),
      .answers =
          {{200,
            {"Từng giả định.", "Each assumption."},
            object(
                "Sensitivity", {"Độ nhạy.", "How much each matters."},
                with_head(
                    {required("net", dong({"Ròng chính thức.", "As it is."})),
                     required(
                         "items",
                         list(object(
                                  "SensitivityItem", {"Một giả định.", "An assumption."},
                                  {required("code", text(64, {"Mã.", "Its code."}, "post.price")),
                                   required("at_low", dong({"Ở mức thấp.", "Low."})),
                                   required("at_high", dong({"Ở mức cao.", "High."}))}),
                              100))}))}},
      .refusals = ledger_refusals(),
      .handler = [&rollup](Call& call) { return sensitivity(rollup, call); },
  });
  rows.push_back({
      .path = "/api/v1/insight/savings/calibration",
      .access = Access::open(),
      .name = "getCalibration",
      .tag = kTag,
      .summary = {"Khối lượng nào cho ra 154,3 / 575,2 / 576 tỷ đồng",
                  "Which volume gives 154.3 / 575.2 / 576 billion dong"},
      .answers = {{200, {"Đối chiếu.", "The comparison."}, calibration_schema()}},
      .handler = [&rollup](Call& call) { return calibration(rollup, call); },
  });
  rows.push_back({
      .path = "/api/v1/insight/assumptions",
      .access = Access::open(),
      .name = "listAssumptions",
      .tag = kTag,
      .summary = {"Bảng giả định và lịch sử", "The assumptions, and what they were"},
      .answers = {{200,
                   {"Bảng giả định.", "The sheet."},
                   object("AssumptionSheet", {"Bảng giả định.", "The sheet."},
                          {required("in_force", list(assumption_schema(), 100,
                                                     {"Đang áp dụng.", "In force today."})),
                           required("history", list(assumption_schema(), 10'000,
                                                    {"Mọi giá trị từng đặt.",
                                                     "Everything that was ever set."}))})}},
      .handler = [&rollup](Call& call) { return sheet(rollup, call); },
  });
  auto setting = value_refusals();
  setting.push_back(refusal("insight.bad_assumption",
                            {"Thiếu nguồn hoặc chủ quản.", "Its source or its owner is missing."}));
  setting.push_back(platform_only());
  rows.push_back({
      .method = http::Method::post,
      .path = "/api/v1/insight/assumptions",
      .access = Permission::platform_operate,
      .name = "setAssumption",
      .tag = kTag,
      .summary = {"Đặt một giả định", "Set an assumption"},
      .about = {"Giá trị cũ vẫn còn và vẫn dùng cho các ngày trước; có trong nhật ký.",
                "The old value stays and holds for the days before; the journal names it."},
      .body = {.json = wanted_schema()},
      .answers = {{201, {"Đã đặt.", "As it was set."}, assumption_schema()}},
      .refusals = std::move(setting),
      .handler = [&rollup](Call& call) { return set(rollup, call); },
  });
  return rows;
}

}  // namespace insight::api
