#include "cli/anchor_acts.h"

#include "base/file.h"
#include "trust/anchors.h"

namespace cli {
namespace {

constexpr std::size_t kNameBytesMax = 60;

// A name is a file's, so that it is kept to what no file system minds.
base::Result<std::string> path_of(const std::string& directory, const std::string& name) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789-";
  if (name.empty() || name.size() > kNameBytesMax ||
      name.find_first_not_of(kAllowed) != std::string::npos) {
    return base::Error(base::Code::invalid, "cli.bad_anchor_name",
                       "subject: the name of an authority has 1–60 of a–z, 0–9 and -",
                       "subject: tên chứng thư gốc gồm 1–60 ký tự a–z, 0–9 và -");
  }
  return directory + "/" + name + ".pem";
}

base::Json after_restart() {
  base::Json outcome;
  outcome.add("holds_from", "restart");
  return outcome;
}

}  // namespace

void register_anchor_acts(identity::Approvals& approvals, const std::string& directory) {
  using identity::Act;
  using identity::Approval;
  using identity::Principal;
  approvals.on(Act::anchor_add,
               {[directory](const Approval& one) -> base::Result<void> {
                  const std::string path = TRY(path_of(directory, one.subject));
                  if (base::real_files().exists(path)) {
                    return base::Error(base::Code::conflict, "cli.anchor_exists",
                                       "there is an authority " + one.subject + " already",
                                       "đã có chứng thư gốc " + one.subject);
                  }
                  trust::Anchors read;
                  trust::Anchor like;
                  like.name = one.subject;
                  return read.add_pem(one.body["pem"].text(), like);
                },
                [directory](const Principal&, const Approval& one) -> base::Result<base::Json> {
                  const std::string path = TRY(path_of(directory, one.subject));
                  TRY(base::write_file_durably(base::real_files(), path, one.body["pem"].text()));
                  return after_restart();
                }});
  approvals.on(Act::anchor_remove,
               {[directory](const Approval& one) -> base::Result<void> {
                  const std::string path = TRY(path_of(directory, one.subject));
                  if (base::real_files().exists(path)) return base::done();
                  return base::Error(base::Code::not_found, "cli.anchor_unknown",
                                     "there is no authority " + one.subject,
                                     "không có chứng thư gốc " + one.subject);
                },
                [directory](const Principal&, const Approval& one) -> base::Result<base::Json> {
                  const std::string path = TRY(path_of(directory, one.subject));
                  base::FileSystem& files = base::real_files();
                  if (files.exists(path)) TRY(files.remove(path));
                  TRY(files.sync_directory(directory));
                  return after_restart();
                }});
}

}  // namespace cli
