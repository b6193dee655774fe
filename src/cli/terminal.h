// What a person sees: the language, lines, tables, errors and progress.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"

namespace cli {

class Terminal {
 public:
  // Vietnamese, unless `wanted` is "en" or, with it empty, TRUC_LANG or the locale says English.
  Terminal(std::string_view wanted, bool json);
  base::Language language() const { return language_; }
  bool json() const { return json_; }

  // A sentence for people on standard output; nothing with --json.
  void say(const base::Text& text) const;
  // The result for programs; nothing without --json.
  void give(const base::Json& json) const;
  // Either of them.
  void answer(const base::Text& text, const base::Json& json) const;
  // Columns aligned by what the eye sees (UTF-8), with a heading.
  void table(const std::vector<std::string>& heading,
             const std::vector<std::vector<std::string>>& rows) const;
  // Prints the error on standard error (as JSON with --json) and gives the exit code 1.
  int fail(const base::Error& error) const;

  // A progress bar on standard error, only where that is a terminal and not with --json.
  std::function<void(bool sending, std::uint64_t done, std::uint64_t total)> progress() const;
  void end_progress() const;

 private:
  base::Language language_;
  bool json_;
};

// "2 giờ 15 phút" / "2 h 15 min"
base::Text duration_text(base::Duration duration);

}  // namespace cli
