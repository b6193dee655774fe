// Whether a site is as it should be, and what to do where it is not: what `truc doctor` prints, and
// what the API tells operators.
#pragma once
#include <functional>
#include <string>
#include <utility>

#include "cli/site.h"
#include "exchange/rest/platform.h"

namespace cli {

// Tells each finding as it is made.
class Checkup {
 public:
  using Told = std::function<void(const exchange::rest::Check&)>;
  explicit Checkup(Told told) : told_(std::move(told)) {}
  void good(std::string vi, std::string en) {
    told_({true, false, {std::move(vi), std::move(en)}});
  }
  // Something to be done in time: no failure yet.
  void warn(std::string vi, std::string en) { told_({true, true, {std::move(vi), std::move(en)}}); }
  void bad(std::string vi, std::string en) {
    told_({false, false, {std::move(vi), std::move(en)}});
  }
  void judge(const base::Result<void>& result, std::string vi, std::string en,
             const std::string& remedy_vi, const std::string& remedy_en);

 private:
  const Told told_;
};

// Disk, limits of the system, the site's key.
void check_machine(Checkup& checkup, const std::string& directory);
// Bytes and records can be written; the end of the journal; who is connected. Quick.
void check_site(Checkup& checkup, Site& site);
// The database's own structure: reads all of it.
void check_database(Checkup& checkup, Site& site);
// Evidences are signed, logged, stamped and witnessed in time.
void check_evidence(Checkup& checkup, Site& site);
// Own keys can be opened, and everything that ends some day.
void check_keys(Checkup& checkup, Site& site);
// What `truc backup` has left behind.
void check_backup(Checkup& checkup, Site& site);
// Programs beside this one that were asked for: clamd, tesseract.
void check_helpers(Checkup& checkup, Site& site);

}  // namespace cli
