// A whole exchange on a directory of its own: real records, real bytes, and a clock that the test
// holds. It can be closed and opened again as a restart would.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/testing/fake_clock.h"
#include "base/testing/temp_directory.h"
#include "exchange/exchange.h"
#include "exchange/testing/letters.h"
#include "exchange/verify.h"

namespace exchange::testing {

inline constexpr const char* kSender = "00.99.W00";
inline constexpr const char* kReceiver = "00.98.W00";
inline constexpr const char* kSecret = "test-secret-Key+/=0123";

// For a directory beside the exchange's own, whose deliveries are not its business.
inline base::Result<void> nobody_served(store::Connection&, OrganisationKey, SystemKey, SystemKey) {
  return base::done();
}

// All findings of a report in one text.
std::string findings_of(const VerifyReport& report);

class TestExchange {
 public:
  // `url` as in Database::Options; empty: SQLite in the directory.
  explicit TestExchange(std::string url = "", Policy policy = {});
  ~TestExchange();

  // 00.99.W00 with H99.01 and H99.02; 00.98.W00 with G99 and H98; K97 is known and nobody serves
  // it.
  void add_usual_systems();

  void close();
  base::Result<void> open();
  // Opened anew with `judging`, which outlives this.
  void judge_with(Judging* judging);
  // Opened anew; evidences go into `book`, which outlives this.
  void give_evidence(trust::evidence::EvidenceBook* book);
  // The names of the evidences about a document, in order.
  std::vector<std::string> evidences(std::string_view document);
  Exchange& exchange() { return *exchange_; }
  Directory& directory() { return exchange_->directory(); }
  store::Database& database() { return *database_; }
  store::Blobs& blobs() { return *blobs_; }
  SystemKey key_of(std::string_view system);
  std::string directory_path() const { return directory_.path(); }
  std::string database_path() const { return directory_ / "truc.db"; }
  std::string blobs_path() const { return directory_ / "blobs"; }
  const std::string& url() const { return url_; }

  // Hands a file in as the face does: its bytes kept, its header read.
  base::Result<Accepted> hand_in(std::string_view system, const std::string& file,
                                 const std::vector<std::string>& to = {});
  Accepted send(const Letter& letter);  // from kSender; must succeed
  base::Result<Accepted> send(std::string_view system, const Report& report);

  std::vector<PendingItem> pending(std::string_view system,
                                   edxml::Kind kind = edxml::Kind::document,
                                   const ListFilter& filter = {});
  // The whole of what fetch() gives.
  base::Result<std::string> fetch(std::string_view system, std::string_view id);
  base::Result<void> acknowledge(std::string_view system, std::string_view id,
                                 std::string_view word);
  std::vector<SentItem> sent(std::string_view system, std::string_view document = "");

  // Statements without parameters, straight to the database: what a vandal would do.
  void tamper(std::string_view sql);
  std::int64_t number(const store::Query& query);
  VerifyReport verify(bool contents = true);
  std::string findings() { return findings_of(verify()); }

  base::testing::FakeClock clock;
  base::SystemRandom random;
  base::Metrics metrics;

 private:
  Exchange::Parts parts();
  base::testing::TempDirectory directory_;
  const std::string url_;
  const Policy policy_;
  std::unique_ptr<store::Blobs> blobs_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<Exchange> exchange_;
  Judging* judging_ = nullptr;
  trust::evidence::EvidenceBook* evidence_ = nullptr;
};

}  // namespace exchange::testing
