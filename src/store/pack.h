// The bytes of a pack, as docs/formats/blobs.md describes them. No I/O.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace store {

inline constexpr std::size_t kPackHeaderBytes = 16;
inline constexpr std::size_t kRecordHeaderBytes = 16;
inline constexpr std::size_t kPackedBlobMax = 64 * 1024;

base::Bytes pack_header();
bool is_pack_header(base::BytesView bytes);
// Header and bytes of one record; at most kPackedBlobMax bytes.
base::Bytes pack_record(base::BytesView bytes);
// The length of the blob whose header `bytes` begins with; nothing when it is not a header.
std::optional<std::uint32_t> record_length(base::BytesView bytes);
// What is wrong with a whole record that should hold `length` bytes; empty when nothing is.
std::string_view record_fault(base::BytesView record, std::uint64_t length);

// A name of a blob, taken apart.
struct PackedRef {
  std::uint64_t pack = 0;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};
struct FileRef {
  std::string path;  // below the blob directory; the same text as the reference
  std::uint64_t session = 0;
  std::uint64_t length = 0;
};
std::string to_text(const PackedRef& ref);
std::optional<PackedRef> parse_packed_ref(std::string_view text);
std::optional<FileRef> parse_file_ref(std::string_view text);

std::string hex16(std::uint64_t number);
std::optional<std::uint64_t> parse_hex16(std::string_view text);
// "pack/0000000000000003.pack"
std::string pack_path(std::uint64_t number);
// The number of a file name in pack/; nothing for a name that is not a pack's.
std::optional<std::uint64_t> parse_pack_name(std::string_view name);

}  // namespace store
