// What `truc backup` leaves behind in the site's records: when, and whether the copy was whole. Not
// known is whether the copy is still there and can be restored: that is tried on another machine.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"
#include "store/database.h"

namespace cli {

struct LastBackup {
  std::optional<base::Time> whole_at;   // when the last whole copy was finished
  std::int64_t documents = 0;           // in it
  std::optional<base::Time> failed_at;  // of a later attempt that did not get to the end
  std::string failed_reason;
};

// The site's database is migrated. Durable on return. store.*
base::Result<void> note_backup(store::Database& database, base::Time at, std::int64_t documents);
base::Result<void> note_failed_backup(store::Database& database, base::Time at,
                                      const base::Error& why);
// Nothing of what was not noted, as before the first one.
base::Result<LastBackup> last_backup(store::Database& database);

}  // namespace cli
