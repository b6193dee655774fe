#include "cli/command_line.h"

namespace cli {

void CommandLine::declare_search() {
  CLI::App* search = app_.add_subcommand("search", words_("tìm văn bản", "find documents"));
  search->require_subcommand(1);
  CLI::App* find = add(*search, "find",
                       words_("cho biết mã các văn bản khớp (không hiện nội dung)",
                              "tell the ids of documents that match (never what they say)"));
  site_option(find, site_);
  find->add_option("query", word_,
                   words_("từ, số ký hiệu, điều kiện như từ:H49 ngày:2026",
                          "words, notations, filters like from:H49 date:2026"))
      ->required();
  find->add_option("--count", count_, words_("tối đa bao nhiêu mục", "at most so many"))
      ->check(CLI::Range(1, 1000));
  runs(find, [this](const Terminal& t) { return cli::search_find(t, site_, word_, count_); });
  CLI::App* rebuild =
      add(*search, "rebuild", words_("lập lại chỉ mục từ đầu", "make the index anew"));
  site_option(rebuild, site_);
  runs(rebuild, [this](const Terminal& t) { return cli::search_rebuild(t, site_); });
}

}  // namespace cli
