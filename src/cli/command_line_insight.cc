#include "cli/command_line.h"

namespace cli {

void CommandLine::declare_insight() {
  CLI::App* insight = app_.add_subcommand(
      "insight", words_("số liệu và báo cáo tháng", "figures and monthly reports"));
  insight->require_subcommand(1);
  CLI::App* rebuild =
      add(*insight, "rebuild", words_("tính lại mọi số đếm từ hồ sơ", "count everything anew"));
  site_option(rebuild, site_);
  runs(rebuild, [this](const Terminal& t) { return cli::insight_rebuild(t, site_); });
  CLI::App* report = add(*insight, "report",
                         words_("lập và ký báo cáo của một tháng đã hết",
                                "make and seal the report of a month that is over"));
  site_option(report, insight_.site);
  report->add_option("month", insight_.month, "2026-10")->required();
  report->add_option("-o,--output", insight_.output,
                     words_("thư mục ghi PDF và CSV", "directory for the PDF and the CSV"));
  runs(report, [this](const Terminal& t) { return cli::insight_report(t, insight_); });
  CLI::App* list = add(*insight, "list", words_("các báo cáo đã lập", "the reports made so far"));
  site_option(list, site_);
  runs(list, [this](const Terminal& t) { return cli::insight_list(t, site_); });
  CLI::App* verify = add(*insight, "verify",
                         words_("tính lại báo cáo từ hồ sơ và so từng byte",
                                "compute reports again from the records, byte for byte"));
  site_option(verify, insight_.site);
  verify
      ->add_option("number", insight_.number,
                   words_("số báo cáo; không nêu: mọi báo cáo", "a report; without it all"))
      ->check(CLI::Range(1, 1000000));
  runs(verify, [this](const Terminal& t) { return cli::insight_verify(t, insight_); });
}

}  // namespace cli
