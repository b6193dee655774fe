#include <algorithm>

#include "cli/background.h"
#include "cli/commands.h"
#include "cli/site.h"
#include "exchange/searching.h"

namespace cli {
namespace {

constexpr std::size_t kPage = 50;

base::Result<search::Found> find_all(search::Index& index, const std::string& query,
                                     std::size_t count) {
  search::Found all;
  search::Request request{query, {true, {}}, "", std::min(count, kPage)};
  do {
    search::Found page = TRY(index.find(request));
    std::move(page.hits.begin(), page.hits.end(), std::back_inserter(all.hits));
    all.matches = std::max(all.matches, page.matches);
    all.partial = page.partial;
    request.after = page.next;
  } while (!request.after.empty() && all.hits.size() < count);
  if (all.hits.size() > count) all.hits.resize(count);
  return all;
}

// Documents done, when the whole journal is.
base::Result<std::int64_t> rebuild(Site& site) {
  exchange::Exchange* const exchange = TRY(site.exchange());
  search::Index* const index = TRY(site.search());
  TRY(index->clear());
  const exchange::SearchOptions options = search_options(site);
  for (;;) {
    const auto done = exchange::index_accepted(*exchange, *index, options);
    // A serving process beside this one does the same work.
    if (!done && done.error().reason() != "search.cursor_moved") return done.error();
    if (done && *done == 0) return index->documents();
  }
}

}  // namespace

int search_find(const Terminal& terminal, const std::string& directory, const std::string& query,
                int count) {
  const auto site = Site::open(directory, false);
  if (!site) return terminal.fail(site.error());
  const auto exchange = (*site)->exchange();
  if (!exchange) return terminal.fail(exchange.error());
  const auto index = (*site)->search();
  if (!index) return terminal.fail(index.error());
  const auto found = find_all(**index, query, static_cast<std::size_t>(count));
  if (!found) return terminal.fail(found.error());
  const auto waiting = exchange::entries_to_index(**exchange, **index);
  if (!waiting) return terminal.fail(waiting.error());
  base::Json items{base::Json::Array{}};
  std::vector<std::vector<std::string>> rows;
  for (const search::Hit& hit : found->hits) {
    const std::string id = exchange::document_id_text((*exchange)->site(), hit.id);
    rows.push_back({id});
    base::Json one;
    one.add("id", id);
    items.push(std::move(one));
  }
  base::Json json;
  json.add("matches", found->matches).add("partial", found->partial);
  json.add("waiting", *waiting).add("items", std::move(items));
  terminal.give(json);
  const std::string matches = std::to_string(found->matches), left = std::to_string(*waiting);
  terminal.say({matches + " văn bản khớp" + (found->partial ? " (ít nhất)" : "") + "; còn " + left +
                    " mục nhật ký chưa lập chỉ mục.",
                matches + " documents match" + (found->partial ? " (at least)" : "") + "; " + left +
                    " journal entries are not indexed yet."});
  if (!rows.empty())
    terminal.table({terminal.language() == base::Language::english ? "Document" : "Văn bản"}, rows);
  return 0;
}

int search_rebuild(const Terminal& terminal, const std::string& directory) {
  const auto site = Site::open(directory, false);
  if (!site) return terminal.fail(site.error());
  const auto documents = rebuild(**site);
  if (!documents) return terminal.fail(documents.error());
  base::Json json;
  json.add("documents", *documents);
  terminal.give(json);
  const std::string count = std::to_string(*documents);
  terminal.say({"Đã lập lại chỉ mục: " + count + " văn bản tìm được.",
                "The index is made anew: " + count + " documents can be found."});
  return 0;
}

}  // namespace cli
