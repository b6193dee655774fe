#include "base/text.h"
#include "cli/client.h"
#include "exchange/delivery.h"

namespace cli {
namespace {

base::Result<base::Json> sent(const Terminal& terminal, const ClientOptions& options,
                              const std::string& id) {
  const auto connected = TRY(connect(terminal, options));
  exchange::vxp::Parameters parameters;
  parameters.add("servicetype", "eDoc");
  parameters.add("docId", id);
  base::Json answer = TRY(connected->vxp->call("getSentEdocList", parameters));
  base::Json mine{base::Json::Array{}};
  for (const auto& item : answer["data"].array()) {
    if (item["senderDocId"].text() == id || item["receiverDocId"].text() == id) mine.push(item);
  }
  if (mine.array().empty()) {
    return base::Error(base::Code::not_found, "cli.not_sent_by_you",
                       "this system has sent no document " + id,
                       "hệ thống này không gửi văn bản nào mang mã " + id);
  }
  return mine;
}

// The person's words for what the server says in its own; what is not known is shown as it came.
std::string transport_text(base::Language language, std::string_view word) {
  using exchange::Transport;
  for (const Transport known : {Transport::initial, Transport::processing, Transport::done,
                                Transport::fail, Transport::withdrawn}) {
    if (exchange::word_of(known) == word) return exchange::text_of(known).in(language);
  }
  return std::string(word);
}

std::string recall_text(base::Language language, std::string_view word) {
  using exchange::Recall;
  for (const Recall known : {Recall::requested, Recall::agreed, Recall::refused}) {
    if (exchange::word_of(known) == word) return exchange::text_of(known).in(language);
  }
  return std::string(word);
}

std::string signatures_text(base::Language language, std::string_view word) {
  const std::pair<std::string_view, base::Text> known[] = {
      {"valid", {"hợp lệ", "valid"}},
      {"invalid", {"không hợp lệ", "invalid"}},
      {"undetermined", {"chưa xác định", "undetermined"}},
      {"checking", {"đang kiểm tra", "being checked"}},
      {"unsigned", {"không ký số", "unsigned"}}};
  for (const auto& [name, text] : known) {
    if (name == word) return text.in(language);
  }
  return std::string(word);
}

// Until when the recipient's word is due; by how much it is late.
std::string due_text(base::Language language, const base::Json& item) {
  if (item["waitsFor"].text() == "connection") {
    return base::Text{"chờ nơi nhận kết nối", "not connected yet"}.in(language);
  }
  std::string due(item["dueTime"].text());
  if (const auto late = base::parse_int(item["lateMinutes"].text())) {
    const base::Text by = duration_text(std::chrono::minutes(*late));
    due += base::Text{", trễ " + by.vi, ", late by " + by.en}.in(language);
  }
  return due;
}

}  // namespace

int track(const Terminal& terminal, const ClientOptions& client, const std::string& id) {
  const auto items = sent(terminal, client, id);
  if (!items) return terminal.fail(items.error());
  terminal.give(*items);
  std::vector<std::vector<std::string>> rows;
  for (const auto& item : items->array()) {
    const auto text = [&](std::string_view name) { return std::string(item[name].text()); };
    const base::Language language = terminal.language();
    std::string business = text("businessStatus");
    if (!business.empty()) business += " " + exchange::text_of_status(business).in(language);
    rows.push_back({text("toCode"), transport_text(language, text("receiveStatus")),
                    text("receivedTime"), business, recall_text(language, text("recallStatus")),
                    due_text(language, item)});
  }
  const auto& first = items->array().front();
  const std::string title =
      std::string(first["notation"].text()) + "  " + std::string(first["title"].text());
  const auto signatures = [&](base::Language language, const char* label) {
    const std::string_view word = first["signatures"].text();
    return word.empty() ? std::string() : label + signatures_text(language, word);
  };
  base::Text when{std::string(first["sentTime"].text()), std::string(first["sentTime"].text())};
  if (const auto late = base::parse_int(first["sentLateMinutes"].text())) {
    const base::Text by = duration_text(std::chrono::minutes(*late));
    when.vi += " (trễ hạn gửi " + by.vi + ")";
    when.en += " (" + by.en + " after its time)";
  }
  terminal.say(
      {title + "\nGửi lúc " + when.vi + signatures(base::Language::vietnamese, "  Chữ ký số: "),
       title + "\nSent " + when.en + signatures(base::Language::english, "  Signatures: ")});
  if (terminal.language() == base::Language::english) {
    terminal.table({"Recipient", "Delivery", "Fetched", "Status", "Recall", "Due"}, rows);
  } else {
    terminal.table({"Nơi nhận", "Chuyển", "Lấy lúc", "Xử lý", "Lấy lại", "Hạn trả lời"}, rows);
  }
  return 0;
}

}  // namespace cli
