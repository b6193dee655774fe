// Small text functions that every module could need.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace base {

std::string_view trim(std::string_view text);  // ASCII white space at both ends
std::vector<std::string_view> split(std::string_view text, char separator);
std::string lower_ascii(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);  // ASCII
bool is_utf8(std::string_view bytes);
std::optional<std::int64_t> parse_int(std::string_view text);  // the whole text, decimal
std::string join(const std::vector<std::string>& parts, std::string_view separator);
// "12.3 MiB"
std::string size_text(std::uint64_t bytes);
// Vietnamese without marks, for channels that take ASCII only: "Thành công" → "Thanh cong".
// Characters outside Latin become '?'.
std::string without_marks(std::string_view utf8);
// At most `bytes_max` bytes, never cutting a UTF-8 character.
std::string_view cut_utf8(std::string_view text, std::size_t bytes_max);

}  // namespace base
