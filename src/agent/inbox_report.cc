// What software says of a document that came: inbox/ID/status.json.
#include <sys/stat.h>

#include "agent/inbox.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"

namespace agent {
namespace {

using base::Code;

constexpr const char* kDropped = "/status.json";
constexpr const char* kTaken = "/.status.taken.json";

base::Error bad(const std::string& member, const char* en, const char* vi) {
  return base::Error(Code::invalid, "agent.bad_member", "status.json: " + member + " " + en,
                     "status.json: " + member + " " + vi);
}

// What the API takes, from what the software wrote.
base::Result<base::Json> read_report(const base::Json& json) {
  if (!json.is_object()) return bad("(root)", "must be an object", "phải là một đối tượng JSON");
  base::Json body;
  for (const auto& [name, value] : json.object()) {
    if (name == "code") {
      std::string code =
          value.is_number() ? std::to_string(value.integer()) : std::string(value.text());
      if (code.size() == 1) code.insert(0, "0");
      body.add("code", code);
    } else if (name == "description" || name == "department" || name == "staff") {
      if (!value.is_string()) return bad(name, "must be text", "phải là chuỗi");
      body.add(name, value);
    } else {
      return bad(plain_name(name, 60, "?"), "is not a known member", "không phải mục được biết");
    }
  }
  if (body["code"].text().empty()) return bad("code", "is missing", "chưa có");
  return body;
}

}  // namespace

base::Result<Inbox::Round> Inbox::report(const std::atomic<bool>& stopping) {
  Round round;
  for (const std::string& id : TRY(parts_.files.list(parts_.folder.inbox()))) {
    if (stopping) break;
    if (!is_id(id)) continue;
    const std::string directory = parts_.folder.inbox() + "/" + id;
    if (parts_.files.exists(directory + kTaken) || parts_.files.exists(directory + kDropped))
      TRY(report_one(id, round));
  }
  return round;
}

// Renamed before it is read: what is written next to it meanwhile is another report.
base::Result<void> Inbox::report_one(const std::string& id, Round& round) {
  base::FileSystem& files = parts_.files;
  const std::string directory = parts_.folder.inbox() + "/" + id;
  const std::string taken = directory + kTaken;
  struct stat found {};
  if (!files.exists(taken)) {
    const std::string dropped = directory + kDropped;
    if (::lstat(dropped.c_str(), &found) != 0 || !S_ISREG(found.st_mode)) return base::done();
    const std::int64_t age =
        base::to_micros(parts_.clock.now()) / 1000 - std::int64_t{found.st_mtim.tv_sec} * 1000;
    // Still being written, as long as it is no JSON.
    if (!read_json(files, dropped) && age < parts_.settings.settle_ms + 1000) {
      ++round.waiting;
      round.changing = true;
      return base::done();
    }
    TRY(files.rename(dropped, taken));
    TRY(files.sync_directory(directory));
  }
  Later& later = later_[id + "/status"];
  if (!parts_.line.open() || !later.due()) {
    ++round.waiting;
    return base::done();
  }
  const auto refuse = [&](base::Json why) -> base::Result<void> {
    why.add("remedy_vi", "Sửa theo lý do trên, rồi đặt lại status.json.");
    why.add("remedy_en", "Mend what is said above and put status.json here again.");
    later_.erase(id + "/status");
    ++round.refused;
    base::log::warning("agent.report_refused",
                       {{"delivery", id}, {"reason", why["reason"].text()}});
    TRY(write_json(files, directory + "/status.error.json", why));
    TRY(files.rename(taken, directory + "/status.refused.json"));
    return files.sync_directory(directory);
  };
  const auto json = read_json(files, taken);
  if (!json && json.error().code() == Code::unavailable) return json.error();
  const auto body = json ? read_report(*json) : base::Result<base::Json>(json.error());
  if (!body) return refuse(error_json(body.error()));
  if (::lstat(taken.c_str(), &found) != 0) return base::done();
  // The same words dropped again another time are another report.
  const std::string what = id + "\n" + std::to_string(found.st_mtim.tv_sec) + "." +
                           std::to_string(found.st_mtim.tv_nsec) + "\n" + body->dump();
  const std::string key = "truc-agent-" + base::hex(base::sha256(what));
  const auto answer = parts_.api.post("/api/v1/deliveries/" + id + "/status", *body, key);
  if (!reached(parts_.line, answer)) {
    later.failed();
    ++round.waiting;
    return base::done();
  }
  if (!answer->ok()) {
    base::Json why;
    why.add("reason", answer->reason).add("vi", answer->text.vi).add("en", answer->text.en);
    return refuse(why);
  }
  later_.erase(id + "/status");
  ++round.reported;
  base::log::info("agent.reported", {{"delivery", id}, {"code", (*body)["code"].text()}});
  TRY(remove_if_there(files, directory + "/status.error.json"));
  TRY(files.rename(taken, directory + "/status.reported.json"));
  return files.sync_directory(directory);
}

}  // namespace agent
