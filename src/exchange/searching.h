// Makes accepted documents findable, behind acceptance: reads the journal by a cursor that the
// index keeps, and gives the index their headers, the text of their attachments, and who may see
// them (the sender and every recipient).
#pragma once
#include <cstdint>
#include <string>

#include "exchange/exchange.h"
#include "search/index.h"
#include "search/text.h"

namespace exchange {

struct SearchOptions {
  search::TextOptions text;
  std::size_t documents_max = 64;   // indexed in one commit
  std::int64_t entries_max = 1000;  // of the journal, read at once
  std::uint64_t attachment_bytes_max = std::uint64_t{32} << 20;
  std::size_t attachments_max = 8;  // of a document whose text is read
};

// One round; gives the number of journal entries that it went past, 0 when all is indexed. A
// document that cannot be read is indexed by what is left of it, with a note. Continues where it
// stopped, however that was; a cursor beyond the journal's end (records from an older backup)
// clears the index. One thread at a time. Errors: those of the store, and search.cursor_moved
// (another process does the same).
base::Result<std::int64_t> index_accepted(Exchange& exchange, search::Index& index,
                                          const SearchOptions& options);

// Entries of the journal that index_accepted() has not gone past.
base::Result<std::int64_t> entries_to_index(Exchange& exchange, search::Index& index);

}  // namespace exchange
