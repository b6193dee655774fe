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

}  // namespace cli
