// truc: the command line. Every option is declared in command_line*.cc; each command's work is in
// its own file.
#include <sys/stat.h>

#include <cstdlib>

#include "cli/command_line.h"

namespace {

// --lang is looked for before parsing, since the help itself is in that language.
std::string language_flag(int argc, char** argv) {
  for (int i = 1; i + 1 < argc; ++i) {
    if (std::string(argv[i]) == "--lang") return argv[i + 1];
  }
  for (int i = 1; i < argc; ++i) {
    if (std::string(argv[i]).rfind("--lang=", 0) == 0) return std::string(argv[i]).substr(7);
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  // What a site keeps is nobody else's to read.
  ::umask(027);
  cli::Shared shared;
  shared.language = language_flag(argc, argv);
  const cli::Words words(cli::Terminal(shared.language, false).language());
  CLI::App app(words("Trúc: trục liên thông văn bản điện tử giữa các cơ quan nhà nước.",
                     "Trúc: the exchange of signed e-documents between State agencies."),
               "truc");
  app.set_version_flag("--version", "truc " TRUC_VERSION);
  app.require_subcommand(1);
  app.footer(words("Trợ giúp của một lệnh: truc LỆNH --help   Tiếng Anh: --lang en",
                   "Help for a command: truc COMMAND --help   Vietnamese: --lang vi"));
  cli::CommandLine commands(app, shared, words);
  commands.declare();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return commands.exit_code();
}
