// A log's published files from one place to another: into a backup, out of it, or from whoever kept
// them.
#pragma once
#include <string>

#include "base/file.h"
#include "base/result.h"
#include "trust/log/checkpoint.h"
#include "trust/log/tiles.h"

namespace trust::log {

// Copies the log as of its newest head, which must be signed by `key`, while it may be growing. The
// head comes last; when it returns all of it survives power loss. What lies in `directory` must be
// of the same log, and no newer: trust.log_fork (data_loss) when its head is not in the tree that
// is copied. Also trust.log_bad_signature, trust.log_damaged when the entries do not give the
// head's root, and what the source and the disk say.
base::Result<Checkpoint> copy_log(LogSource& from, const NoteVerifier& key, base::FileSystem& files,
                                  const std::string& directory);

}  // namespace trust::log
