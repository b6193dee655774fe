// How many documents there are, and how large they were when they were handed in. Rows of documents
// never go away, so that each is read once.
#pragma once
#include <atomic>
#include <cstdint>

#include "base/result.h"
#include "store/database.h"

namespace exchange {

class DocumentTally {
 public:
  explicit DocumentTally(store::Database& database) : database_(database) {}
  // Adds what came since the last time, a piece at a time. One thread. store.*
  base::Result<void> count();
  // Any thread. Before the first count() has ended: nothing is known.
  bool known() const { return known_; }
  std::int64_t documents() const { return documents_; }  // status messages too
  std::int64_t bytes() const { return bytes_; }

 private:
  store::Database& database_;
  std::int64_t last_ = 0;
  std::atomic<std::int64_t> documents_{0}, bytes_{0};
  std::atomic<bool> known_{false};
};

}  // namespace exchange
