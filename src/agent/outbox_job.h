// One document on its way out of outbox. Used by outbox*.cc alone.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "agent/outbox.h"

namespace agent {

struct Outbox::Job {
  std::string name;
  std::string directory;  // outbox/.taken/NAME
  std::string document;   // the edXML file, from `directory`; empty when there is none
  std::string key, sha256;
  std::int64_t attempted_at = 0;  // the first attempt, microseconds since 1970; 0: none yet
  // Once it is decided:
  std::string outcome;  // "sent" or "failed"
  std::string result;   // the name in that folder
  base::Json answer;    // what its receipt.json or error.json says

  base::Json json() const;
  static Job from(const std::string& name, const std::string& directory, const base::Json& json);
  base::Result<void> save(base::FileSystem& files) const {
    return write_json(files, directory + "/job.json", json());
  }
};

std::string stem_of(const std::string& name);
bool ends_with(const std::string& name, std::string_view ending);  // without regard to case
// The name of NAME's paper as it lies in `directory`.
std::string pdf_beside(base::FileSystem& files, const std::string& directory,
                       const std::string& stem);

}  // namespace agent
