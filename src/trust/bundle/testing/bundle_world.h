// For tests: evidences of small documents with real keys, timestamps and a log, and their bundles.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/testing/fake_clock.h"
#include "base/testing/temp_directory.h"
#include "store/database.h"
#include "trust/bundle/judge_bundle.h"
#include "trust/bundle/make_bundle.h"
#include "trust/evidence/book.h"
#include "trust/evidence/sealer.h"
#include "trust/log/log.h"
#include "trust/testing/demo_world.h"

namespace trust::bundle::testing {

struct File {
  std::string name;
  base::Bytes content;
};
using Files = std::vector<File>;
// What is in a container, in its order.
Files files_of(base::BytesView container);
// A container with every checksum right and nothing signed anew: what an attacker without a key
// makes.
base::Bytes zipped(const Files& files);

class BundleWorld {
 public:
  BundleWorld();

  // Accepted, delivered to each recipient, fetched and accepted by the first: sealed in two
  // batches.
  std::vector<evidence::EvidenceProof> story(const std::string& id, const std::string& document,
                                             const std::vector<std::string>& recipients);
  // As `truc evidence export` makes it.
  base::Bytes bundle(const std::string& id, const std::string& document,
                     std::vector<evidence::EvidenceProof> proofs);
  // Offline, with the log's key known.
  BundleReport judge(base::BytesView bundle) const;

  trust::testing::DemoWorld& demo = trust::testing::DemoWorld::get();
  SigningKey& key = demo.key("ecdsa");
  std::unique_ptr<log::NoteSigner> log_key;
  BundlePolicy policy() const;

 private:
  void write(const std::vector<evidence::Facts>& all, std::vector<std::string>& ids);

  const base::testing::TempDirectory directory_;
  base::testing::FakeClock clock_{demo.now};
  base::SystemRandom random_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<evidence::EvidenceSigner> signer_;
  std::unique_ptr<evidence::EvidenceBook> book_;
  std::unique_ptr<log::Log> log_;
  std::unique_ptr<evidence::Sealer> sealer_;
  mutable ChainCache cache_;
};

}  // namespace trust::bundle::testing
