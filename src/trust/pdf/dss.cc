#include "trust/pdf/dss.h"

#include <unordered_set>

#include "trust/pdf/form.h"

namespace trust::pdf {
namespace {

class StoreReader {
 public:
  StoreReader(const File& file, const Limits& limits)
      : file_(file), limits_(limits), left_(limits.parsed_bytes / 4) {}

  base::Result<void> lists(const Object& holder, std::string_view certificates,
                           std::string_view crls, std::string_view ocsps) {
    TRY(list(at(holder, certificates), store.certificates));
    TRY(list(at(holder, crls), store.crls));
    return list(at(holder, ocsps), store.ocsp_responses);
  }

  SecurityStore store;

 private:
  base::Result<void> list(const Object& value, std::vector<base::Bytes>& into) {
    constexpr std::size_t kEntries = 1024;
    const Object resolved = TRY(file_.resolve(value));
    const Array* array = resolved.as<Array>();
    if (array == nullptr) return base::done();
    for (const Object& item : *array) {
      const Ref* ref = item.as<Ref>();
      if (ref == nullptr || !seen_.insert(ref->number).second) continue;
      TRY(file_.budget().time());
      const base::Result<Indirect> stream = file_.load(*ref);
      const std::uint64_t max = std::min(left_, limits_.cms_bytes);
      base::Result<base::Bytes> der = stream.ok() && seen_.size() <= kEntries
                                          ? file_.decoded(*stream, max)
                                          : base::Result<base::Bytes>(base::Bytes());
      if (!der.ok() || der->empty()) {
        ++store.unread;
        continue;
      }
      left_ -= der->size();
      into.push_back(std::move(*der));
    }
    return base::done();
  }

  const File& file_;
  const Limits& limits_;
  std::uint64_t left_;
  std::unordered_set<std::uint32_t> seen_;
};

}  // namespace

base::Result<SecurityStore> security_store(const File& file, const Limits& limits) {
  const Dict root = TRY(catalog(file));
  const Object dss = TRY(file.resolve(at(root, "DSS")));
  StoreReader reader(file, limits);
  if (dss.as<Dict>() == nullptr) return std::move(reader.store);
  reader.store.present = true;
  TRY(reader.lists(dss, "Certs", "CRLs", "OCSPs"));
  const Object by_signature = TRY(file.resolve(at(dss, "VRI")));
  if (const Dict* entries = by_signature.as<Dict>()) {
    for (const Entry& entry : entries->entries) {
      const Object one = TRY(file.resolve(entry.value));
      TRY(reader.lists(one, "Cert", "CRL", "OCSP"));
    }
  }
  return std::move(reader.store);
}

}  // namespace trust::pdf
