// Which files of outbox are complete, and making them the agent's own.
#include <algorithm>

#include "agent/outbox.h"
#include "agent/outbox_job.h"
#include "agent/packing.h"
#include "base/text.h"

namespace agent {

std::string stem_of(const std::string& name) { return name.substr(0, name.rfind('.')); }

bool ends_with(const std::string& name, std::string_view ending) {
  return base::lower_ascii(name).ends_with(ending) && name.size() > ending.size();
}

namespace {

using base::Code;

// Written to elsewhere, or by the agent itself.
bool passed_over(const std::string& name) {
  const std::string lower = base::lower_ascii(name);
  for (const char* ending : {".tmp", ".part", ".partial", ".crdownload", ".waiting.json"}) {
    if (lower.ends_with(ending)) return true;
  }
  return false;
}

const Seen* find(const std::vector<Seen>& seen, const std::string& name) {
  const auto at =
      std::find_if(seen.begin(), seen.end(), [&](const Seen& one) { return one.name == name; });
  return at == seen.end() ? nullptr : &*at;
}

base::Error missing(const std::string& file) {
  return base::Error(Code::not_found, "agent.file_missing",
                     file + " is not in outbox yet; the document goes out once it is",
                     "chưa có " + file + " trong outbox; có đủ thì văn bản được gửi đi");
}

// A file that no NAME.json speaks of.
base::Error unspoken(const std::string& file) {
  const std::string shown = plain_name(file, 200, "_");
  if (ends_with(file, ".pdf")) {
    const std::string json = stem_of(shown) + ".json";
    return base::Error(
        Code::not_found, "agent.file_missing",
        json + " is not in outbox yet; it says to whom " + shown + " goes",
        "chưa có " + json + " trong outbox; tệp đó cho biết gửi " + shown + " tới đâu");
  }
  return base::Error(Code::not_found, "agent.file_missing",
                     "no .json file in outbox names " + shown + " among its attachments",
                     "chưa có tệp .json nào trong outbox nêu " + shown + " ở mục attachments");
}

base::Error not_a_file(const std::string& name) {
  return base::Error(
      Code::invalid, "agent.not_a_file",
      plain_name(name, 200, "_") + " is a folder or a link; only files are sent",
      plain_name(name, 200, "_") + " là thư mục hoặc liên kết; chỉ gửi được tệp thường");
}

base::Error no_room(std::uint64_t reserve) {
  const std::string least = base::size_text(reserve);
  return base::Error(Code::unavailable, "agent.no_room",
                     "the disk has less than " + least + " left; make room, it goes on by itself",
                     "đĩa còn dưới " + least + "; hãy dọn bớt, rồi việc gửi tự tiếp tục");
}

}  // namespace

std::string pdf_beside(base::FileSystem& files, const std::string& directory,
                       const std::string& stem) {
  return files.exists(directory + "/" + stem + ".PDF") ? stem + ".PDF" : stem + ".pdf";
}

// What one file that leads (NAME.edxml, NAME.json) brings with it.
struct Outbox::Candidate {
  std::vector<std::string> files;  // the leading one first
  std::optional<base::Error> missing;
};

bool Outbox::settled(const Seen& seen) {
  const std::int64_t now = base::monotonic_micros();
  const std::int64_t settle = std::int64_t{parts_.settings.settle_ms} * 1000;
  Watched& watched = watched_[seen.name];
  if (watched.since == 0 || watched.size != seen.size || watched.changed != seen.changed)
    watched = {seen.size, seen.changed, now};
  // What was left alone since long before we looked need not be watched; where a clock is wrong it
  // is.
  return now - watched.since >= settle ||
         base::to_micros(parts_.clock.now()) - seen.changed / 1000 >= settle;
}

base::Result<Outbox::Candidate> Outbox::candidate(const std::vector<Seen>& seen, const Seen& lead) {
  Candidate made;
  made.files.push_back(lead.name);
  if (ends_with(lead.name, ".edxml")) return made;
  const std::string stem = stem_of(lead.name);
  const std::string pdf = pdf_beside(parts_.files, parts_.folder.outbox(), stem);
  const auto json = read_json(parts_.files, parts_.folder.outbox() + "/" + lead.name);
  if (!json && json.error().code() == Code::unavailable) return json.error();
  const auto wanted = json ? read_wanted(*json, pdf) : base::Result<Wanted>(json.error());
  if (!wanted) {
    // It fails as a whole, with the paper that lies beside it.
    if (const Seen* found = find(seen, pdf); found && found->regular) made.files.push_back(pdf);
    return made;
  }
  for (const Attached& one : wanted->attached) {
    const Seen* found = find(seen, one.file);
    if (found && found->regular) {
      if (std::find(made.files.begin(), made.files.end(), one.file) == made.files.end())
        made.files.push_back(one.file);
    } else if (!made.missing) {
      made.missing = missing(one.file);
    }
  }
  return made;
}

base::Result<void> Outbox::take_new(bool room, Round& round) {
  const auto seen = TRY(look(parts_.files, parts_.folder.outbox()));
  std::set<std::string> spoken_for, told;
  const auto tell = [&](const std::string& name, const base::Error& error) -> base::Result<void> {
    ++round.incomplete;
    const std::string stem = plain_stem(stem_of(name));
    return told.insert(stem).second ? wait(stem, error, 0) : base::done();
  };
  for (const Seen& lead : seen) {
    const bool leads = ends_with(lead.name, ".edxml") || ends_with(lead.name, ".json");
    if (!lead.regular || !leads || passed_over(lead.name)) continue;
    spoken_for.insert(lead.name);
    const std::string name = plain_stem(stem_of(lead.name));
    if (!settled(lead)) {
      spoken_for.insert(stem_of(lead.name) + ".pdf");
      ++round.incomplete;
      round.changing = true;
      continue;
    }
    const auto found = candidate(seen, lead);
    if (!found) {
      TRY(tell(lead.name, found.error()));
      continue;
    }
    bool still = true;
    for (const std::string& file : found->files) {
      spoken_for.insert(file);
      const Seen* one = find(seen, file);
      still = one && settled(*one) && still;
    }
    if (found->missing) {
      TRY(tell(lead.name, *found->missing));
    } else if (!still) {
      ++round.incomplete;
      round.changing = true;
    } else if (!room) {
      TRY(tell(lead.name, no_room(parts_.settings.reserve_bytes)));
    } else if (parts_.files.exists(parts_.folder.taken() + "/" + name)) {
      ++round.incomplete;  // waits for the one before it of the same name
    } else {
      TRY(take(name, found->files));
    }
  }
  for (const Seen& one : seen) {
    if (spoken_for.count(one.name) > 0 || passed_over(one.name)) continue;
    if (!one.regular) {
      TRY(tell(one.name, not_a_file(one.name)));
    } else if (settled(one)) {
      TRY(tell(one.name, unspoken(one.name)));
    } else {
      ++round.incomplete;
      round.changing = true;
    }
  }
  // What was told of files that are gone again.
  for (const Seen& one : seen) {
    if (!ends_with(one.name, ".waiting.json")) continue;
    const std::string name = one.name.substr(0, one.name.size() - 13);
    if (told.count(name) > 0 || parts_.files.exists(parts_.folder.taken() + "/" + name)) continue;
    told_.erase(name);
    TRY(remove_if_there(parts_.files, parts_.folder.outbox() + "/" + one.name));
  }
  std::erase_if(watched_, [&](const auto& entry) { return find(seen, entry.first) == nullptr; });
  return base::done();
}

base::Result<void> Outbox::take(const std::string& name, const std::vector<std::string>& files) {
  const std::string to = parts_.folder.taken() + "/" + name + "/files";
  TRY(base::make_directory_durably(parts_.files, to));
  for (const std::string& file : files) {
    auto moved = parts_.files.rename(parts_.folder.outbox() + "/" + file, to + "/" + file);
    // Gone since we looked, or taken with another document: prepare() says what is missing.
    if (!moved && moved.error().code() != Code::not_found) return moved;
  }
  TRY(parts_.files.sync_directory(to));
  return parts_.files.sync_directory(parts_.folder.outbox());
}

}  // namespace agent
