#include <optional>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/csv.h"
#include "cli/site.h"

namespace cli {
namespace {

constexpr std::uint64_t kCsvBytesMax = 256ull << 20;
constexpr std::size_t kBatch = 2000;

base::Result<std::optional<base::Time>> time_in(const CsvRow& row, std::string_view column) {
  const std::string_view text = row[column];
  if (text.empty()) return std::optional<base::Time>();
  const auto time = base::parse_vietnam_time(text);
  if (!time)
    return row.error(column, "must be a date like 2025/07/01", "phải là ngày, ví dụ 2025/07/01");
  return time;
}

base::Result<exchange::Organisation> organisation_of(const CsvRow& row) {
  exchange::Organisation organisation;
  organisation.code = row["code"];
  if (const auto good = exchange::check_code(organisation.code); !good) {
    return row.error("code", "must be 1–35 characters without comma or space",
                     "phải có 1–35 ký tự, không dấu phẩy hay khoảng trắng");
  }
  organisation.name = row["name"];
  organisation.parent = row["parent"];
  organisation.old_code = row["old_code"];
  organisation.mail = row["mail"];
  organisation.effective_from = TRY(time_in(row, "effective_from"));
  organisation.effective_to = TRY(time_in(row, "effective_to"));
  organisation.successor = row["successor"];
  return organisation;
}

base::Result<std::size_t> import(const std::string& directory, const std::string& file) {
  const base::Bytes text = TRY(base::read_file(base::real_files(), file, kCsvBytesMax));
  static const std::vector<std::string_view> kColumns = {
      "code", "name", "parent", "old_code", "mail", "effective_from", "effective_to", "successor"};
  const auto rows = TRY(read_csv(text, file, kColumns, {"code"}));
  std::vector<exchange::Organisation> all;
  for (const CsvRow& row : rows) all.push_back(TRY(organisation_of(row)));
  const auto site = TRY(Site::open(directory, false));
  exchange::Exchange* const exchange = TRY(site->exchange());
  for (std::size_t i = 0; i < all.size(); i += kBatch) {
    const auto first = all.begin() + static_cast<std::ptrdiff_t>(i);
    const auto last = all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), i + kBatch));
    TRY(exchange->directory().put({first, last}, "truc organisation import"));
  }
  return all.size();
}

}  // namespace

int organisation_import(const Terminal& terminal, const std::string& site,
                        const std::string& file) {
  const auto count = import(site, file);
  if (!count) return terminal.fail(count.error());
  base::Json json;
  json.add("imported", static_cast<std::int64_t>(*count));
  terminal.answer({"Đã nhập " + std::to_string(*count) + " cơ quan.",
                   "Imported " + std::to_string(*count) + " organisations."},
                  json);
  return 0;
}

int organisation_list(const Terminal& terminal, const std::string& directory) {
  const auto site = Site::open(directory, false);
  if (!site) return terminal.fail(site.error());
  const auto exchange = (*site)->exchange();
  if (!exchange) return terminal.fail(exchange.error());
  const bool english = terminal.language() == base::Language::english;
  std::vector<std::vector<std::string>> rows;
  base::Json list{base::Json::Array{}};
  (*exchange)->directory().each([&](const exchange::Organisation& organisation) {
    const auto system = (*exchange)->directory().system_by_key(organisation.system);
    const bool effective = organisation.effective((*site)->clock.now());
    const std::string state = organisation.deleted ? (english ? "removed" : "đã xóa")
                              : effective          ? (english ? "in force" : "hiệu lực")
                                          : (english ? "not in force" : "hết hiệu lực");
    rows.push_back({organisation.code, organisation.old_code, organisation.name,
                    system ? system->id : "–", state});
    base::Json one;
    one.add("code", organisation.code)
        .add("old_code", organisation.old_code)
        .add("name", organisation.name);
    one.add("parent", organisation.parent).add("system", system ? system->id : "");
    one.add("effective", effective)
        .add("deleted", organisation.deleted)
        .add("successor", organisation.successor);
    list.push(std::move(one));
  });
  terminal.give(list);
  if (rows.empty()) {
    terminal.say({"Chưa có cơ quan nào. Nhập danh sách: truc organisation import -C " + directory +
                      " TỆP.csv",
                  "No organisations yet. Import a list: truc organisation import -C " + directory +
                      " FILE.csv"});
  } else if (english) {
    terminal.table({"Code", "Old code", "Name", "System", "State"}, rows);
  } else {
    terminal.table({"Mã", "Mã cũ", "Tên", "Hệ thống", "Trạng thái"}, rows);
  }
  return 0;
}

}  // namespace cli
