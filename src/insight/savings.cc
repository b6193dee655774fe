#include "insight/savings.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "insight/measures.h"

namespace insight {
namespace {

enum class Bound : unsigned char { low, central, high };

Decimal of(const Sheet& sheet, std::string_view code, Bound bound) {
  const auto found = sheet.find(code);
  if (found == sheet.end()) return {};
  if (bound == Bound::low) return found->second.low;
  return bound == Bound::high ? found->second.high : found->second.value;
}

Bound opposite(Bound bound) {
  if (bound == Bound::central) return bound;
  return bound == Bound::low ? Bound::high : Bound::low;
}

Decimal hours_saved(const Sheet& sheet, Bound bound) {
  return of(sheet, "labour.paper_hours", bound)
      .less(of(sheet, "labour.electronic_hours", opposite(bound)));
}

std::int64_t copy_of(const Sheet& sheet, const Volume& volume, Bound bound) {
  return product(volume.deliveries, of(sheet, "copy.pages", bound),
                 of(sheet, "copy.page_price", bound));
}
std::int64_t post_of(const Sheet& sheet, const Volume& volume, Bound bound) {
  return product(volume.deliveries - volume.urgent, of(sheet, "post.price", bound)) +
         product(volume.urgent, of(sheet, "post.urgent_price", bound));
}
std::int64_t labour_of(const Sheet& sheet, const Volume& volume, Bound bound) {
  return product(volume.deliveries, hours_saved(sheet, bound),
                 of(sheet, "labour.hour_price", bound));
}

template <class Part>
Range range_of(const Part& part) {
  return {part(Bound::low), part(Bound::central), part(Bound::high)};
}

std::int64_t days_of_year(std::int64_t day) {
  const int year = date_of(day).year;
  return day_of(base::Date{year + 1, 1, 1}) - day_of(base::Date{year, 1, 1});
}

Savings& operator+=(Savings& to, const Savings& more) {
  for (const auto member : {&Savings::copy, &Savings::post, &Savings::labour, &Savings::gross,
                            &Savings::cost, &Savings::net})
    to.*member += more.*member;
  return to;
}

}  // namespace

Savings savings_of(const Sheet& sheet, const Volume& volume, std::int64_t days,
                   std::int64_t of_year) {
  Savings out;
  out.copy = range_of([&](Bound bound) { return copy_of(sheet, volume, bound); });
  out.post = range_of([&](Bound bound) { return post_of(sheet, volume, bound); });
  out.labour = range_of([&](Bound bound) { return labour_of(sheet, volume, bound); });
  out.gross = out.copy;
  out.gross += out.post;
  out.gross += out.labour;
  out.cost =
      range_of([&](Bound bound) { return share_of(of(sheet, "cost.year", bound), days, of_year); });
  out.net = {out.gross.low - out.cost.high, out.gross.central - out.cost.central,
             out.gross.high - out.cost.low};
  return out;
}

Ledger ledger_of(const Assumptions& assumptions, const Period& period,
                 const std::vector<std::pair<std::int64_t, Volume>>& by_day,
                 const std::vector<Assumption>& scenario) {
  Ledger out;
  out.period = period;
  std::set<std::int64_t> versions, changes = {period.from, period.to};
  for (const Assumption& one : assumptions.all())
    if (period.has(one.valid_from)) changes.insert(one.valid_from);
  for (int year = date_of(period.from).year; year <= date_of(period.to).year; ++year) {
    const std::int64_t first = day_of(base::Date{year, 1, 1});
    if (period.has(first)) changes.insert(first);
  }
  for (auto at = changes.begin(); std::next(at) != changes.end(); ++at) {
    const Period part{*at, *std::next(at)};
    Sheet sheet = assumptions.on(part.from);
    for (const Assumption& one : scenario) sheet[one.code] = one;
    Volume volume;
    for (const auto& [day, more] : by_day) {
      if (!part.has(day)) continue;
      volume.documents += more.documents;
      volume.deliveries += more.deliveries;
      volume.urgent += more.urgent;
    }
    out.savings += savings_of(sheet, volume, part.to - part.from, days_of_year(part.from));
    out.volume.documents += volume.documents;
    out.volume.deliveries += volume.deliveries;
    out.volume.urgent += volume.urgent;
    for (const auto& [code, one] : sheet) versions.insert(one.version);
  }
  out.versions.assign(versions.begin(), versions.end());
  return out;
}

base::Result<Ledger> ledger(const Rollup& rollup, const Assumptions& assumptions,
                            const Period& period, base::Time now,
                            const std::vector<Assumption>& scenario) {
  std::vector<std::pair<std::int64_t, Volume>> by_day;
  base::Time as_of;
  TRY(rollup.exchange().database().read([&](store::Connection& connection) -> base::Result<void> {
    by_day.clear();
    as_of = TRY(rollup.as_of(connection, now));
    return Rollup::each(connection, {true, {}, Direction::received}, period,
                        [&](std::int64_t day, base::BytesView bytes) -> base::Result<void> {
                          const Cell cell = TRY(Cell::decode(bytes));
                          by_day.emplace_back(day, Volume{cell.documents, sum_of(cell.arrival),
                                                          cell.urgent_arrived});
                          return base::done();
                        });
  }));
  Ledger out = ledger_of(assumptions, period, by_day, scenario);
  out.as_of = as_of;
  return out;
}

std::vector<Figure> figures_of(const Ledger& ledger) {
  Summary of;  // everything
  of.period = ledger.period;
  const std::string query = list_of(of, "progress=arrived");
  const Savings& amounts = ledger.savings;
  std::vector<Figure> out;
  for (const auto& [id, range] :
       {std::pair<std::string_view, Range>{"savings.gross", amounts.gross},
        {"savings.copy", amounts.copy},
        {"savings.post", amounts.post},
        {"savings.labour", amounts.labour},
        {"savings.cost", amounts.cost},
        {"savings.net", amounts.net}}) {
    Figure made{id,           range.central, std::nullopt, range.central, ledger.volume.deliveries,
                ledger.as_of, query};
    made.low = range.low;
    made.high = range.high;
    out.push_back(std::move(made));
  }
  return out;
}

Claim claim_of(const Sheet& sheet) {
  // As published in March 2019: copying, paper and scanning; post and courier; labour (by the
  // method of the World Bank); "over 1,200 billion a year" after costs.
  constexpr std::int64_t kBillion = 1'000'000'000;
  constexpr std::int64_t kCopy = 154'300'000'000, kPost = 575'200'000'000, kLabour = 576 * kBillion;
  constexpr std::int64_t kNet = 1200 * kBillion, kDocumentsInJanuary2019 = 27'611;
  Claim out;
  const auto add = [&](std::string_view component, std::int64_t published, Decimal unit,
                       auto amount) {
    Calibration made{component, published, unit, 0, 0, 0};
    if (unit.millionths() > 0)
      made.deliveries =
          static_cast<std::int64_t>(Wide{published} * Decimal::kOne / unit.millionths());
    made.reproduced = amount(Volume{0, made.deliveries, 0});
    made.remainder = published - made.reproduced;
    out.components.push_back(made);
  };
  const auto unit = [](Decimal a, Decimal b) {
    return Decimal::of_millionths(
        static_cast<std::int64_t>(Wide{a.millionths()} * b.millionths() / Decimal::kOne));
  };
  constexpr Bound central = Bound::central;
  add("copy", kCopy, unit(of(sheet, "copy.pages", central), of(sheet, "copy.page_price", central)),
      [&](const Volume& volume) { return copy_of(sheet, volume, central); });
  add("post", kPost, of(sheet, "post.price", central),
      [&](const Volume& volume) { return post_of(sheet, volume, central); });
  add("labour", kLabour, unit(hours_saved(sheet, central), of(sheet, "labour.hour_price", central)),
      [&](const Volume& volume) { return labour_of(sheet, volume, central); });
  out.gross = kCopy + kPost + kLabour;
  out.net = kNet;
  out.cost_at_most = out.gross - out.net;
  out.documents_a_year = kDocumentsInJanuary2019 * 12;
  out.net_per_document = kNet / out.documents_a_year;
  return out;
}

}  // namespace insight
