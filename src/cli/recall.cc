#include <algorithm>

#include "cli/client.h"

namespace cli {
namespace {

base::Result<base::Json> recall_all(const Terminal& terminal, const ClientOptions& client,
                                    const RecallOptions& options) {
  if (options.reason.empty()) {
    return base::Error(base::Code::invalid, "cli.reason_missing", "a recall needs --reason TEXT",
                       "lấy lại văn bản phải có --reason NỘI_DUNG");
  }
  const auto connected = TRY(connect(terminal, client));
  const edxml::Document document = TRY(remote_header(*connected->vxp, options.id));
  std::vector<std::string> receivers = options.to;
  for (const auto& to : document.to) {
    if (options.to.empty() &&
        std::find(receivers.begin(), receivers.end(), to.id) == receivers.end()) {
      receivers.push_back(to.id);
    }
  }
  base::Json results{base::Json::Array{}};
  for (const std::string& receiver : receivers) {
    edxml::Document status;
    status.kind = edxml::Kind::status;
    status.from = document.from;
    edxml::ResponseFor about;
    about.organisation = receiver;
    about.code = document.code();
    about.document_id = document.document_id;
    about.promulgation = document.promulgation;
    status.response_for.push_back(std::move(about));
    status.status_code = "13";
    status.status_description = options.reason;
    status.status_timestamp = base::vietnam_time_text(connected->clock.now(), '/');
    const auto answer = send_status(*connected, status);
    base::Json one;
    one.add("to", receiver).add("ok", answer.ok());
    if (!answer) one.add("error", answer.error().text().in(terminal.language()));
    results.push(std::move(one));
  }
  return results;
}

}  // namespace

int recall(const Terminal& terminal, const ClientOptions& client, const RecallOptions& options) {
  const auto results = recall_all(terminal, client, options);
  terminal.end_progress();
  if (!results) return terminal.fail(results.error());
  terminal.give(*results);
  bool all = true;
  for (const auto& one : results->array()) {
    const std::string to(one["to"].text()), error(one["error"].text());
    const bool good = one["ok"].boolean();
    all = all && good;
    terminal.say(good ? base::Text{"Đã yêu cầu lấy lại từ " + to, "Recall requested from " + to}
                      : base::Text{"Không yêu cầu được với " + to + ": " + error,
                                   "Not requested from " + to + ": " + error});
  }
  terminal.say(
      {"Xem kết quả: truc track " + options.id, "See what became of it: truc track " + options.id});
  return all ? 0 : 1;
}

}  // namespace cli
