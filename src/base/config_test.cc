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
  expect_error("[server.listen]\nx = 1\n", "base.config_bad_value", "text in quotes");
}

TEST(Config, MalformedTomlNamesTheLine) {
  expect_error("[server]\nworkers = \n", "base.config_malformed", "truc.toml:2");
  expect_error("[server\n", "base.config_malformed", "truc.toml:1");
  expect_error("[server]\nworkers = 1\nworkers = 2\n", "base.config_malformed", "truc.toml:3");
  expect_error("[server]\nlisten = '\xff'\n", "base.config_malformed", "truc.toml");
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
