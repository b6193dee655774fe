// Monthly reports: a CSV for programs and a PDF for people, made from the records as they were at
// one moment, so that they can be computed again to the same bytes. docs/formats/insight.md.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "exchange/exchange.h"
#include "insight/rollup.h"

namespace insight {

struct Month {
  int year = 0, month = 0;
  auto operator<=>(const Month&) const = default;
};
// "2026-11"; nothing for anything else.
std::optional<Month> parse_month(std::string_view text);
std::string text_of(const Month& month);
Period days_of(const Month& month);

// All that a report is computed from, besides the records.
struct ReportInputs {
  Month month;
  base::Time as_of;
  std::int64_t assumptions = 0;  // the last version then
  std::string basis;             // basis_of() of the days that matter
};
base::Json to_json(const ReportInputs& inputs);

struct Report {
  std::int64_t id = 0;
  base::Time made_at;
  ReportInputs inputs;
  base::Bytes csv;
  base::Bytes pdf;              // sealed: what was rendered, and the signature appended to it
  std::int64_t body_bytes = 0;  // of what was rendered
  bool superseded = false;      // there is a later one of that month
};

// Seals a PDF: gives the bytes to append.
using Seal = std::function<base::Result<base::Bytes>(base::BytesView pdf)>;

// Makes the report of a month that is over, as of five minutes ago, so that whatever was under way
// has come in; keeps it with an entry in the journal. Durable. An earlier one stays. Takes seconds
// for each million deliveries. insight.month_not_over, the errors of sealing.
base::Result<Report> make_report(exchange::Exchange& exchange, const Month& month,
                                 const Seal& seal);

// The newest first; without `csv` and `pdf`. At most 1,000.
base::Result<std::vector<Report>> reports(const exchange::Exchange& exchange);
// insight.unknown_report.
base::Result<Report> report(const exchange::Exchange& exchange, std::int64_t id);

// Whether what is kept is what the records give.
struct ReportVerdict {
  bool csv_same = false, pdf_same = false;
  // Working days, hours or definitions are not those of the time: then other bytes are no wonder.
  bool basis_same = false;
};
base::Result<ReportVerdict> verify_report(exchange::Exchange& exchange, const Report& report);

// A cell of a CSV file that no spreadsheet takes for a formula: what begins like one (= + - @ tab
// CR) gets an apostrophe in front. Quoted where that is needed (RFC 4180).
std::string csv_cell(std::string_view text);

}  // namespace insight
