// What a report says: the figures of a month, from the records, and how they are set. Used by
// report.cc alone.
#pragma once
#include <string>
#include <vector>

#include "insight/figure.h"
#include "insight/report.h"
#include "insight/savings.h"

namespace insight {

struct OrganisationFigures {
  std::string code;
  Direction direction = Direction::received;
  std::vector<Figure> figures;
};
struct ReportFigures {
  std::vector<Figure> all;
  std::vector<OrganisationFigures> organisations;  // by code
  Ledger ledger;
  Sheet sheet;  // of the month's last day
};

// As of inputs.as_of, from records and journal. Any thread.
base::Result<ReportFigures> report_figures(exchange::Exchange& exchange,
                                           const ReportInputs& inputs);

base::Bytes csv_of(const ReportFigures& figures, const ReportInputs& inputs);
// `csv` is named in it by its SHA-256, so that the seal covers both.
base::Result<base::Bytes> pdf_of(const ReportFigures& figures, const ReportInputs& inputs,
                                 base::BytesView csv);

}  // namespace insight
