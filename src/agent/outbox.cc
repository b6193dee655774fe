#include "agent/outbox.h"

#include <algorithm>

#include "agent/outbox_job.h"
#include "agent/packing.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"
#include "edxml/reader.h"

namespace agent {
namespace {

using base::Code;

constexpr std::size_t kPieceBytes = 256 * 1024;
constexpr std::size_t kFileNameBytesMax = 80;
// The server remembers a key for 24 hours; later it is asked what it has.
constexpr std::int64_t kKeyHoldsMicros = std::int64_t{20} * 3600 * 1'000'000;
constexpr std::int64_t kClockErrorMicros = std::int64_t{3600} * 1'000'000;

// What one pass over an edXML file tells.
struct Scanned {
  std::string sha256;
  edxml::Document document;
};

base::Result<Scanned> scan(base::FileSystem& files, const std::string& path) {
  const auto file = TRY(files.open(path, base::FileSystem::Mode::read));
  edxml::Reader reader;
  base::Sha256 sum;
  std::string piece(kPieceBytes, '\0');
  for (std::uint64_t at = 0;;) {
    const std::size_t got = TRY(file->read_at(at, piece.data(), piece.size()));
    if (got == 0) break;
    sum.update({piece.data(), got});
    TRY(reader.feed({piece.data(), got}));
    at += got;
  }
  Scanned scanned;
  scanned.document = TRY(reader.finish());
  scanned.sha256 = base::hex(sum.finish());
  return scanned;
}

// Nothing that repeating would change.
bool is_final(const base::Error& error) {
  return error.code() != Code::unavailable && error.code() != Code::internal;
}

// What follows the result's name: "pdf" for its own files, the whole name of an attachment; never
// what the agent itself writes there.
std::string ending_of(const std::string& file, const std::string& name) {
  const auto dot = file.rfind('.');
  const bool its_own = dot != std::string::npos && plain_stem(file.substr(0, dot)) == name;
  const std::string ending =
      plain_name(its_own ? base::lower_ascii(file.substr(dot + 1)) : file, kFileNameBytesMax, "_");
  for (const char* kept : {"receipt.json", "status.json", "error.json"}) {
    if (base::equal_ignoring_case(ending, kept)) return "_" + ending;
  }
  return ending;
}

std::string iso(std::int64_t micros) { return base::iso_time_text(base::from_micros(micros)); }

}  // namespace

base::Json Outbox::Job::json() const {
  base::Json json;
  json.add("document", document).add("key", key).add("sha256", sha256);
  json.add("attempted_at", attempted_at).add("outcome", outcome).add("result", result);
  json.add("answer", answer);
  return json;
}

Outbox::Job Outbox::Job::from(const std::string& name, const std::string& directory,
                              const base::Json& json) {
  Job job;
  job.name = name;
  job.directory = directory;
  job.document = json["document"].text();
  job.key = json["key"].text();
  job.sha256 = json["sha256"].text();
  job.attempted_at = json["attempted_at"].integer();
  job.outcome = json["outcome"].text();
  job.result = json["result"].text();
  job.answer = json["answer"];
  return job;
}

base::Result<Outbox::Round> Outbox::round(bool room, const std::atomic<bool>& stopping) {
  Round round;
  TRY(take_new(room, round));
  for (const std::string& name : TRY(parts_.files.list(parts_.folder.taken()))) {
    if (stopping) break;
    TRY(work_on(name, round));
  }
  return round;
}

base::Result<void> Outbox::work_on(const std::string& name, Round& round) {
  if (const auto later = later_.find(name); later != later_.end() && !later->second.due()) {
    ++round.waiting;
    return base::done();
  }
  auto job = prepare(name);
  if (!job) {
    if (is_final(job.error())) {
      Job refused;
      refused.name = name;
      refused.directory = parts_.folder.taken() + "/" + name;
      return refuse(refused, job.error(), round);
    }
    return put_off(name, job.error(), round);
  }
  if (job->directory.empty()) return base::done();  // nothing was left of it
  if (!job->outcome.empty()) return finish(*job);
  return attempt(*job, round);
}

// The job as it was noted; or taken to its end (a kill may have come between two renames), packed,
// and noted. A Job without a directory: there was nothing in it.
base::Result<Outbox::Job> Outbox::prepare(const std::string& name) {
  base::FileSystem& files = parts_.files;
  Job job;
  const std::string directory = parts_.folder.taken() + "/" + name;
  if (files.exists(directory + "/job.json")) {
    const base::Json noted = TRY(read_json(files, directory + "/job.json"));
    return Job::from(name, directory, noted);
  }
  const std::string own = directory + "/files";
  const auto there = files.exists(own) ? TRY(files.list(own)) : std::vector<std::string>();
  if (there.empty()) {
    TRY(remove_tree(files, directory));
    return job;
  }
  std::string lead = there.front();
  for (const std::string& one : there) {
    if (ends_with(one, ".edxml") || (ends_with(one, ".json") && plain_stem(stem_of(one)) == name))
      lead = one;
  }
  job.document = "files/" + lead;
  if (!ends_with(lead, ".edxml")) {
    const base::Json json = TRY(read_json(files, own + "/" + lead));
    std::string pdf = pdf_beside(files, own, stem_of(lead));
    if (!files.exists(own + "/" + pdf))
      pdf = pdf_beside(files, parts_.folder.outbox(), stem_of(lead));
    const Wanted wanted = TRY(read_wanted(json, pdf));
    for (const Attached& one : wanted.attached) {
      const std::string from = parts_.folder.outbox() + "/" + one.file, to = own + "/" + one.file;
      if (!files.exists(to) && files.exists(from)) TRY(files.rename(from, to));
    }
    job.document = "document.edxml";
    if (auto packed = pack(files, wanted, own, directory + "/" + job.document); !packed) {
      // A half file would take the room that even the note about it needs.
      static_cast<void>(files.remove(directory + "/" + job.document));
      return std::move(packed).error();
    }
  }
  const Scanned scanned = TRY(scan(files, directory + "/" + job.document));
  const auto& ours = parts_.settings.organisations;
  const std::string& sender = scanned.document.from.id;
  if (!ours.empty() && std::find(ours.begin(), ours.end(), sender) == ours.end()) {
    const std::string shown = plain_name(sender, 60, "?");
    return base::Error(
        Code::forbidden, "agent.not_our_sender",
        "the sender " + shown + " is none of agent.organisations in agent.toml",
        "cơ quan gửi " + shown + " không thuộc agent.organisations trong agent.toml");
  }
  job.name = name;
  job.directory = directory;
  job.sha256 = scanned.sha256;
  job.key = "truc-agent-" + base::hex(base::sha256(name + "\n" + job.sha256));
  TRY(job.save(files));
  return job;
}

base::Result<void> Outbox::attempt(Job& job, Round& round) {
  const std::int64_t now = base::to_micros(parts_.clock.now());
  const auto waits = [&](const base::Error& error, std::int64_t next) {
    ++round.waiting;
    return wait(job.name, error, next);
  };
  Line& line = parts_.line;
  if (!line.open() && line.trouble()) return waits(*line.trouble(), line.next());
  if (job.attempted_at == 0) {
    job.attempted_at = now;
    TRY(job.save(parts_.files));
  } else if (now - job.attempted_at > kKeyHoldsMicros) {
    const auto before = sent_before(job);
    if (!before) return put_off(job.name, before.error(), round);
    if (*before) return decide(job, (*before)->json, true, round);
  }
  const auto answer = parts_.api.submit(job.directory + "/" + job.document, job.key);
  if (!answer && answer.error().reason() == "agent.stopping") {
    ++round.waiting;
    return base::done();
  }
  if (!answer && answer.error().reason().starts_with("base."))  // of our own disk
    return put_off(job.name, answer.error(), round);
  if (!reached(line, answer)) {
    if (!answer || !answer->own()) return waits(*line.trouble(), line.next());
    return put_off(job.name, trouble_of(*answer), round);
  }
  if (answer->ok()) return decide(job, answer->json, true, round);
  base::Json said;
  said.add("reason", answer->reason).add("vi", answer->text.vi).add("en", answer->text.en);
  return decide(job, said, false, round);
}

// Whether an attempt of long ago was carried out: what was accepted since then, by its hash.
base::Result<std::optional<Answer>> Outbox::sent_before(const Job& job) {
  std::string path = "/api/v1/documents?box=sent&limit=100&accepted_from=" +
                     iso(job.attempted_at - kClockErrorMicros);
  while (!path.empty()) {
    const auto page = parts_.api.get(path);
    if (!reached(parts_.line, page)) return page ? trouble_of(*page) : page.error();
    if (!page->ok()) break;
    for (const base::Json& one : page->json["items"].array()) {
      if (one["sha256"].text() != job.sha256) continue;
      Answer found;
      found.json.add("id", one["id"].text()).add("resent", true);
      return std::optional<Answer>(std::move(found));
    }
    path = page->json["next"].text();
  }
  return std::optional<Answer>();
}

base::Result<void> Outbox::wait(const std::string& name, const base::Error& error,
                                std::int64_t next) {
  const std::string path = parts_.folder.outbox() + "/" + name + ".waiting.json";
  base::Json json = error_json(error);
  if (next > 0) {
    const std::int64_t in = std::max<std::int64_t>(0, next - base::monotonic_micros());
    json.add("next_try", iso(base::to_micros(parts_.clock.now()) + in));
  }
  const std::string said = std::string(error.reason()) + "\n" + error.detail() + "\n" +
                           std::string(json["next_try"].text().substr(0, 19));
  if (told_[name] == said) return base::done();
  if (next == 0)
    base::log::warning("agent.incomplete", {{"name", name}, {"reason", error.reason()}});
  // A full disk must not keep the rest from going on: what waits is on disk as it is.
  if (auto written = write_json(parts_.files, path, json); !written) {
    static_cast<void>(parts_.files.remove(path + ".tmp"));
    base::log::warning("agent.not_told", {{"name", name}, {"reason", written.error().reason()}});
    return base::done();
  }
  told_[name] = said;
  return base::done();
}

base::Result<void> Outbox::put_off(const std::string& name, const base::Error& error,
                                   Round& round) {
  ++round.waiting;
  Later& later = later_[name];
  later.failed();
  return wait(name, error, later.next());
}

base::Result<void> Outbox::refuse(Job& job, const base::Error& error, Round& round) {
  return decide(job, error_json(error), false, round);
}

// What is decided is noted first, so that a kill while files move changes nothing of it.
base::Result<void> Outbox::decide(Job& job, const base::Json& result, bool good, Round& round) {
  job.outcome = good ? "sent" : "failed";
  job.result = result_name(job.name, good);
  base::Json answer;
  answer.add("name", job.name).add("at", base::iso_time_text(parts_.clock.now()));
  if (good) answer.add("sha256", job.sha256);
  for (const auto& [member, value] : result.object())
    answer.add(good && member == "id" ? "document" : member, value);
  if (!good) {
    answer.add("remedy_vi", "Sửa theo lý do trên, rồi thả lại vào outbox.");
    answer.add("remedy_en", "Mend what is said above and drop it into outbox again.");
  }
  job.answer = std::move(answer);
  TRY(job.save(parts_.files));
  TRY(finish(job));
  ++(good ? round.sent : round.failed);
  if (good) {
    base::log::info("agent.sent",
                    {{"name", job.result}, {"document", job.answer["document"].text()}});
  } else {
    base::log::warning("agent.refused",
                       {{"name", job.result}, {"reason", job.answer["reason"].text()}});
  }
  return base::done();
}

base::Result<void> Outbox::finish(const Job& job) {
  base::FileSystem& files = parts_.files;
  const bool good = job.outcome == "sent";
  const std::string to = (good ? parts_.folder.sent() : parts_.folder.failed()) + "/" + job.result;
  const std::string id(job.answer["document"].text());
  if (good && is_id(id)) {
    base::Json follow;
    follow.add("name", job.result).add("since", base::to_micros(parts_.clock.now()));
    TRY(write_json(files, parts_.folder.following() + "/" + id + ".json", follow));
  }
  const std::string own = job.directory + "/files";
  const auto left = files.exists(own) ? TRY(files.list(own)) : std::vector<std::string>();
  for (const std::string& file : left) {
    const std::string wanted = to + "." + ending_of(file, job.name);
    std::string target = wanted;
    for (int number = 2; files.exists(target); ++number)
      target = wanted + "~" + std::to_string(number);
    TRY(files.rename(own + "/" + file, target));
  }
  // Last: whoever sees it finds the rest there.
  TRY(write_json(files, to + (good ? ".receipt.json" : ".error.json"), job.answer));
  const std::string told = parts_.folder.outbox() + "/" + job.name + ".waiting.json";
  TRY(remove_if_there(files, told));
  TRY(remove_if_there(files, told + ".tmp"));
  told_.erase(job.name);
  later_.erase(job.name);
  return remove_tree(files, job.directory);
}

// A name that nothing in the folder has: NAME, NAME~2, NAME~3, …
std::string Outbox::result_name(const std::string& name, bool good) {
  const std::string folder = good ? parts_.folder.sent() : parts_.folder.failed();
  for (int number = 1;; ++number) {
    const std::string tried = number == 1 ? name : name + "~" + std::to_string(number);
    const std::string path = folder + "/" + tried;
    bool free = true;
    for (const char* ending : {".edxml", ".json", ".pdf", ".receipt.json", ".error.json"})
      free = free && !parts_.files.exists(path + ending);
    if (free) return tried;
  }
}

}  // namespace agent
