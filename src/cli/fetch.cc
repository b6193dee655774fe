#include "base/text.h"
#include "cli/client.h"

namespace cli {
namespace {

// Writes beside the target first: a broken transfer never leaves half a document under its name.
base::Result<std::uint64_t> fetch_to(const Terminal& terminal, const ClientOptions& options,
                                     const std::string& id, const std::string& output) {
  const auto connected = TRY(connect(terminal, options));
  base::FileSystem& files = base::real_files();
  const std::string partial = output + ".partial";
  auto file = TRY(files.open(partial, base::FileSystem::Mode::create_or_open));
  TRY(file->truncate(0));
  std::uint64_t size = 0;
  const auto fetched = connected->vxp->fetch(id, [&](base::BytesView bytes) -> base::Result<void> {
    TRY(file->write_at(size, bytes));
    size += bytes.size();
    return base::done();
  });
  if (!fetched) {
    file.reset();
    static_cast<void>(files.remove(partial));
    return fetched.error();
  }
  TRY(file->sync());
  TRY(files.rename(partial, output));
  TRY(files.sync_directory(base::directory_of(output)));
  return size;
}

}  // namespace

int fetch(const Terminal& terminal, const ClientOptions& client, const std::string& id,
          const std::string& output) {
  const std::string path = output.empty() ? id + ".edxml" : output;
  const auto size = fetch_to(terminal, client, id, path);
  terminal.end_progress();
  if (!size) return terminal.fail(size.error());
  base::Json json;
  json.add("file", path).add("bytes", static_cast<std::int64_t>(*size));
  const std::string much = base::size_text(*size);
  terminal.answer(
      {"Đã lấy về " + path + " (" + much + "). Xác nhận: truc acknowledge " + id + " done",
       "Fetched to " + path + " (" + much + "). Acknowledge it: truc acknowledge " + id + " done"},
      json);
  return 0;
}

}  // namespace cli
