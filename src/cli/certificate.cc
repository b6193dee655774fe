// truc certificate: requests, and what came of them.
#include "trust/certificate.h"

#include <algorithm>

#include "base/hash.h"
#include "base/text.h"
#include "cli/certificate_expiry.h"
#include "cli/commands.h"
#include "cli/signing_keys.h"
#include "trust/keys/chain.h"
#include "trust/signing/request.h"

namespace cli {
namespace {

using trust::keys::Chain;
using trust::keys::KeyEntry;

constexpr std::uint64_t kFileBytesMax = 1 << 20;

base::Result<void> request(const CertificateOptions& options) {
  const base::SystemClock clock;
  TRY(load_config(options.site));
  const auto directory = TRY(key_directory(options.site, clock));
  const KeyEntry entry = TRY(directory.find(options.name));
  const auto key = TRY(directory.open(entry, nullptr));
  const auto subject = TRY(trust::signing::parse_subject(options.subject));
  const base::Bytes made = TRY(trust::signing::certificate_request(*key, subject));
  base::FileSystem& files = base::real_files();
  const auto output = TRY(files.open(options.file, base::FileSystem::Mode::create_new));
  TRY(output->write_at(0, made));
  TRY(output->sync());
  return files.sync_directory(base::directory_of(options.file));
}

base::Result<Chain> import(const CertificateOptions& options) {
  const base::SystemClock clock;
  TRY(load_config(options.site));
  auto directory = TRY(key_directory(options.site, clock));
  const base::Bytes file = TRY(base::read_file(base::real_files(), options.file, kFileBytesMax));
  const auto certificates = TRY(trust::keys::read_certificates(file));
  return directory.add_certificates(options.name, certificates);
}

// CN of an RFC 4514 name, or all of it.
std::string short_name(const std::string& name) {
  const auto at = name.find("CN=");
  if (at == std::string::npos) return name;
  std::string out;
  for (std::size_t i = at + 3; i < name.size() && name[i] != ','; ++i) {
    if (name[i] == '\\' && i + 1 < name.size()) ++i;
    out += name[i];
  }
  return out;
}

base::Text text_of(std::string_view state) {
  if (state == "current") return {"đang dùng", "current"};
  if (state == "next") return {"kế tiếp", "next"};
  if (state == "past") return {"đã qua", "past"};
  return {"sẵn sàng", "prepared"};
}

// What a chain of a key is now: current, next, past, or prepared and not put to use.
class States {
 public:
  States(std::vector<trust::keys::KeyUse> uses, const std::string& configured, base::Time now)
      : uses_(std::move(uses)), now_(now) {
    if (const auto* use = trust::keys::use_at(uses_, trust::keys::kEvidence, now)) {
      current_ = use->key;
    } else {
      current_ = configured;
    }
    next_ = trust::keys::use_after(uses_, trust::keys::kEvidence, now);
  }
  std::string_view of(const KeyEntry& entry, const Chain& chain) const {
    if (entry.removed) return "past";
    const bool in_force = entry.chain_at(now_) == &chain;
    const bool newer = &chain > entry.chain_at(now_);
    if (entry.name == current_) return in_force ? "current" : newer ? "next" : "past";
    if (next_ != nullptr && next_->key == entry.name) {
      return entry.chain_at(next_->from) == &chain ? "next" : newer ? "prepared" : "past";
    }
    const bool before = std::any_of(uses_.begin(), uses_.end(),
                                    [&](const auto& one) { return one.key == entry.name; });
    return before || !(in_force || newer) ? "past" : "prepared";
  }

 private:
  const std::vector<trust::keys::KeyUse> uses_;
  const base::Time now_;
  std::string current_;
  const trust::keys::KeyUse* next_ = nullptr;
};

struct CertificateRow {
  std::string key;
  std::string_view state;
  trust::CertificateSummary summary;
};

base::Result<std::vector<CertificateRow>> rows_of(const std::string& site,
                                                  const base::Clock& clock) {
  const base::Config config = TRY(load_config(site));
  const auto directory = TRY(key_directory(site, clock));
  auto uses = TRY(directory.uses());
  const States states(std::move(uses), config.text("evidence.key"), clock.now());
  std::vector<CertificateRow> rows;
  for (const KeyEntry& entry : TRY(directory.all())) {
    for (const Chain& chain : entry.chains) {
      const auto own = trust::read_certificate(chain.certificates.front());
      if (own) {
        rows.push_back({entry.name, states.of(entry, chain), trust::summary_of(own.get())});
      }
    }
  }
  return rows;
}

base::Json to_json(const trust::CertificateSummary& summary, base::Time now) {
  base::Json one;
  one.add("subject", summary.subject).add("issuer", summary.issuer).add("serial", summary.serial);
  one.add("from", base::iso_time_text(summary.not_before));
  one.add("to", base::iso_time_text(summary.not_after));
  one.add("days_left", days_left(summary.not_after, now));
  one.add("sha256", base::hex(summary.sha256));
  return one;
}

base::Json show_one(const Terminal& terminal, const trust::Certificate& certificate,
                    base::Time now) {
  const trust::CertificateSummary& summary = certificate.summary;
  const std::string days = std::to_string(days_left(summary.not_after, now));
  const std::string from = base::vietnam_time_text(summary.not_before, '-'),
                    to = base::vietnam_time_text(summary.not_after, '-');
  std::string key = certificate.key_name;
  if (certificate.key_bits > 0) key += " " + std::to_string(certificate.key_bits);
  base::Text usage{"không dùng để ký", "not for signatures"};
  if (certificate.authority) {
    usage = {"tổ chức chứng thực", "an authority's"};
  } else if (certificate.for_timestamps) {
    usage = {"dấu thời gian", "timestamps"};
  } else if (certificate.may_sign) {
    usage = {"chữ ký số", "signatures"};
  }
  std::string addresses;
  for (const auto* urls : {&certificate.crl_urls, &certificate.ocsp_urls}) {
    for (const std::string& url : *urls) addresses += (addresses.empty() ? "" : " ") + url;
  }
  const auto lines = [&](const char* const(&names)[8], const std::string& use, const char* left) {
    const std::string values[] = {
        summary.subject, summary.issuer, summary.serial, from, to + " (" + days + left, key, use,
        addresses};
    std::string out;
    for (std::size_t i = 0; i < 8; ++i) {
      if (!values[i].empty()) out += std::string(names[i]) + ": " + values[i] + "\n";
    }
    return out + "SHA-256: " + base::hex(summary.sha256) + "\n";
  };
  terminal.say(
      {lines({"Chủ thể", "Nơi cấp", "Số hiệu", "Từ", "Đến", "Khóa", "Dùng cho", "Hỏi thu hồi tại"},
             usage.vi, " ngày nữa, giờ Việt Nam)"),
       lines({"Subject", "Issuer", "Serial", "From", "To", "Key", "For", "Revocation at"}, usage.en,
             " days left, Viet Nam time)")});
  base::Json one = to_json(summary, now);
  one.add("key", key).add("usage", usage.en);
  return one;
}

}  // namespace

int certificate_request(const Terminal& terminal, const CertificateOptions& options) {
  if (const auto made = request(options); !made) return terminal.fail(made.error());
  base::Json json;
  json.add("key", options.name).add("file", options.file);
  const std::string next = "truc certificate import " + options.name + " -C " + options.site;
  terminal.answer({"Đã lập yêu cầu cấp chứng thư: " + options.file +
                       "\nGửi tệp này cho tổ chức chứng thực, rồi: " + next + " TỆP.pem",
                   "The request is in " + options.file +
                       "\nGive it to the authority, and then: " + next + " FILE.pem"},
                  json);
  return 0;
}

int certificate_import(const Terminal& terminal, const CertificateOptions& options) {
  const auto made = import(options);
  if (!made) return terminal.fail(made.error());
  const auto own = trust::read_certificate(made->certificates.front());
  const trust::CertificateSummary summary = trust::summary_of(own.get());
  const base::SystemClock clock;
  base::Json json = to_json(summary, clock.now());
  json.add("key", options.name).add("chain", static_cast<std::int64_t>(made->certificates.size()));
  const std::string count = std::to_string(made->certificates.size()),
                    until = base::vietnam_time_text(summary.not_after, '-').substr(0, 10);
  terminal.answer(
      {"Đã nhập chứng thư của khóa " + options.name + ": " + short_name(summary.subject) +
           ", đến " + until + ", chuỗi " + count + " chứng thư.",
       "Imported the certificate of the key " + options.name + ": " + short_name(summary.subject) +
           ", until " + until + ", a chain of " + count + "."},
      json);
  return 0;
}

int certificate_list(const Terminal& terminal, const std::string& site) {
  const base::SystemClock clock;
  const auto found = rows_of(site, clock);
  if (!found) return terminal.fail(found.error());
  std::vector<std::vector<std::string>> rows;
  base::Json list{base::Json::Array{}};
  for (const CertificateRow& row : *found) {
    base::Json one = to_json(row.summary, clock.now());
    one.add("key", row.key).add("state", row.state);
    list.push(std::move(one));
    rows.push_back({row.key, text_of(row.state).in(terminal.language()),
                    base::vietnam_time_text(row.summary.not_before, '-').substr(0, 10),
                    base::vietnam_time_text(row.summary.not_after, '-').substr(0, 10),
                    std::to_string(days_left(row.summary.not_after, clock.now())),
                    short_name(row.summary.subject), short_name(row.summary.issuer)});
  }
  terminal.give(list);
  if (rows.empty()) {
    terminal.say({"Chưa có chứng thư: truc certificate import TÊN_KHÓA TỆP -C " + site,
                  "No certificates yet: truc certificate import KEY FILE -C " + site});
  } else if (terminal.language() == base::Language::english) {
    terminal.table({"Key", "State", "From", "To", "Days left", "Subject", "Issuer"}, rows);
  } else {
    terminal.table({"Khóa", "Tình trạng", "Từ", "Đến", "Còn ngày", "Chủ thể", "Nơi cấp"}, rows);
  }
  return 0;
}

int certificate_show(const Terminal& terminal, const std::string& file) {
  const auto run = [&]() -> base::Result<std::vector<base::Bytes>> {
    const base::Bytes bytes = TRY(base::read_file(base::real_files(), file, kFileBytesMax));
    return trust::keys::read_certificates(bytes);
  };
  const auto certificates = run();
  if (!certificates) return terminal.fail(certificates.error());
  base::Json list{base::Json::Array{}};
  for (const base::Bytes& der : *certificates) {
    const auto certificate = trust::make_certificate(der);
    if (certificate) list.push(show_one(terminal, *certificate, base::SystemClock().now()));
  }
  terminal.give(list);
  return 0;
}

}  // namespace cli
