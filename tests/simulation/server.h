// One life of the exchange on a disk that may fail: the objects that `truc serve` would have, and
// what its face does between a request and the calls of Exchange.
#pragma once
#include <memory>
#include <string>

#include "base/metrics.h"
#include "base/random.h"
#include "exchange/exchange.h"
#include "simulation/model.h"
#include "store/testing/faulty_disk.h"

namespace simulation {

// Faults of the house itself, to see that the simulation notices them.
enum class Break : unsigned char {
  none,
  unsynced_blobs,  // records are committed before the bytes they name are durable
  early_answer,    // the client is answered before the commit
  no_window,       // the same submission is not recognised
};

struct Answer {
  base::Result<void> result;
  exchange::Accepted accepted;  // of Send
  base::Bytes content;          // of Fetch
};

class Server {
 public:
  Server(store::testing::FaultyDisk& disk, const base::Clock& clock, base::Random& random,
         Break broken)
      : disk_(disk), clock_(clock), random_(random), broken_(broken) {}
  ~Server() { stop(); }

  base::Result<void> start();
  // Lets go of everything, as the end of a process does.
  void stop();
  bool up() const { return exchange_ != nullptr; }
  Answer perform(const Operation& operation);

  exchange::Exchange& exchange() { return *exchange_; }
  store::Database& database() { return early_ ? *early_ : *database_; }
  store::Blobs& blobs() { return *blobs_; }

 private:
  base::Result<exchange::Accepted> send(const Letter& letter);
  base::Result<base::Bytes> fetch(const Fetch& fetch);
  base::Result<void> change(const Change& change);

  store::testing::FaultyDisk& disk_;
  const base::Clock& clock_;
  base::Random& random_;
  const Break broken_;
  std::unique_ptr<base::Metrics> metrics_;
  std::unique_ptr<store::Blobs> blobs_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<store::Database> early_;  // in front of database_, with Break::early_answer
  std::unique_ptr<exchange::Exchange> exchange_;
};

}  // namespace simulation
