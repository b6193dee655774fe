// Names and files of DIR (docs/formats/agent-directory.md).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/json.h"
#include "base/result.h"

namespace agent {

// Where everything in DIR is.
struct Folder {
  explicit Folder(std::string directory) : root(std::move(directory)) {}
  std::string root;
  std::string outbox() const { return root + "/outbox"; }
  std::string taken() const { return root + "/outbox/.taken"; }
  std::string sent() const { return root + "/sent"; }
  std::string failed() const { return root + "/failed"; }
  std::string inbox() const { return root + "/inbox"; }
  std::string partial() const { return root + "/inbox/.partial"; }
  std::string following() const { return root + "/.state/sent"; }
  std::string received() const { return root + "/.state/received"; }
  std::string lock() const { return root + "/.state/lock"; }
};

// All folders of DIR; durable. Fine if they are there.
base::Result<void> make_folders(base::FileSystem& files, const std::string& directory);

// A file as it lies there; nothing is followed or opened.
struct Seen {
  std::string name;
  std::uint64_t size = 0;
  std::int64_t changed = 0;  // the later of mtime and ctime, nanoseconds since 1970
  bool regular = false;
};
// What is in a folder, without names that begin with a dot, sorted.
base::Result<std::vector<Seen>> look(base::FileSystem& files, const std::string& path);

// A name that stays in its folder and that every system can show, whatever a stranger wrote: no
// control characters, nothing of / \ : * ? " < > |, no dot in front, at most `bytes_max` bytes of
// UTF-8. Empty becomes `otherwise`. A name that is cut keeps what follows its last dot.
std::string plain_name(std::string_view name, std::size_t bytes_max, std::string_view otherwise);
// As plain_name for what stands before the ending; where it had to be changed, 8 digits of the
// name's SHA-256 follow, so that different names stay different.
std::string plain_stem(std::string_view stem);
// Whether an id of the server may become a name here: 1 to 64 of a-z A-Z 0-9 and '-'.
bool is_id(std::string_view id);

// A byte order mark in front, as editors on Windows write, is passed over.
base::Result<base::Json> read_json(base::FileSystem& files, const std::string& path);
// `json` with this member instead of the one it has, or with one more.
base::Json with(const base::Json& json, const std::string& name, const base::Json& value);
// Pretty, durable.
base::Result<void> write_json(base::FileSystem& files, const std::string& path,
                              const base::Json& json);
// Fine if it is not there.
base::Result<void> remove_if_there(base::FileSystem& files, const std::string& path);
// With everything in it.
base::Result<void> remove_tree(base::FileSystem& files, const std::string& path);
// The reason, both languages.
base::Json error_json(const base::Error& error);

}  // namespace agent
