// NAME.pdf and NAME.json become one edXML file: what NAME.json may say, and the files it names.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/json.h"
#include "base/result.h"
#include "edxml/document.h"

namespace agent {

// Something to attach: the file as it lies in a folder, and what its reader sees.
struct Attached {
  std::string file, name, description;
};

// What NAME.json asks for.
struct Wanted {
  edxml::Document document;        // without attachments
  std::vector<Attached> attached;  // NAME.pdf first
};

// Reads `json`, with `pdf` (NAME.pdf) as the first attachment. agent.bad_member (invalid) names the
// member that is missing, unknown, of the wrong type, or the name of a file elsewhere.
base::Result<Wanted> read_wanted(const base::Json& json, const std::string& pdf);

// Writes the edXML file `output` from files of `directory`; synced. Constant memory. Refuses what
// edxml::write_document refuses; errors of reading and writing are of Code::unavailable.
base::Result<void> pack(base::FileSystem& files, const Wanted& wanted, const std::string& directory,
                        const std::string& output);

}  // namespace agent
