#include "insight/assumptions.h"

#include <algorithm>

#include "base/text.h"
#include "insight/cell.h"
#include "store/journal.h"

namespace insight {
namespace {

using store::Query;

constexpr std::size_t kTextBytesMax = 2000;

const Query kRead{"insight.assumptions",
                  "select version, code, value, low, high, source, owner, valid_from, note, "
                  "set_by, set_at from insight_assumption where version <= $1 order by version"};
const Query kLast{"insight.assumption_last", "select max(version) from insight_assumption"};
const Query kInsert{"insight.assumption_insert",
                    "insert into insight_assumption (version, code, value, low, high, source, "
                    "owner, valid_from, note, set_by, set_at) "
                    "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"};

constexpr std::int64_t kEveryVersion = std::int64_t{1} << 62;

// The sheet that Trúc brings along: not measured. The central values are chosen so that the three
// published amounts come out together, which they do at 20,000,000 deliveries a year.
std::vector<Assumption> brought_along() {
  struct Value {
    std::string_view code, value, low, high;
  };
  static constexpr Value kValues[] = {
      {"copy.pages", "15.43", "7.715", "23.145"},
      {"copy.page_price", "500", "500", "500"},
      {"post.price", "28760", "14380", "43140"},
      {"post.urgent_price", "28760", "14380", "43140"},
      {"labour.paper_hours", "0.75", "0.5", "1"},
      {"labour.electronic_hours", "0.25", "0.25", "0.25"},
      {"labour.hour_price", "57600", "57600", "57600"},
      {"cost.year", "105500000000", "0", "105500000000"},
  };
  std::vector<Assumption> out;
  for (const Value& one : kValues) {
    Assumption made;
    made.code = one.code;
    made.value = Decimal::parse(one.value).value();
    made.low = Decimal::parse(one.low).value();
    made.high = Decimal::parse(one.high).value();
    const bool bound = one.code == "cost.year";
    made.source =
        bound
            ? "1.305,5 tỷ đồng gộp trừ 1.200 tỷ đồng ròng đã công bố (3/2019): nhiều nhất 105,5 tỷ"
            : "Hiệu chuẩn: chọn sao cho ra số đã công bố (3/2019); chưa đo";
    made.source_en = bound ? "VND 1,305.5 billion gross less 1,200 billion net as published (March "
                             "2019): at most 105.5 billion"
                           : "Calibrated: chosen so that the amounts published in March 2019 come "
                             "out; not measured";
    made.owner = "Chưa có";
    made.owner_en = "None yet";
    made.note = "Thay bằng số liệu có nguồn trước khi dùng chính thức.";
    made.note_en = "Replace it by a value with a source before official use.";
    out.push_back(std::move(made));
  }
  return out;
}

base::Error bad(std::string_view member) {
  return {base::Code::invalid, "insight.bad_assumption",
          std::string(member) + " must be given, in at most 2,000 bytes",
          std::string(member) + " phải có, tối đa 2.000 byte"};
}

}  // namespace

const std::vector<AssumptionKind>& assumption_kinds() {
  static const std::vector<AssumptionKind> kAll = {
      {"copy.pages", "pages/delivery", {"Số trang in, sao của một lượt", "Pages of a delivery"}},
      {"copy.page_price", "dong/page", {"Giá in một trang", "Price of a page"}},
      {"post.price", "dong/delivery", {"Giá gửi thường", "Postage"}},
      {"post.urgent_price", "dong/delivery", {"Giá gửi khẩn", "Postage of urgent ones"}},
      {"labour.paper_hours", "hours/delivery", {"Giờ công trên giấy", "Hours on paper"}},
      {"labour.electronic_hours", "hours/delivery", {"Giờ công điện tử", "Hours electronically"}},
      {"labour.hour_price", "dong/hour", {"Giá một giờ công", "Price of an hour"}},
      {"cost.year",
       "dong/year",
       {"Chi phí một năm (nền tảng, thiết bị, chứng thư, đào tạo)",
        "Cost of a year (platform, devices, certificates, training)"}},
  };
  return kAll;
}

base::Result<Assumptions> assumptions_up_to(exchange::Exchange& exchange, std::int64_t version) {
  Assumptions out;
  TRY(exchange.database().read([&](store::Connection& connection) -> base::Result<void> {
    out.all_ = brought_along();
    base::Result<void> failed;
    const auto number = [&](std::string_view text) {
      const auto read = Decimal::parse(text);
      if (!read) failed = read.error();
      return read ? *read : Decimal();
    };
    TRY(connection.each(kRead, {version}, [&](const store::Row& row) {
      Assumption one;
      one.version = row.integer(0);
      one.code = row.string(1);
      one.value = number(row.text(2));
      one.low = number(row.text(3));
      one.high = number(row.text(4));
      one.source = row.string(5);
      one.owner = row.string(6);
      one.valid_from = row.integer(7);
      one.note = row.string(8);
      one.set_by = row.string(9);
      one.set_at = row.time(10);
      out.all_.push_back(std::move(one));
      return failed.ok();
    }));
    return failed;
  }));
  return out;
}

base::Result<Assumptions> Assumptions::read(exchange::Exchange& exchange) {
  return assumptions_up_to(exchange, kEveryVersion);
}

Sheet Assumptions::on(std::int64_t day) const {
  Sheet sheet;
  for (const Assumption& one : all_) {
    if (one.valid_from > day) continue;
    const auto held = sheet.find(one.code);
    // Of two that hold, the one that begins later; of one day, the one that was set later.
    if (held == sheet.end() || one.valid_from >= held->second.valid_from) sheet[one.code] = one;
  }
  return sheet;
}

base::Result<void> check_range(const Assumption& wanted) {
  const auto& kinds = assumption_kinds();
  if (std::none_of(kinds.begin(), kinds.end(),
                   [&](const AssumptionKind& kind) { return kind.code == wanted.code; })) {
    const std::string shown(base::cut_utf8(wanted.code, 64));
    return base::Error(base::Code::invalid, "insight.unknown_assumption",
                       "code: nothing is called \"" + shown + "\"; the sheet lists all codes",
                       "code: không có giả định \"" + shown + "\"; bảng giả định liệt kê mọi mã");
  }
  if (wanted.low <= wanted.value && wanted.value <= wanted.high) return base::done();
  return base::Error(base::Code::invalid, "insight.bad_range",
                     "low, value and high must not fall: " + wanted.low.text() + ", " +
                         wanted.value.text() + ", " + wanted.high.text(),
                     "low, value và high không được giảm dần: " + wanted.low.text() + ", " +
                         wanted.value.text() + ", " + wanted.high.text());
}

base::Result<Assumption> set_assumption(exchange::Exchange& exchange, const identity::Principal& by,
                                        Assumption wanted) {
  TRY(check_range(wanted));
  if (base::trim(wanted.source).empty() || wanted.source.size() > kTextBytesMax)
    return bad("source");
  if (base::trim(wanted.owner).empty() || wanted.owner.size() > kTextBytesMax) return bad("owner");
  if (wanted.note.size() > kTextBytesMax) return bad("note");
  const base::Time now = exchange.clock().now();
  wanted.set_by = by.id;
  wanted.set_at = now;
  TRY(exchange.database().write([&](store::Connection& connection) -> base::Result<void> {
    wanted.version = TRY(connection.integer(kLast, {})).value_or(0) + 1;
    TRY(connection.run(kInsert, {wanted.version, wanted.code, wanted.value.text(),
                                 wanted.low.text(), wanted.high.text(), wanted.source, wanted.owner,
                                 wanted.valid_from, wanted.note, wanted.set_by, now}));
    const base::Date from = date_of(wanted.valid_from);
    base::Json body;
    body.add("by", by.id).add("version", wanted.version).add("value", wanted.value.text());
    body.add("low", wanted.low.text()).add("high", wanted.high.text());
    body.add("valid_from", base::date_text(from));
    return store::journal::append(connection, now, "assumption_set", wanted.code, body);
  }));
  return wanted;
}

}  // namespace insight
