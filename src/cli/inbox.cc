#include "cli/client.h"

namespace cli {
namespace {

base::Result<base::Json> pending(const Terminal& terminal, const ClientOptions& options,
                                 bool statuses) {
  const auto connected = TRY(connect(terminal, options));
  exchange::vxp::Parameters parameters;
  parameters.add("servicetype", "eDoc");
  parameters.add("messagetype", statuses ? "status" : "edoc");
  return connected->vxp->call("getReceivedEdocList", parameters);
}

}  // namespace

int inbox(const Terminal& terminal, const ClientOptions& client, bool statuses) {
  const auto answer = pending(terminal, client, statuses);
  if (!answer) return terminal.fail(answer.error());
  terminal.give((*answer)["data"]);
  std::vector<std::vector<std::string>> rows;
  for (const auto& item : (*answer)["data"].array()) {
    const auto text = [&](std::string_view name) { return std::string(item[name].text()); };
    rows.push_back({text("docId"), text("from"), text("to"), text("created_time"), text("status")});
  }
  if (rows.empty()) {
    terminal.say({"Không có văn bản chờ nhận.", "Nothing waits."});
  } else if (terminal.language() == base::Language::english) {
    terminal.table({"Id", "From", "To", "Sent", "State"}, rows);
  } else {
    terminal.table({"Mã", "Từ", "Đến", "Gửi lúc", "Trạng thái"}, rows);
  }
  return 0;
}

}  // namespace cli
