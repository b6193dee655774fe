#include "trust/log/monitor.h"

#include <gtest/gtest.h>

#include "trust/log/log.h"
#include "trust/log/testing/small_log.h"

namespace trust::log {
namespace {

using testing::SmallLog;

class LogMonitor : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(small_.open().ok()); }

  MonitorReport look(SmallLog& small, bool whole = false) {
    const auto source = directory_source(small.files(), "log");
    auto report = monitor(state_, *source, {small.signer->verifier(), {}, whole});
    // What is kept goes through its text.
    state_ = MonitorState::parse(report.state.text()).value();
    return report;
  }
  std::string first_reason(SmallLog& small, bool whole = false) {
    const auto report = look(small, whole);
    return report.findings.empty() ? "" : std::string(report.findings.front().reason);
  }
  std::string first_reason(bool whole = false) { return first_reason(small_, whole); }

  SmallLog small_;
  MonitorState state_;
};

TEST_F(LogMonitor, FollowsALogThatGrows) {
  EXPECT_EQ(first_reason(), "");
  std::uint64_t looked_at = 0;
  for (const std::size_t more : {1, 5, 250, 0, 256, 1000, 513}) {
    small_.grow(more);
    const auto report = look(small_);
    EXPECT_TRUE(report.findings.empty()) << report.findings.front().text.en;
    looked_at += report.entries;
  }
  EXPECT_EQ(state_.frontier.size(), 2025U);
  EXPECT_EQ(state_.frontier.root(), small_.log->head().root);
  EXPECT_LT(looked_at, 2025U + 7 * 256);
  EXPECT_EQ(look(small_, true).entries, 2025U);
}

TEST_F(LogMonitor, NamesAnAlteredEntry) {
  small_.grow(600);
  base::Bytes bundle = small_.read("tile/entries/001");
  bundle[bundle.find("entry 300") + 6] = '9';
  small_.write("tile/entries/001", bundle);
  const auto report = look(small_);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].reason, "trust.log_entry_altered");
  EXPECT_EQ(report.findings[0].index, 300U);
  EXPECT_EQ(state_.frontier.size(), 0U) << "nothing is taken for seen";
}

TEST_F(LogMonitor, NamesWhatChangedBehindItsBackWhenItLooksAtTheWhole) {
  small_.grow(600);
  EXPECT_EQ(first_reason(), "");
  base::Bytes bundle = small_.read("tile/entries/000");
  bundle[bundle.find("entry 12") + 6] = '9';
  small_.write("tile/entries/000", bundle);
  EXPECT_EQ(first_reason(), "");
  EXPECT_EQ(first_reason(true), "trust.log_entry_altered");
}

TEST_F(LogMonitor, NamesADroppedEntry) {
  small_.grow(600);
  auto entries = parse_entries(small_.read("tile/entries/001")).value();
  entries.erase(entries.begin() + 7);
  base::Bytes bundle;
  for (const auto& entry : entries) append_entry(bundle, entry);
  small_.write("tile/entries/001", bundle);
  const auto report = look(small_);
  ASSERT_FALSE(report.findings.empty());
  EXPECT_EQ(report.findings[0].reason, "trust.log_entry_dropped");
  EXPECT_EQ(report.findings[0].index, 263U);
  ASSERT_TRUE(small_.disk->remove("log/tile/entries/001").ok());
  EXPECT_EQ(first_reason(), "trust.log_entry_dropped");
}

TEST_F(LogMonitor, NamesReorderedEntries) {
  small_.grow(600);
  auto entries = parse_entries(small_.read("tile/entries/000")).value();
  std::swap(entries[3], entries[200]);
  base::Bytes bundle;
  for (const auto& entry : entries) append_entry(bundle, entry);
  small_.write("tile/entries/000", bundle);
  const auto report = look(small_);
  ASSERT_FALSE(report.findings.empty());
  EXPECT_EQ(report.findings[0].reason, "trust.log_entries_reordered");
  EXPECT_EQ(report.findings[0].index, 3U);
}

TEST_F(LogMonitor, NamesADamagedTile) {
  small_.grow(600);
  const base::Bytes good = small_.read("tile/0/000");
  base::Bytes tile = good;
  tile[100] ^= 1;
  small_.write("tile/0/000", tile);
  EXPECT_EQ(first_reason(), "trust.log_tile_damaged");
  ASSERT_TRUE(small_.disk->remove("log/tile/0/000").ok());
  EXPECT_EQ(first_reason(), "trust.log_tile_damaged");
  small_.write("tile/0/000", good);
  EXPECT_EQ(first_reason(), "");
  // A damaged tile is no fork, even where the old tree is computed from it.
  SmallLog& s = small_;
  s.grow(1000);
  base::Bytes middle = s.read("tile/0/002");
  middle[5] ^= 1;
  s.write("tile/0/002", middle);
  EXPECT_EQ(first_reason(), "trust.log_tile_damaged");
}

TEST_F(LogMonitor, NamesARollback) {
  small_.grow(10);
  EXPECT_EQ(first_reason(), "");
  SmallLog shorter(2);
  ASSERT_TRUE(shorter.open().ok());
  shorter.grow(9);
  EXPECT_EQ(first_reason(shorter), "trust.log_rolled_back");
  EXPECT_EQ(state_.frontier.size(), 10U) << "it remembers the larger one";
}

TEST_F(LogMonitor, NamesAFork) {
  small_.grow(300);
  EXPECT_EQ(first_reason(), "");
  SmallLog other(2);
  ASSERT_TRUE(other.open().ok());
  ASSERT_TRUE(other.log->append({"rewritten"}).ok());
  other.grow(299);
  EXPECT_EQ(first_reason(other), "trust.log_fork") << "of the same size";
  other.grow(1000);
  const auto report = look(other);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].reason, "trust.log_fork") << "of a larger one";
  EXPECT_NE(report.checkpoint, report.state.checkpoint) << "both heads are there";
}

TEST_F(LogMonitor, NamesABadSignature) {
  small_.grow(10);
  const base::Bytes good = small_.read("checkpoint");
  base::Bytes note = good;
  note[note.size() - 8] = note[note.size() - 8] == 'A' ? 'B' : 'A';
  small_.write("checkpoint", note);
  EXPECT_EQ(first_reason(), "trust.log_bad_signature");
  small_.write("checkpoint", "hello");
  EXPECT_EQ(first_reason(), "trust.log_bad_signature");
}

TEST_F(LogMonitor, AccusesNobodyWhenTheLogCannotBeRead) {
  small_.grow(10);
  small_.disk->die_after(1);
  static_cast<void>(small_.disk->remove("log/x"));
  static_cast<void>(small_.log->append({"x"}));
  EXPECT_EQ(first_reason(), "trust.log_unavailable");
}

TEST(LogMonitorState, IsReadStrictly) {
  EXPECT_TRUE(MonitorState::parse(MonitorState{}.text()).ok());
  for (const char* wrong : {"", "truc-log-monitor/v1\n", "truc-log-monitor/v1\nAAAA\n\n",
                            "truc-log-monitor/v1\n\nnote"}) {
    EXPECT_EQ(MonitorState::parse(wrong).error().reason(), "trust.log_monitor_state_malformed");
  }
}

}  // namespace
}  // namespace trust::log
