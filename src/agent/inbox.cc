#include "agent/inbox.h"

#include <algorithm>

#include "agent/arrival.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"

namespace agent {
namespace {

using base::Code;

// So many transfers in a row that break off are no longer the fault of one document.
constexpr int kBrokenOffMost = 3;
constexpr std::uint64_t kRoomFactor = 2;  // the file, and what is taken out of it

bool of_disk(const base::Error& error) { return error.reason().starts_with("base."); }

}  // namespace

base::Json verdict_json(const Answer& signatures) {
  base::Json verdict{base::Json::Object{}};
  for (const char* member : {"judged", "verdict", "text_vi", "text_en", "judged_at"}) {
    if (signatures.ok() && signatures.json.has(member))
      verdict.add(member, signatures.json[member]);
  }
  return verdict;
}

// .state/received/ID.json: ID is on disk, in inbox or about to be renamed there.
struct Inbox::Mark {
  static std::string path(const Folder& folder, const std::string& id) {
    return folder.received() + "/" + id + ".json";
  }
};

base::Result<void> Inbox::resume() {
  base::FileSystem& files = parts_.files;
  for (const std::string& name : TRY(files.list(parts_.folder.received()))) {
    if (!name.ends_with(".json")) continue;
    const std::string id = name.substr(0, name.size() - 5);
    const base::Json mark = TRY(read_json(files, Mark::path(parts_.folder, id)));
    if (mark["acknowledged"].boolean()) continue;
    TRY(place(id));
    unacknowledged_.insert(id);
  }
  for (const std::string& id : TRY(files.list(parts_.folder.partial())))
    TRY(remove_tree(files, parts_.folder.partial() + "/" + id));
  return base::done();
}

base::Result<void> Inbox::place(const std::string& id) {
  base::FileSystem& files = parts_.files;
  const std::string from = parts_.folder.partial() + "/" + id;
  if (!files.exists(from)) return base::done();
  const std::string to = parts_.folder.inbox() + "/" + id;
  if (files.exists(to)) return remove_tree(files, from);
  TRY(files.rename(from, to));
  return files.sync_directory(parts_.folder.inbox());
}

bool Inbox::room_for(std::uint64_t bytes) const {
  return parts_.files.free_bytes(parts_.folder.root) >=
         parts_.settings.reserve_bytes + bytes * kRoomFactor;
}

base::Result<Inbox::Round> Inbox::receive(const std::atomic<bool>& stopping) {
  Round round;
  if (!parts_.line.open()) {
    ++round.waiting;
    return round;
  }
  broken_off_ = 0;
  const std::set<std::string> before = unacknowledged_;
  for (const std::string& id : before) TRY(acknowledge(id, round));
  std::vector<std::string> organisations = parts_.settings.organisations;
  if (organisations.empty()) organisations.emplace_back();
  for (const std::string& organisation : organisations) {
    std::string path = "/api/v1/deliveries?limit=100";
    if (!organisation.empty()) path += "&organisation=" + organisation;
    while (!path.empty() && !stopping) {
      const auto page = parts_.api.get(path);
      if (!reached(parts_.line, page) || !page->ok()) {
        if (page && page->final())
          base::log::warning("agent.inbox_refused", {{"reason", page->reason}});
        ++round.waiting;
        return round;
      }
      for (const base::Json& delivery : page->json["items"].array()) {
        if (stopping) return round;
        if (!parts_.line.open()) {
          ++round.waiting;
          return round;
        }
        if (const auto arrived = arrive(delivery, round); !arrived) {
          // Of the disk: nothing is lost, it waits at the server.
          if (!full_) base::log::error("agent.no_room", {{"detail", arrived.error().detail()}});
          full_ = true;
          ++round.waiting;
          return round;
        }
      }
      path = page->json["next"].text();
    }
  }
  if (full_) base::log::info("agent.room_again");
  full_ = false;
  return round;
}

base::Result<void> Inbox::arrive(const base::Json& delivery, Round& round) {
  base::FileSystem& files = parts_.files;
  std::string verdict;
  const std::string id(delivery["id"].text());
  const std::string document(delivery["document"].text());
  if (!is_id(id) || !is_id(document)) return base::done();
  if (files.exists(Mark::path(parts_.folder, id))) return acknowledge(id, round);
  if (!files.exists(parts_.folder.inbox() + "/" + id)) {
    if (const auto later = later_.find(id); later != later_.end() && !later->second.due()) {
      ++round.waiting;
      return base::done();
    }
    const std::string partial = parts_.folder.partial() + "/" + id;
    auto fetched = fetch(delivery, partial);
    if (!fetched || !*fetched) {
      static_cast<void>(remove_tree(files, partial));
      if (!fetched) return std::move(fetched).error();
      later_[id].failed();
      ++round.waiting;
      return base::done();
    }
    verdict = **fetched;
  }
  base::Json mark;
  mark.add("document", document).add("acknowledged", false);
  mark.add("since", base::to_micros(parts_.clock.now()));
  mark.add("recall", "none").add("verdict", verdict);
  TRY(write_json(files, Mark::path(parts_.folder, id), mark));
  TRY(place(id));
  later_.erase(id);
  unacknowledged_.insert(id);
  ++round.received;
  base::log::info("agent.received", {{"delivery", id}, {"document", document}});
  return acknowledge(id, round);
}

// The verdict on its signatures; nothing when it cannot be had now: the line is broken, or it has
// been taken back.
base::Result<std::optional<std::string>> Inbox::fetch(const base::Json& delivery,
                                                      const std::string& to) {
  const std::optional<std::string> nothing;
  const std::string document(delivery["document"].text());
  const std::string path = "/api/v1/documents/" + document;
  const auto about = parts_.api.get(path);
  if (!reached(parts_.line, about) || !about->ok()) return nothing;
  const auto bytes = static_cast<std::uint64_t>(about->json["size"].integer());
  if (!room_for(bytes)) {
    return base::Error(Code::unavailable, "base.disk_full",
                       "a document of " + base::size_text(bytes) +
                           " waits at the server; make room on the disk of " + parts_.folder.root,
                       "văn bản " + base::size_text(bytes) +
                           " đang chờ ở máy chủ; hãy dọn đĩa chứa " + parts_.folder.root);
  }
  TRY(remove_tree(parts_.files, to));
  Arrival arrival(parts_.files, to);
  TRY(arrival.open());
  const auto content = parts_.api.content(document, arrival);
  if (!content && of_disk(content.error())) return content.error();
  if (!content && content.error().reason() == "http.broken_off" && ++broken_off_ < kBrokenOffMost) {
    parts_.line.passed_over(content.error());
    return nothing;
  }
  if (!reached(parts_.line, content) || !content->ok()) return nothing;
  broken_off_ = 0;
  const auto signatures = parts_.api.get(path + "/signatures");
  if (!reached(parts_.line, signatures)) return nothing;
  base::Json known;
  known.add("delivery", delivery).add("document", about->json);
  const base::Json verdict = verdict_json(*signatures);
  known.add("signatures", verdict);
  const std::uint64_t free = parts_.files.free_bytes(parts_.folder.root);
  const std::uint64_t most =
      free > parts_.settings.reserve_bytes ? free - parts_.settings.reserve_bytes : 0;
  if (!TRY(arrival.finish(about->json["sha256"].text(), std::move(known), most))) {
    parts_.line.passed_over(base::Error(
        Code::unavailable, "agent.damaged", document + " came with another SHA-256 than it has",
        document + " về máy với SHA-256 khác với SHA-256 đã công bố"));
    return nothing;
  }
  TRY(parts_.files.sync_directory(parts_.folder.partial()));
  return std::optional<std::string>(verdict["verdict"].text());
}

base::Result<void> Inbox::acknowledge(const std::string& id, Round& round) {
  if (!parts_.line.open()) {
    ++round.waiting;
    return base::done();
  }
  base::Json body;
  body.add("result", "done");
  const auto answer = parts_.api.post("/api/v1/deliveries/" + id + "/acknowledgement", body, "");
  if (!reached(parts_.line, answer)) {
    ++round.waiting;
    return base::done();
  }
  if (!answer->ok())
    base::log::warning("agent.not_acknowledged", {{"delivery", id}, {"reason", answer->reason}});
  // Refused for good (it has been withdrawn meanwhile): asking again changes nothing.
  const std::string path = Mark::path(parts_.folder, id);
  const base::Json mark = TRY(read_json(parts_.files, path));
  TRY(write_json(parts_.files, path, with(mark, "acknowledged", true)));
  unacknowledged_.erase(id);
  return base::done();
}

}  // namespace agent
