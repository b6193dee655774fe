#include "agent/follow.h"

#include <algorithm>
#include <vector>

#include "agent/inbox.h"
#include "base/log.h"

namespace agent {
namespace {

constexpr std::int64_t kSecond = 1'000'000, kBudget = 3 * kSecond;
constexpr std::int64_t kDay = 24 * 3600 * kSecond;

std::int64_t interval(std::int64_t age) {
  if (age < 600 * kSecond) return 0;
  return age < kDay ? 60 * kSecond : 900 * kSecond;
}

// Nothing will happen to it any more.
bool is_over(const base::Json& delivery) {
  const std::string_view state = delivery["state"].text(), code = delivery["status"]["code"].text();
  if (state == "withdrawn" || state == "fail") return true;
  return state == "done" && (code == "02" || code == "06") &&
         delivery["recall"].text() != "requested";
}

}  // namespace

std::string Follow::file_of(const Entry& entry) const {
  return (entry.sent ? parts_.folder.following() : parts_.folder.received()) + "/" + entry.id +
         ".json";
}

base::Result<void> Follow::find(const std::string& directory, bool sent) {
  for (const std::string& name : TRY(parts_.files.list(directory))) {
    if (!name.ends_with(".json") || entries_.count(directory + "/" + name) > 0) continue;
    const base::Json json = TRY(read_json(parts_.files, directory + "/" + name));
    if (!sent && !json["acknowledged"].boolean()) continue;
    Entry entry{sent, name.substr(0, name.size() - 5), json["since"].integer(), 0};
    entries_.emplace(directory + "/" + name, std::move(entry));
  }
  return base::done();
}

base::Result<void> Follow::round(bool all, const std::atomic<bool>& stopping) {
  if (!parts_.line.open()) return base::done();
  TRY(find(parts_.folder.following(), true));
  TRY(find(parts_.folder.received(), false));
  const std::int64_t start = base::monotonic_micros();
  const std::int64_t now = base::to_micros(parts_.clock.now());
  std::vector<std::pair<std::int64_t, std::string>> due;  // who has waited longest is first
  for (const auto& [file, entry] : entries_) {
    if (all || entry.due <= start) due.emplace_back(entry.due, file);
  }
  std::sort(due.begin(), due.end());
  for (const auto& [since, file] : due) {
    if (stopping || !parts_.line.open()) break;
    if (!all && base::monotonic_micros() - start > kBudget) break;
    Entry& entry = entries_.at(file);
    const bool old = now - entry.since > parts_.settings.follow_days * kDay;
    const bool goes_on = !old && TRY(ask(entry));
    entry.due = base::monotonic_micros() + interval(now - entry.since);
    if (goes_on) continue;
    TRY(remove_if_there(parts_.files, file));
    entries_.erase(file);
  }
  return base::done();
}

base::Result<bool> Follow::ask(const Entry& entry) {
  return entry.sent ? ask_sent(entry) : ask_received(entry);
}

base::Result<bool> Follow::ask_sent(const Entry& entry) {
  base::FileSystem& files = parts_.files;
  const base::Json noted = TRY(read_json(files, file_of(entry)));
  const std::string path = parts_.folder.sent() + "/" + std::string(noted["name"].text());
  // Whoever took the receipt away does not want to hear of it.
  if (!files.exists(path + ".receipt.json")) return false;
  const auto answer = parts_.api.get("/api/v1/submissions/" + entry.id);
  if (!reached(parts_.line, answer)) return true;
  if (!answer->ok()) return false;
  base::Json status;
  status.add("document", answer->json["document"]);
  status.add("deliveries", answer->json["deliveries"]);
  const std::string text = status.dump(base::Json::Style::pretty) + "\n";
  const auto before = base::read_file(files, path + ".status.json", 64 << 20);
  if (!before || *before != text) TRY(base::write_file_durably(files, path + ".status.json", text));
  const auto& deliveries = status["deliveries"].array();
  return !std::all_of(deliveries.begin(), deliveries.end(), is_over);
}

base::Result<bool> Follow::ask_received(const Entry& entry) {
  const auto answer = parts_.api.get("/api/v1/deliveries/" + entry.id);
  if (!reached(parts_.line, answer) || !answer->ok()) return true;
  base::Json mark = TRY(read_json(parts_.files, file_of(entry)));
  TRY(tell_recall(entry, answer->json, mark));
  TRY(tell_verdict(entry, answer->json, mark));
  return true;
}

base::Result<void> Follow::tell_recall(const Entry& entry, const base::Json& delivery,
                                       base::Json& mark) {
  const base::Json& recall = delivery["recall"];
  if (recall.text() == mark["recall"].text()) return base::done();
  base::Json told;
  told.add("recall", recall).add("state", delivery["state"]);
  told.add("at", delivery["updated_at"]).add("delivery", entry.id);
  told.add("document", delivery["document"]);
  // Software that has taken the folder away hears of it all the same.
  const std::string directory = parts_.folder.inbox() + "/" + entry.id;
  TRY(base::make_directory_durably(parts_.files, directory));
  TRY(write_json(parts_.files, directory + "/recalled.json", told));
  mark = with(mark, "recall", recall);
  TRY(write_json(parts_.files, file_of(entry), mark));
  base::log::info("agent.recalled", {{"delivery", entry.id}, {"recall", recall.text()}});
  return base::done();
}

// Signatures that were still being checked when the document came, or that are judged anew.
base::Result<void> Follow::tell_verdict(const Entry& entry, const base::Json& delivery,
                                        base::Json& mark) {
  const std::string_view now = delivery["signatures"].text();
  if (now.empty() || now == "checking" || now == mark["verdict"].text()) return base::done();
  const std::string document(mark["document"].text());
  const auto answer = parts_.api.get("/api/v1/documents/" + document + "/signatures");
  if (!reached(parts_.line, answer) || !answer->ok()) return base::done();
  base::Json told;
  told.add("delivery", entry.id).add("document", document);
  const base::Json verdict = verdict_json(*answer);
  for (const auto& [name, value] : verdict.object()) told.add(name, value);
  const std::string directory = parts_.folder.inbox() + "/" + entry.id;
  TRY(base::make_directory_durably(parts_.files, directory));
  TRY(write_json(parts_.files, directory + "/signatures.json", told));
  mark = with(mark, "verdict", verdict["verdict"]);
  TRY(write_json(parts_.files, file_of(entry), mark));
  base::log::info("agent.judged", {{"delivery", entry.id}, {"verdict", verdict["verdict"].text()}});
  return base::done();
}

}  // namespace agent
