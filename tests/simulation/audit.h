// Compares what the exchange keeps with the model, and its journal with both.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "simulation/model.h"
#include "simulation/server.h"

namespace simulation {

// Every function but for the constructor gives an error when the records cannot be read, and an
// empty text or the first difference otherwise.
class Audit {
 public:
  // Documents after `last`, in order.
  static base::Result<std::vector<Fresh>> fresh(store::Database& database, DocumentKey last);
  static base::Result<std::map<DeliveryKey, Copy>> copies(store::Database& database);
  // The names of all blobs that documents refer to.
  static base::Result<std::set<store::BlobRef>> blobs(store::Database& database);

  // Sums over all records, which differ when a record does: for every step.
  base::Result<std::string> sums(store::Database& database, const Model& model) const;
  // Every record, field by field; and that no delivery went backward since the last call.
  base::Result<std::string> records(Server& server, const Model& model);
  // The new journal entries are chained and are those that the model expects.
  base::Result<std::string> journal(store::Database& database, const Model& model);
  // The list of one system: complete, nothing twice, urgent first, then oldest, page by page.
  base::Result<std::string> list(Server& server, const Model& model, SystemKey system,
                                 edxml::Kind kind, std::int64_t page_size) const;
  // What a system is told of what it sent.
  base::Result<std::string> sent(Server& server, const Model& model, SystemKey system) const;
  // exchange::verify with all bytes.
  base::Result<std::string> everything(Server& server, const Model& model) const;

  // After a crash: entries that were seen and never acknowledged may be gone.
  void forget_journal() {
    seen_ = 0;
    head_.clear();
  }

 private:
  struct Seen {
    int transport = 0, recall = 0;
    bool fetched = false;
  };
  std::string forward(const Copy& copy);

  std::map<DeliveryKey, Seen> last_;
  std::int64_t seen_ = 0;  // journal entries compared so far
  base::Bytes head_;
};

}  // namespace simulation
