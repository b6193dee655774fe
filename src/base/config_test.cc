#include "base/config.h"

#include <gtest/gtest.h>

#include "base/testing/temp_directory.h"
#include "base/text.h"

namespace base {
namespace {

const std::vector<Setting>& settings() {
  using Type = Setting::Type;
  static const std::vector<Setting> kAll = {
      {"server.listen", Type::text, "127.0.0.1:8080", 0, 0, "Where to listen.", "Nơi lắng nghe."},
      {"server.workers", Type::integer, "48", 1, 1024, "Threads.", "Số luồng."},
      {"server.plain", Type::boolean, "false", 0, 0, "Plain.", "Không mã hóa."},
      {"log.level", Type::text, "info", 0, 0, "Level.", "Mức."},
  };
  return kAll;
}

Result<Config> parse(std::string_view text) { return Config::parse(text, "truc.toml", settings()); }

void expect_error(std::string_view text, std::string_view reason, std::string_view part) {
  const auto config = parse(text);
  ASSERT_FALSE(config.ok()) << text;
  EXPECT_EQ(config.error().reason(), reason) << text;
  EXPECT_EQ(config.error().code(), Code::invalid);
  EXPECT_NE(config.error().detail().find(part), std::string::npos) << config.error().detail();
  EXPECT_NE(config.error().text().vi, "");
}

TEST(Config, DefaultsHoldWhereTheFileIsSilent) {
  const auto config = parse("[server]\nworkers = 4\n");
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config->integer("server.workers"), 4);
  EXPECT_EQ(config->text("server.listen"), "127.0.0.1:8080");
  EXPECT_FALSE(config->boolean("server.plain"));
  EXPECT_EQ(Config::defaults(settings()).text("log.level"), "info");
}

TEST(Config, ReadsEveryType) {
  const auto config =
      parse("[server]\nlisten = 'h:1'\nworkers = 1024\nplain = true\n[log]\nlevel = \"Đầy đủ\"\n");
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config->text("server.listen"), "h:1");
  EXPECT_EQ(config->integer("server.workers"), 1024);
  EXPECT_TRUE(config->boolean("server.plain"));
  EXPECT_EQ(config->text("log.level"), "Đầy đủ");
}

TEST(Config, AnUnknownKeySuggestsTheNearest) {
  expect_error("[server]\n\nworker = 4\n", "base.config_unknown_key",
               "truc.toml:3: unknown setting server.worker; did you mean server.workers?");
  expect_error("[servr]\nlisten = 'x'\n", "base.config_unknown_key", "did you mean server.listen?");
  expect_error("[server]\nzzzzzzzzzzz = 4\n", "base.config_unknown_key",
               "truc.toml:2: unknown setting server.zzzzzzzzzzz");
  expect_error("workers = 4\n", "base.config_unknown_key", "truc.toml:1: unknown setting workers");
  EXPECT_EQ(parse("[server]\nzzzzzzzzzzz = 4\n").error().detail().find("did you mean"),
            std::string::npos);
}

TEST(Config, ABadValueNamesFileLineAndRange) {
  expect_error("[server]\nworkers = 0\n", "base.config_bad_value",
               "truc.toml:2: server.workers must be a number within 1 … 1024");
  expect_error("[server]\nworkers = 1025\n", "base.config_bad_value", "1024");
  expect_error("[server]\nworkers = '4'\n", "base.config_bad_value", "number");
  expect_error("[server]\nworkers = 4.0\n", "base.config_bad_value", "number");
  expect_error("[server]\nplain = 1\n", "base.config_bad_value", "true or false");
  expect_error("[server]\nlisten = 8080\n", "base.config_bad_value", "text in quotes");
  expect_error("[server]\nlisten = ['a']\n", "base.config_bad_value", "text in quotes");
  expect_error("[server]\nlisten = localhost\n", "base.config_bad_value", "text in quotes");
  expect_error("[server.listen]\nx = 1\n", "base.config_unknown_key",
               "did you mean server.listen?");
}

TEST(Config, MalformedTomlNamesTheLine) {
  expect_error("[server]\nworkers = \n", "base.config_malformed", "truc.toml:2");
  expect_error("[server\n", "base.config_malformed", "truc.toml:1");
  expect_error("[server]\nworkers = 1\nworkers = 2\n", "base.config_malformed", "truc.toml:3");
  expect_error("[server]\nlisten = '\xff'\n", "base.config_malformed", "truc.toml");
}

TEST(Config, VietnameseOutsideQuotesIsNamedWithItsLine) {
  expect_error("[server]\n\nđịa_chỉ = 'x'\n", "base.config_malformed",
               "truc.toml:3: \"đ\" stands outside quotes");
  expect_error("[máy_chủ]\n", "base.config_malformed", "truc.toml:1: \"á\"");
  expect_error("[log]\nlevel = đủ\n", "base.config_malformed", "truc.toml:2: \"đ\"");
  expect_error("[server]\nworkers = 4\xe2\x80\x83\n", "base.config_malformed", "truc.toml:2");
  expect_error("[log]\nlevel = “info”\n", "base.config_malformed", "\"“\" stands outside");
  expect_error("[log]\nlevel = 'a' á\n", "base.config_malformed", "truc.toml:2: \"á\"");
  EXPECT_NE(parse("đ = 1").error().text().vi.find("hãy đặt chuỗi trong"), std::string::npos);
}

TEST(Config, VietnameseInQuotesAndCommentsIsText) {
  const auto level = [](std::string_view value) {
    const auto config = parse("# Mức 'chi tiết \"\"\"\n[log] # đủ\nlevel = " + std::string(value) +
                              " # 'đủ \"\n[server] # đ\nlisten = 'đ'\n");
    return config.ok() ? config->text("log.level") : config.error().detail();
  };
  EXPECT_EQ(level(R"("đ\"ủ\\")"), R"(đ"ủ\)");
  EXPECT_EQ(level(R"('đ"ủ\')"), R"(đ"ủ\)");
  EXPECT_EQ(level(R"("# \u0111\u1ee7\U0001F600\t")"), "# đủ😀\t");
  EXPECT_EQ(level("\"\""), "");
  EXPECT_EQ(level("'''a'''"),
            "truc.toml:3: the quotes are not closed; a text ends in the line where it begins");
}

TEST(Config, WhatIsNotTextIsRefusedWithItsLine) {
  expect_error("[log]\n# \xff\n", "base.config_malformed", "truc.toml:2: the line is not UTF-8");
  expect_error("[log]\nlevel = 'a\xe1\xba'\n", "base.config_malformed", "save the file as UTF-8");
  const std::string utf16("\xff\xfe[\0l\0o\0g\0]\0", 12);
  expect_error(utf16, "base.config_malformed", "truc.toml:1: the line is not UTF-8");
  expect_error(std::string_view("[log]\nlevel = 'a\0b'\n", 20), "base.config_malformed",
               "truc.toml:2: the line has a control character");
  for (const std::string_view bad : {"\\u0000", "\\ud800", "\\U00110000", "\\u12", "\\x41", "\\"}) {
    expect_error("[log]\nlevel = \"a" + std::string(bad) + "\"\n", "base.config_malformed",
                 bad == "\\" ? "quotes are not closed" : "\\ begins no character");
  }
  expect_error("# a\rđ = 1\n", "base.config_malformed", "truc.toml:1: the line has a control");
  EXPECT_EQ(parse("[log]\r\nlevel = 'đ'\r\n")->text("log.level"), "đ");
}

TEST(Config, AByteOrderMarkAtTheBeginningIsReadOver) {
  EXPECT_EQ(parse("\xEF\xBB\xBF[log]\nlevel = 'debug'\n")->text("log.level"), "debug");
  expect_error("\xEF\xBB\xBF[log\n", "base.config_malformed", "truc.toml:1");
  expect_error("[log]\n\xEF\xBB\xBFlevel = 'x'\n", "base.config_malformed", "truc.toml:2");
}

TEST(Config, WhatNestsDeeplyDoesNotOverflowTheStack) {
  std::string keys = "a";
  while (keys.size() < 900000) keys += ".a";
  expect_error(keys + " = 1\n", "base.config_unknown_key", "truc.toml:1: unknown setting a.a.a");
  expect_error("[" + keys + "]\nb = 1\n", "base.config_unknown_key", "truc.toml:2");
  expect_error("[log]\nlevel = " + std::string(900000, '[') + "\n", "base.config_bad_value",
               "truc.toml:2: log.level must be text");
}

TEST(Config, AnEmptyTableNameDoesNotStopTheProgram) {
  expect_error("[.=tx=ea t . ", "base.config_malformed", "truc.toml:1: a name has the letters");
}

TEST(Config, DottedNamesAndNumbersAreReadAsTomlSays) {
  const auto config = parse("server.workers = +1_0\n[ log ]\n level\t=\t'debug' # yes\n\n");
  ASSERT_TRUE(config.ok()) << config.error().detail();
  EXPECT_EQ(config->integer("server.workers"), 10);
  EXPECT_EQ(config->text("log.level"), "debug");
  for (const std::string_view bad : {"010", "1__0", "_1", "1_", "+", "0x10", "1e1", "--1", "-4",
                                     "99999999999999999999", "1 0", "2026-01-01", "truefalse"}) {
    expect_error("[server]\nworkers = " + std::string(bad) + "\n", "base.config_bad_value",
                 "truc.toml:2: server.workers must be a number within 1");
  }
}

TEST(Config, EveryMalformedLineSaysWhatToDo) {
  expect_error("[log]\nlevel\n", "base.config_malformed", "truc.toml:2: = is missing after level");
  expect_error("[log]\nlevel: 'x'\n", "base.config_malformed", "\":\" is out of place; a line is");
  expect_error("[log]\nlevel = # x\n", "base.config_malformed", "the value after = is missing");
  expect_error("[log]\nlevel = 'a\n", "base.config_malformed", "the quotes are not closed");
  expect_error("[log]\nlevel = 'a' 'b'\n", "base.config_malformed", "\"'\" is out of place");
  expect_error("[log\n", "base.config_malformed", "] is missing");
  expect_error("[[log]]\n", "base.config_malformed", "a name has the letters a to z");
  expect_error("[log] level = 'a'\n", "base.config_malformed", "\"l\" is out of place");
  expect_error("'level' = 'a'\n", "base.config_malformed", "without quotes");
  expect_error("[log]\n[server]\n[log]\n", "base.config_malformed",
               "truc.toml:3: [log] stands in line 1 already");
  expect_error("log.level = 'a'\n[log]\nlevel = 'b'\n", "base.config_malformed",
               "truc.toml:3: log.level stands in line 1 already; keep one of the two");
}

TEST(Config, TheCommandLineWins) {
  Config config = Config::defaults(settings());
  config.set("server.listen", "0.0.0.0:1");
  EXPECT_EQ(config.text("server.listen"), "0.0.0.0:1");
}

TEST(Config, LoadsAFileAndSaysWhenThereIsNone) {
  const testing::TempDirectory directory;
  ASSERT_TRUE(
      write_file_durably(real_files(), directory / "truc.toml", "[log]\nlevel = 'debug'\n"));
  EXPECT_EQ(Config::load(real_files(), directory / "truc.toml", settings())->text("log.level"),
            "debug");
  EXPECT_EQ(Config::load(real_files(), directory / "none.toml", settings()).error().reason(),
            "base.file_missing");
  ASSERT_TRUE(write_file_durably(real_files(), directory / "truc.toml", Bytes(10 << 20, '#')));
  const auto large = Config::load(real_files(), directory / "truc.toml", settings());
  EXPECT_EQ(large.error().reason(), "base.file_too_large");
  EXPECT_NE(large.error().detail().find("truc.toml has 10.0 MiB"), std::string::npos);
}

TEST(SampleConfig, ParsesBackToTheDefaults) {
  const std::string sample = sample_config(settings());
  ASSERT_TRUE(parse(sample).ok()) << sample;
  // With every setting's line uncommented too.
  std::string active;
  for (const auto line : split(sample, '\n')) {
    const bool setting = line.starts_with("# ") && line.find(" = ") != std::string_view::npos;
    active += std::string(setting ? line.substr(2) : line) + "\n";
  }
  const auto config = parse(active);
  ASSERT_TRUE(config.ok()) << active << config.error().detail();
  for (const Setting& setting : settings()) EXPECT_EQ(config->text(setting.name), setting.fallback);
}

TEST(SampleConfig, SpeaksBothLanguages) {
  const std::string sample = sample_config(settings());
  EXPECT_NE(sample.find("# Nơi lắng nghe.\n# Where to listen.\n# listen = \"127.0.0.1:8080\"\n"),
            std::string::npos);
}

TEST(ConfigDeathTest, AskingForAnUndeclaredSettingIsAProgrammersError) {
  const Config config = Config::defaults(settings());
  EXPECT_DEATH(static_cast<void>(config.text("server.nothing")), "check failed");
}

}  // namespace
}  // namespace base
