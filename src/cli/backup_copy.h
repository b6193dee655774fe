// Puts the files of a backup in a new site's directory.
#pragma once
#include <string>

#include "base/file.h"
#include "base/result.h"

namespace cli {

// When it returns, the site survives power loss. truc.toml comes last: if this is interrupted,
// there is no site, and the same call may be made again.
base::Result<void> copy_backup(base::FileSystem& files, const std::string& backup,
                               const std::string& site);

// The transparency log as of its newest head, its key, and a mark that says that it may not be the
// newest by the time that it is used; nothing where the site has no log.
base::Result<void> copy_log_files(base::FileSystem& files, const std::string& from,
                                  const std::string& to);
base::Result<void> copy_anchors(base::FileSystem& files, const std::string& from,
                                const std::string& to);

}  // namespace cli
