#include "base/text.h"
#include "cli/commands.h"
#include "cli/csv.h"
#include "cli/site.h"
#include "store/journal.h"

namespace cli {
namespace {

constexpr std::uint64_t kCsvBytesMax = 1 << 20;

std::string shown(const base::Date& day) {
  char text[16];
  std::snprintf(text, sizeof text, "%02d/%02d/%04d", day.day, day.month, day.year);
  return text;
}

base::Result<std::vector<identity::SpecialDay>> read_days(const std::string& file) {
  const base::Bytes text = TRY(base::read_file(base::real_files(), file, kCsvBytesMax));
  static const std::vector<std::string_view> kColumns = {"day", "kind", "note"};
  const auto rows = TRY(read_csv(text, file, kColumns, {"day", "kind"}));
  std::vector<identity::SpecialDay> days;
  for (const CsvRow& row : rows) {
    const auto day = base::parse_date(row["day"]);
    if (!day)
      return row.error("day", "must be a date like 2026-02-16", "phải là ngày, ví dụ 2026-02-16");
    const auto kind = identity::parse_day_kind(row["kind"]);
    if (!kind || *kind == identity::DayKind::weekend) {
      return row.error("kind", "must be holiday, compensation, exchanged, worked or working",
                       "phải là holiday, compensation, exchanged, worked hoặc working");
    }
    days.push_back({*day, *kind, std::string(row["note"])});
  }
  return days;
}

base::Result<std::size_t> import(const std::string& directory, const std::string& file) {
  const auto days = TRY(read_days(file));
  const auto site = TRY(Site::open(directory, false));
  TRY(site->exchange());
  const base::Time now = site->clock.now();
  TRY(site->database->write([&](store::Connection& connection) -> base::Result<void> {
    TRY(identity::write_announced(connection, days));
    base::Json body;
    body.add("by", "truc calendar import").add("days", static_cast<std::int64_t>(days.size()));
    return store::journal::append(connection, now, "calendar_announced",
                                  std::to_string(days.front().day.year), body);
  }));
  return days.size();
}

}  // namespace

int calendar_import(const Terminal& terminal, const std::string& site, const std::string& file) {
  const auto count = import(site, file);
  if (!count) return terminal.fail(count.error());
  base::Json json;
  json.add("imported", static_cast<std::int64_t>(*count));
  terminal.answer(
      {"Đã nhập " + std::to_string(*count) + " ngày; các năm có trong tệp nay theo tệp.",
       "Imported " + std::to_string(*count) + " days; the years in the file now follow it."},
      json);
  return 0;
}

int calendar_show(const Terminal& terminal, const std::string& directory, int year, bool csv) {
  const auto site = Site::open(directory, false);
  if (!site) return terminal.fail(site.error());
  const auto exchange = (*site)->exchange();
  if (!exchange) return terminal.fail(exchange.error());
  const auto calendar = (*exchange)->calendar();
  if (year == 0) year = base::vietnam_date((*site)->clock.now()).year;
  base::Json days{base::Json::Array{}};
  std::vector<std::vector<std::string>> rows;
  for (int month = 1; month <= 12; ++month) {
    for (int number = 1; number <= 31; ++number) {
      const base::Date day{year, month, number};
      const auto special = calendar->special(day);
      if (!special) continue;
      rows.push_back(
          {shown(day), identity::text_of(special->kind).in(terminal.language()), special->note});
      base::Json one;
      one.add("day", base::date_text(day)).add("kind", identity::name_of(special->kind));
      days.push(one.add("note", special->note));
    }
  }
  if (csv) {
    std::printf("day,kind,note\n");
    for (const auto& day : days.array()) {
      std::printf("%s,%s,%s\n", std::string(day["day"].text()).c_str(),
                  std::string(day["kind"].text()).c_str(), std::string(day["note"].text()).c_str());
    }
    return 0;
  }
  base::Json json;
  json.add("year", year).add("announced", calendar->announced(year)).add("days", std::move(days));
  terminal.give(json);
  if (calendar->announced(year)) {
    terminal.say({"Lịch năm " + std::to_string(year) + " theo thông báo đã nhập",
                  "The calendar of " + std::to_string(year) + " as it was imported"});
  } else {
    terminal.say({"Lịch năm " + std::to_string(year) +
                      " suy từ Bộ luật Lao động; khi có thông báo nghỉ lễ, hoán đổi ngày làm việc "
                      "của năm: truc calendar import -C " +
                      directory + " TỆP.csv",
                  "The calendar of " + std::to_string(year) +
                      " as derived from the Labour Code; once the year's holidays and exchanged "
                      "days are announced: truc calendar import -C " +
                      directory + " FILE.csv"});
  }
  if (terminal.language() == base::Language::english) {
    terminal.table({"Day", "Kind", "Note"}, rows);
  } else {
    terminal.table({"Ngày", "Loại", "Ghi chú"}, rows);
  }
  return 0;
}

}  // namespace cli
