#include "cli/terminal.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "base/text.h"
#include "base/time.h"

namespace cli {
namespace {

base::Language language_of(std::string_view wanted) {
  if (wanted.empty()) {
    for (const char* name : {"TRUC_LANG", "LC_ALL", "LC_MESSAGES", "LANG"}) {
      const char* value = std::getenv(name);
      if (value == nullptr || *value == '\0') continue;
      wanted = value;
      break;
    }
  }
  return wanted.starts_with("en") ? base::Language::english : base::Language::vietnamese;
}

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

void print(std::FILE* to, std::string_view text) { std::fwrite(text.data(), 1, text.size(), to); }

}  // namespace

Terminal::Terminal(std::string_view wanted, bool json)
    : language_(language_of(wanted)), json_(json) {}

void Terminal::say(const base::Text& text) const {
  if (json_) return;
  print(stdout, text.in(language_) + "\n");
  std::fflush(stdout);
}

void Terminal::give(const base::Json& json) const {
  if (!json_) return;
  print(stdout, json.dump(base::Json::Style::pretty));
  std::fflush(stdout);
}

void Terminal::answer(const base::Text& text, const base::Json& json) const {
  say(text);
  give(json);
}

void Terminal::table(const std::vector<std::string>& heading,
                     const std::vector<std::vector<std::string>>& rows) const {
  if (json_) return;
  std::vector<std::size_t> widths;
  for (const std::string& title : heading) widths.push_back(width_of(title));
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i)
      widths[i] = std::max(widths[i], width_of(row[i]));
  }
  const auto line = [&](const std::vector<std::string>& row) {
    std::string out;
    for (std::size_t i = 0; i < row.size(); ++i) {
      out += row[i];
      if (i + 1 < row.size()) out.append(widths[i] - width_of(row[i]) + 2, ' ');
    }
    print(stdout, out + "\n");
  };
  line(heading);
  std::vector<std::string> rule;
  for (const std::size_t width : widths) {
    std::string dashes;
    for (std::size_t i = 0; i < width; ++i) dashes += "─";
    rule.push_back(dashes);
  }
  line(rule);
  for (const auto& row : rows) line(row);
  std::fflush(stdout);
}

int Terminal::fail(const base::Error& error) const {
  end_progress();
  if (json_) {
    base::Json json;
    json.add("error", error.reason()).add("en", error.text().en);
    json.add("vi", error.text().in(base::Language::vietnamese));
    print(stderr, json.dump() + "\n");
  } else {
    print(stderr, std::string(language_ == base::Language::english ? "error: " : "lỗi: ") +
                      error.text().in(language_) + " [" + std::string(error.reason()) + "]\n");
  }
  return 1;
}

std::function<void(bool, std::uint64_t, std::uint64_t)> Terminal::progress() const {
  if (json_ || ::isatty(STDERR_FILENO) == 0) return nullptr;
  const bool english = language_ == base::Language::english;
  return [english, last = std::int64_t{0}](bool sending, std::uint64_t done,
                                           std::uint64_t total) mutable {
    constexpr std::int64_t kEveryMicros = 100'000;
    constexpr std::uint64_t kCells = 30;
    const std::int64_t now = base::monotonic_micros();
    if (total < (1 << 20) || (now - last < kEveryMicros && done != total)) return;
    last = now;
    const std::uint64_t filled = total == 0 ? 0 : std::min(kCells, done * kCells / total);
    std::string bar;
    for (std::uint64_t i = 0; i < kCells; ++i) bar += i < filled ? "█" : "░";
    const char* verb =
        sending ? (english ? "sending" : "đang gửi") : (english ? "receiving" : "đang nhận");
    print(stderr, std::string("\r") + verb + " " + bar + " " + base::size_text(done) + " / " +
                      base::size_text(total) + "  ");
  };
}

void Terminal::end_progress() const {
  if (!json_ && ::isatty(STDERR_FILENO) != 0) print(stderr, "\r\033[K");
}

base::Text duration_text(base::Duration duration) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(duration).count();
  const std::string hours = std::to_string(minutes / 60), rest = std::to_string(minutes % 60);
  if (minutes < 60) return {rest + " phút", rest + " min"};
  return {hours + " giờ " + rest + " phút", hours + " h " + rest + " min"};
}

}  // namespace cli
