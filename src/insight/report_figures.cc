#include "insight/report_figures.h"

#include <algorithm>
#include <tuple>

#include "base/hash.h"
#include "catalogue/said.h"
#include "insight/fact.h"
#include "insight/measures.h"
#include "page/sheet.h"

namespace insight {
namespace {

using catalogue::said;

// Of each organisation.
constexpr std::string_view kOfOrganisations[] = {"documents",     "deliveries",  "arrival.p50",
                                                 "arrival.p95",   "answer.open", "late.now",
                                                 "late.answered", "late.share"};
constexpr std::size_t kNamedInPdf = 25;

struct Counted {
  Cells cells;  // of the month
  std::vector<std::pair<std::int64_t, Volume>> by_day;
};

// One day after the other, each delivery as it was.
base::Result<Counted> count_month(exchange::Exchange& exchange, const ReportInputs& inputs) {
  Counted out;
  const Period period = days_of(inputs.month);
  TRY(exchange.database().read([&](store::Connection& connection) -> base::Result<void> {
    out = {};
    for (std::int64_t day = period.from; day < period.to; ++day) {
      const auto cells = TRY(count_day(connection, exchange, day, inputs.as_of));
      for (const auto& [key, cell] : cells) out.cells[key].add(cell);
      const auto all = cells.find({0, Direction::received});
      if (all == cells.end()) continue;
      out.by_day.emplace_back(day, Volume{all->second.documents, sum_of(all->second.arrival),
                                          all->second.urgent_arrived});
    }
    return base::done();
  }));
  return out;
}

std::vector<Figure> counts_and_times(const Summary& summary) {
  std::vector<Figure> out;
  // What is expected later is no matter of a report.
  for (const auto& part : {volumes(summary), times(summary), funnel(summary), lateness(summary)}) {
    std::copy_if(part.begin(), part.end(), std::back_inserter(out),
                 [](const Figure& one) { return one.id != "late.expected"; });
  }
  return out;
}

std::string number(const std::optional<std::int64_t>& value) {
  return value ? std::to_string(*value) : std::string();
}

class Csv {
 public:
  void row(const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) out_ += (i > 0 ? "," : "") + cells[i];
    out_ += "\r\n";
  }
  void figure(const std::string& organisation, std::string_view direction, const Figure& one,
              const std::string& period, const std::string& as_of) {
    const Definition* const definition = definition_of(one.id);
    row({period, as_of, csv_cell(organisation), std::string(direction), std::string(one.id),
         std::to_string(kDefinition), definition ? std::string(definition->unit) : "",
         number(one.value), number(one.at_least), number(one.low), number(one.high),
         std::to_string(one.numerator), std::to_string(one.denominator), ""});
  }
  base::Bytes take() { return std::move(out_); }

 private:
  base::Bytes out_ = "\xEF\xBB\xBF";  // else spreadsheets take it for another encoding
};

// "1.305.500.000.000"
std::string grouped(std::int64_t value) {
  std::string digits = std::to_string(value < 0 ? -value : value);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ".");
  return (value < 0 ? "−" : "") + digits;
}

// For people: seconds as the unit that fits.
std::string shown(std::string_view unit, std::int64_t value) {
  if (unit == "permille") {
    return std::to_string(value / 10) + "," + std::to_string(value % 10) + " %";
  }
  if (unit == "dong") return grouped(value) + " đ";
  if (unit != "seconds" || value < 120) return grouped(value) + (unit == "seconds" ? " s" : "");
  if (value < 7200) return std::to_string(value / 60) + " min";
  return std::to_string(value / 3600) + " h " + std::to_string(value % 3600 / 60) + " min";
}

std::string shown(const Figure& one) {
  const Definition* const definition = definition_of(one.id);
  if (definition == nullptr) return "";
  if (one.value) return shown(definition->unit, *one.value);
  if (one.at_least) return "> " + shown(definition->unit, *one.at_least);
  return "–";
}

page::Spans plain(std::string text) { return {{std::move(text)}}; }

page::Table table_of(const std::vector<Figure>& figures, std::string_view prefix) {
  page::Table table{
      {{said("insight.head.figure"), 4}, {said("insight.head.value"), 2}, {said("paper.of"), 2}},
      {},
      0,
      true};
  for (const Figure& one : figures) {
    const Definition* const definition = definition_of(one.id);
    if (definition == nullptr || !one.id.starts_with(prefix)) continue;
    std::string value = shown(one);
    if (one.low) value += "\n" + shown("dong", *one.low) + " – " + shown("dong", *one.high);
    const bool money = definition->unit == "dong";
    table.rows.push_back(
        {page::both(definition->name), plain(std::move(value)),
         plain((money ? "" : grouped(one.numerator) + " / ") + grouped(one.denominator))});
  }
  return table;
}

page::Table table_of(const Sheet& sheet) {
  page::Table table{{{said("paper.assumption"), 3},
                     {said("paper.assumptionValue"), 3},
                     {said("paper.assumptionSource"), 4}},
                    {},
                    4,
                    true};
  for (const AssumptionKind& kind : assumption_kinds()) {
    const auto found = sheet.find(kind.code);
    if (found == sheet.end()) continue;
    const Assumption& one = found->second;
    table.rows.push_back({page::both(kind.name),
                          plain(one.value.text() + " (" + one.low.text() + " – " + one.high.text() +
                                ") " + std::string(kind.unit)),
                          plain(one.source + " · " + one.owner)});
  }
  return table;
}

page::Table busiest(const ReportFigures& figures) {
  page::Table table{{{said("board.recipient"), 2},
                     {said("insight.standing.deliveries"), 2},
                     {said("paper.within"), 2},
                     {said("paper.lateShare"), 2}},
                    {},
                    1,
                    true};
  std::vector<const OrganisationFigures*> of;
  for (const OrganisationFigures& one : figures.organisations)
    if (one.direction == Direction::received) of.push_back(&one);
  const auto find = [](const OrganisationFigures& one, std::string_view id) -> const Figure& {
    return *std::find_if(one.figures.begin(), one.figures.end(),
                         [id](const Figure& figure) { return figure.id == id; });
  };
  std::stable_sort(of.begin(), of.end(), [&](const auto* a, const auto* b) {
    return find(*a, "deliveries").numerator > find(*b, "deliveries").numerator;
  });
  if (of.size() > kNamedInPdf) of.resize(kNamedInPdf);
  for (const OrganisationFigures* const one : of) {
    table.rows.push_back({plain(one->code), plain(shown(find(*one, "deliveries"))),
                          plain(shown(find(*one, "arrival.p95"))),
                          plain(shown(find(*one, "late.share")))});
  }
  return table;
}

}  // namespace

base::Result<ReportFigures> report_figures(exchange::Exchange& exchange,
                                           const ReportInputs& inputs) {
  const Counted counted = TRY(count_month(exchange, inputs));
  const Assumptions assumptions = TRY(assumptions_up_to(exchange, inputs.assumptions));
  ReportFigures out;
  Summary summary;
  summary.scope.everywhere = true;
  summary.period = days_of(inputs.month);
  summary.as_of = inputs.as_of;
  for (const auto& [key, cell] : counted.cells) {
    summary.cell = cell;
    std::vector<Figure> figures = counts_and_times(summary);
    if (key.first == 0) {
      out.all = std::move(figures);
      continue;
    }
    OrganisationFigures one{{}, key.second, {}};
    if (const auto found = exchange.directory().by_key(key.first)) one.code = found->code;
    for (const std::string_view id : kOfOrganisations) {
      std::copy_if(figures.begin(), figures.end(), std::back_inserter(one.figures),
                   [id](const Figure& figure) { return figure.id == id; });
    }
    out.organisations.push_back(std::move(one));
  }
  summary.cell = {};
  if (out.all.empty()) out.all = counts_and_times(summary);
  std::sort(out.organisations.begin(), out.organisations.end(), [](const auto& a, const auto& b) {
    return std::tie(a.code, a.direction) < std::tie(b.code, b.direction);
  });
  out.ledger = ledger_of(assumptions, summary.period, counted.by_day, {});
  out.ledger.as_of = inputs.as_of;
  out.sheet = assumptions.on(summary.period.to - 1);
  const auto money = figures_of(out.ledger);
  out.all.insert(out.all.end(), money.begin(), money.end());
  return out;
}

base::Bytes csv_of(const ReportFigures& figures, const ReportInputs& inputs) {
  Csv csv;
  const std::string period = text_of(inputs.month), as_of = base::iso_time_text(inputs.as_of);
  csv.row({"period", "as_of", "organisation", "direction", "figure", "definition", "unit", "value",
           "at_least", "low", "high", "numerator", "denominator", "source"});
  for (const Figure& one : figures.all) csv.figure("", "", one, period, as_of);
  for (const AssumptionKind& kind : assumption_kinds()) {
    const auto found = figures.sheet.find(kind.code);
    if (found == figures.sheet.end()) continue;
    const Assumption& one = found->second;
    csv.row({period, as_of, "", "", "assumption." + std::string(kind.code),
             std::to_string(one.version), std::string(kind.unit), one.value.text(), "",
             one.low.text(), one.high.text(), "", "", csv_cell(one.source)});
  }
  for (const OrganisationFigures& of : figures.organisations) {
    for (const Figure& one : of.figures)
      csv.figure(of.code, name_of(of.direction), one, period, as_of);
  }
  return csv.take();
}

base::Result<base::Bytes> pdf_of(const ReportFigures& figures, const ReportInputs& inputs,
                                 base::BytesView csv) {
  const std::string month = text_of(inputs.month);
  page::Sheet sheet;
  // As people in Viet Nam write it.
  const std::string shown_month = month.substr(5) + "/" + month.substr(0, 4);
  const std::string time = base::vietnam_time_text(inputs.as_of, '/');
  const std::string at =
      time.substr(11) + " " + time.substr(8, 2) + "/" + time.substr(5, 2) + "/" + time.substr(0, 4);
  sheet.title = said("paper.report", {{"month", shown_month}}).vi;
  sheet.author = "Trúc";
  sheet.subject = said("paper.reportSubject").vi;
  sheet.made_at = inputs.as_of;
  sheet.footer = plain("Trúc · " + month + " · CSV SHA-256 " + base::hex(base::sha256(csv)));
  const auto add = [&](page::Block block) { sheet.blocks.push_back(std::move(block)); };
  add(page::Title{said("paper.reportTitle", {{"month", {shown_month, month}}})});
  add(page::Paragraph{page::both(said("paper.asOf", {{"at", at}}))});
  if (figures.ledger.volume.documents == 0) add(page::Notice{said("paper.nothing")});
  add(page::Heading{said("paper.volume")});
  page::Table volume = table_of(figures.all, "documents");
  const page::Table deliveries = table_of(figures.all, "deliveries");
  volume.rows.insert(volume.rows.end(), deliveries.rows.begin(), deliveries.rows.end());
  add(std::move(volume));
  add(page::Heading{said("paper.times")});
  page::Table times = table_of(figures.all, "arrival");
  const page::Table answers = table_of(figures.all, "answer");
  times.rows.insert(times.rows.end(), answers.rows.begin(), answers.rows.end());
  add(std::move(times));
  add(page::Heading{said("paper.stages")});
  add(table_of(figures.all, "stage"));
  add(page::Heading{said("paper.inTime")});
  add(table_of(figures.all, "late"));
  add(page::Heading{said("paper.savings")});
  add(table_of(figures.all, "savings"));
  add(page::Heading{said("paper.assumptions")});
  add(table_of(figures.sheet));
  add(page::Heading{said("paper.busiest")});
  add(busiest(figures));
  page::Pdf made = TRY(page::render(sheet));
  return std::move(made.bytes);
}

}  // namespace insight
