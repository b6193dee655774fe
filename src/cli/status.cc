#include <algorithm>

#include "base/text.h"
#include "cli/client.h"
#include "exchange/delivery.h"

namespace cli {
namespace {

constexpr std::string_view kCodes = "01 02 03 04 05 06 15 16";

base::Result<base::Json> report(const Terminal& terminal, const ClientOptions& client,
                                const StatusOptions& options) {
  const auto codes = base::split(kCodes, ' ');
  if (std::find(codes.begin(), codes.end(), options.code) == codes.end()) {
    return base::Error(base::Code::invalid, "cli.bad_status",
                       "the status code must be one of " + std::string(kCodes),
                       "mã trạng thái phải là một trong " + std::string(kCodes));
  }
  if (options.code == "02" && options.reason.empty()) {
    return base::Error(base::Code::invalid, "cli.reason_missing",
                       "refusing (02) needs --reason TEXT",
                       "từ chối (02) phải có --reason NỘI_DUNG");
  }
  const auto connected = TRY(connect(terminal, client));
  const edxml::Document document = TRY(remote_header(*connected->vxp, options.id));
  edxml::Document status;
  status.kind = edxml::Kind::status;
  if (!options.from.empty()) {
    status.from.id = options.from;
  } else if (document.to.size() == 1) {
    status.from = document.to[0];
  } else {
    return base::Error(base::Code::invalid, "cli.reporter_missing",
                       "the document names several recipients: say who reports with --from CODE",
                       "văn bản có nhiều nơi nhận: hãy nêu cơ quan báo trạng thái bằng --from MÃ");
  }
  if (status.from.name.empty()) status.from.name = status.from.id;
  edxml::ResponseFor about;
  about.organisation = document.from.id;
  about.code = document.code();
  about.document_id = document.document_id;
  about.promulgation = document.promulgation;
  status.response_for.push_back(std::move(about));
  status.status_code = options.code;
  status.status_description =
      options.reason.empty() ? exchange::text_of_status(options.code).vi : options.reason;
  status.status_timestamp = base::vietnam_time_text(connected->clock.now(), '/');
  return send_status(*connected, status);
}

}  // namespace

int status(const Terminal& terminal, const ClientOptions& client, const StatusOptions& options) {
  const auto answer = report(terminal, client, options);
  terminal.end_progress();
  if (!answer) return terminal.fail(answer.error());
  const base::Text text = exchange::text_of_status(options.code);
  terminal.answer({"Đã báo trạng thái " + options.code + " (" + text.vi + ").",
                   "Reported status " + options.code + " (" + text.en + ")."},
                  *answer);
  return 0;
}

}  // namespace cli
