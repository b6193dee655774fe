// Checks everything that the exchange keeps against everything else: the database's own structure,
// the journal's chain, the records against the journal, the bytes against their hashes.
#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "exchange/exchange.h"

namespace exchange {

struct VerifyReport {
  std::int64_t journal_entries = 0, documents = 0, deliveries = 0;
  std::string journal_head;          // hex
  std::vector<base::Text> findings;  // empty: all is well; each says what and how to mend
};

// Reads only. `progress` is called now and then with journal entries done and in all; `contents`
// says whether the bytes of every document are read and hashed. At most 100 findings are kept.
base::Result<VerifyReport> verify(
    store::Database& database, store::Blobs& blobs, std::uint32_t site, bool contents,
    const std::function<void(std::int64_t done, std::int64_t total)>& progress);

// The site's tag as the database has it, for verify() without an exchange.
base::Result<std::uint32_t> site_of(store::Database& database);

}  // namespace exchange
