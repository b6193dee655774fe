#include "search/postings.h"

namespace search {

void put_varint(base::Bytes& to, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) to.push_back(static_cast<char>(number | 0x80));
  to.push_back(static_cast<char>(number));
}

bool get_varint(base::BytesView from, std::size_t& at, std::uint64_t& number) {
  number = 0;
  for (unsigned shift = 0; shift < 63; shift += 7) {
    if (at >= from.size()) return false;
    const auto byte = static_cast<unsigned char>(from[at++]);
    number |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

void List::add(const Posting& posting) {
  put_varint(bytes, posting.document - last);
  bytes.push_back(static_cast<char>(posting.variant));
  bytes.push_back(static_cast<char>(posting.fields));
  last = posting.document;
  ++count;
}

void List::append(const List& more, std::uint32_t shift) {
  std::size_t at = 0;
  std::uint64_t first = 0;
  if (more.count == 0 || !get_varint(more.bytes, at, first)) return;
  put_varint(bytes, first + shift - last);
  bytes.append(more.bytes, at);
  last = more.last + shift;
  count += more.count;
}

std::vector<Page> pages_of(const Lists& lists) {
  std::vector<Page> pages;
  for (const auto& [term, list] : lists) {
    const bool own = list.bytes.size() >= kPageBytes;
    if (pages.empty() || own || pages.back().data.size() >= kPageBytes) pages.push_back({term, {}});
    base::Bytes& data = pages.back().data;
    put_varint(data, term.size());
    data += term;
    for (const std::uint64_t number :
         {std::uint64_t{list.count}, std::uint64_t{list.last}, std::uint64_t{list.bytes.size()}})
      put_varint(data, number);
    data += list.bytes;
  }
  return pages;
}

bool each_list(base::BytesView page,
               const std::function<void(std::string_view, const List&)>& see) {
  for (std::size_t at = 0; at < page.size();) {
    std::uint64_t length = 0, count = 0, last = 0, bytes = 0;
    if (!get_varint(page, at, length) || length > page.size() - at) return false;
    const std::string_view term = page.substr(at, length);
    at += length;
    if (!get_varint(page, at, count) || !get_varint(page, at, last) ||
        !get_varint(page, at, bytes) || bytes > page.size() - at || count > UINT32_MAX ||
        last > UINT32_MAX)
      return false;
    see(term, List{static_cast<std::uint32_t>(count), static_cast<std::uint32_t>(last),
                   base::Bytes(page.substr(at, bytes))});
    at += bytes;
  }
  return true;
}

std::optional<List> list_of(base::BytesView page, std::string_view term) {
  std::optional<List> found = List{};
  for (std::size_t at = 0; at < page.size();) {
    std::uint64_t length = 0, count = 0, last = 0, bytes = 0;
    if (!get_varint(page, at, length) || length > page.size() - at) return std::nullopt;
    const bool same = page.substr(at, length) == term;
    at += length;
    if (!get_varint(page, at, count) || !get_varint(page, at, last) ||
        !get_varint(page, at, bytes) || bytes > page.size() - at || count > UINT32_MAX ||
        last > UINT32_MAX)
      return std::nullopt;
    if (same) {
      return List{static_cast<std::uint32_t>(count), static_cast<std::uint32_t>(last),
                  base::Bytes(page.substr(at, bytes))};
    }
    at += bytes;
  }
  return found;
}

}  // namespace search
