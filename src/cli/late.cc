#include "cli/commands.h"
#include "cli/site.h"

namespace cli {
namespace {

std::string code_of(const exchange::Directory& directory, exchange::OrganisationKey key) {
  const auto organisation = directory.by_key(key);
  return organisation ? organisation->code : std::string();
}

}  // namespace

int late(const Terminal& terminal, const std::string& directory, int count) {
  const auto site = Site::open(directory, false);
  if (!site) return terminal.fail(site.error());
  const auto exchange = (*site)->exchange();
  if (!exchange) return terminal.fail(exchange.error());
  const auto found = (*exchange)->late(static_cast<std::size_t>(count));
  if (!found) return terminal.fail(found.error());
  const base::Language language = terminal.language();
  base::Json items{base::Json::Array{}};
  std::vector<std::vector<std::string>> rows;
  for (const exchange::LateItem& item : found->items) {
    const std::string to = code_of((*exchange)->directory(), item.recipient);
    const std::string due = base::vietnam_time_text(*item.clock.due, '-');
    rows.push_back({to, item.code, due,
                    duration_text(item.lateness).in(language) + (item.clock.urgent ? " !" : ""),
                    item.subject});
    base::Json one;
    one.add("id", item.delivery_id).add("document", item.document_id).add("to", to);
    one.add("from", code_of((*exchange)->directory(), item.sender)).add("notation", item.code);
    one.add("subject", item.subject).add("due", due).add("urgent", item.clock.urgent);
    one.add("late_minutes",
            static_cast<std::int64_t>(
                std::chrono::duration_cast<std::chrono::minutes>(item.lateness).count()));
    items.push(std::move(one));
  }
  base::Json json;
  json.add("total", found->total).add("items", std::move(items));
  terminal.give(json);
  const std::string total = std::to_string(found->total);
  if (found->total == 0) {
    terminal.say({"Không có văn bản nào quá hạn xác nhận đã nhận.",
                  "No document waits for its receipt beyond the time."});
    return 0;
  }
  terminal.say({total + " lượt chuyển quá hạn xác nhận đã nhận (! là văn bản khẩn):",
                total + " deliveries wait for their receipt beyond the time (! is urgent):"});
  if (language == base::Language::english) {
    terminal.table({"Recipient", "Notation", "Due", "Late by", "Subject"}, rows);
  } else {
    terminal.table({"Nơi nhận", "Số, ký hiệu", "Hạn", "Trễ", "Trích yếu"}, rows);
  }
  return 0;
}

}  // namespace cli
