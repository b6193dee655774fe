// Follows a log and says when it does not keep its word. docs/formats/transparency-log.md has the
// reasons and the form of the file that a monitor keeps.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "trust/log/checkpoint.h"
#include "trust/log/tiles.h"
#include "trust/log/tree.h"

namespace trust::log {

// What a monitor has seen; empty before its first look.
struct MonitorState {
  Frontier frontier;
  base::Bytes checkpoint;  // the note seen last
  std::string text() const;
  // trust.log_monitor_state_malformed (invalid).
  static base::Result<MonitorState> parse(std::string_view text);
};

struct Finding {
  std::string_view reason;  // a literal: "trust.log_fork"
  base::Text text;
  std::optional<std::uint64_t> index;  // of the first entry concerned
};

struct MonitorOptions {
  NoteVerifier log;
  std::vector<NoteVerifier> witnesses;
  bool whole = false;  // look at every entry again, not only at those that are new
  // Called now and then with entries looked at and to look at.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress = nullptr;
  // How many of `witnesses` must have cosigned one head that is this log's and not older than
  // `cosigned_within`; with 0 nobody asks.
  std::size_t quorum = 0;
  base::Duration cosigned_within = std::chrono::hours(24);
  base::Time now = {};  // for that
};

struct MonitorReport {
  MonitorState state;  // to be kept: the new one, or the old one when something was found
  Checkpoint head;
  base::Bytes checkpoint;  // the note that was looked at; with state.checkpoint it shows a fork
  std::vector<Cosignature> cosignatures;
  std::uint64_t entries = 0;      // looked at
  std::vector<Finding> findings;  // none: all is well
};

// Looks once. Never fails: what cannot be read is a finding (trust.log_unavailable).
MonitorReport monitor(const MonitorState& state, LogSource& source, const MonitorOptions& options);

// What a finding means and what to do; empty where its own text says it all.
base::Text explain(std::string_view reason);

}  // namespace trust::log
