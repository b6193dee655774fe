#include "cli/commands.h"
#include "cli/site.h"

namespace cli {
namespace {

base::Text meaning(exchange::SignatureRule rule) {
  switch (rule) {
    case exchange::SignatureRule::label:
      return {"nhận mọi văn bản, kèm kết quả kiểm tra chữ ký",
              "takes every document, labelled with its verdict"};
    case exchange::SignatureRule::refuse_invalid:
      return {"không nhận văn bản có chữ ký số không hợp lệ",
              "refuses documents with an invalid signature"};
    case exchange::SignatureRule::require_both:
      return {"chỉ nhận văn bản có chữ ký hợp lệ của người có thẩm quyền và của cơ quan",
              "takes only what both a person and the organisation validly signed"};
  }
  return {};
}

// Opens the site's judging; an error when it is switched off.
base::Result<exchange::Judging*> judging_of(Site& site) {
  TRY(site.exchange());
  if (site.judging()) return site.judging();
  return base::Error(
      base::Code::conflict, "cli.judging_off",
      "signatures are not judged here; set trust.judge = true in truc.toml first",
      "máy chủ này không kiểm tra chữ ký; hãy đặt trust.judge = true trong truc.toml");
}

base::Result<void> change(const PolicyOptions& options) {
  const auto site = TRY(Site::open(options.site, false));
  exchange::Judging* const judging = TRY(judging_of(*site));
  if (options.rule.empty()) return judging->remove_rule(options.organisation, options.type);
  const auto rule = exchange::parse_signature_rule(options.rule);
  if (!rule) {
    return base::Error(
        base::Code::invalid, "cli.unknown_rule",
        "the rule must be label, refuse-invalid or require-both, not " + options.rule,
        "quy tắc phải là label, refuse-invalid hoặc require-both, không phải " + options.rule);
  }
  std::string code = options.organisation;
  if (code != "*") {
    const auto known = TRY(site->exchange())->directory().find(code);
    if (!known) {
      return base::Error(
          base::Code::not_found, "cli.unknown_organisation",
          "no organisation has the code " + code + "; see them with: truc organisation list",
          "không có cơ quan nào mang mã " + code + "; xem bằng: truc organisation list");
    }
    code = known->code;
  }
  return judging->set_rule({code, options.type, *rule});
}

}  // namespace

int policy_change(const Terminal& terminal, const PolicyOptions& options) {
  if (const auto done = change(options); !done) return terminal.fail(done.error());
  base::Json json;
  json.add("organisation", options.organisation)
      .add("type", options.type)
      .add("rule", options.rule);
  const std::string whom = options.organisation == "*" ? "" : " " + options.organisation;
  if (options.rule.empty()) {
    terminal.answer({"Đã bỏ quy tắc.", "The rule is removed."}, json);
  } else {
    const base::Text what = meaning(*exchange::parse_signature_rule(options.rule));
    terminal.answer(
        {"Từ nay" + (whom.empty() ? " mọi cơ quan" : whom) + " " + what.vi + ".",
         "From now on" + (whom.empty() ? " every organisation" : whom) + " " + what.en + "."},
        json);
  }
  return 0;
}

int policy_list(const Terminal& terminal, const std::string& directory) {
  const auto site = Site::open(directory, false);
  if (!site) return terminal.fail(site.error());
  const auto judging = judging_of(**site);
  if (!judging) return terminal.fail(judging.error());
  std::vector<std::vector<std::string>> rows;
  base::Json list{base::Json::Array{}};
  for (const exchange::RuleRow& row : (*judging)->rules()) {
    base::Json one;
    one.add("organisation", row.organisation)
        .add("type", row.type)
        .add("rule", exchange::name_of(row.rule));
    list.push(std::move(one));
    rows.push_back({row.organisation, row.type, std::string(exchange::name_of(row.rule)),
                    meaning(row.rule).in(terminal.language())});
  }
  terminal.give(list);
  if (rows.empty()) {
    const base::Text label = meaning(exchange::SignatureRule::label);
    terminal.say({"Chưa có quy tắc: mọi cơ quan " + label.vi + ".",
                  "No rules: every organisation " + label.en + "."});
    return 0;
  }
  if (terminal.language() == base::Language::english) {
    terminal.table({"Recipient", "Type", "Rule", "Meaning"}, rows);
  } else {
    terminal.table({"Nơi nhận", "Loại", "Quy tắc", "Nghĩa là"}, rows);
  }
  return 0;
}

}  // namespace cli
