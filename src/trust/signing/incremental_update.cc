#include "trust/signing/incremental_update.h"

#include <algorithm>
#include <cstdio>
#include <vector>

namespace trust::signing {
namespace {

struct Entry {
  int number;
  int generation;
  std::uint64_t offset;
};

// Runs of consecutive numbers: (first, how many).
std::vector<std::pair<int, int>> runs(const std::vector<Entry>& entries) {
  std::vector<std::pair<int, int>> out;
  for (const Entry& e : entries) {
    if (!out.empty() && out.back().first + out.back().second == e.number) {
      ++out.back().second;
    } else {
      out.emplace_back(e.number, 1);
    }
  }
  return out;
}

base::Bytes table(const std::vector<Entry>& entries) {
  base::Bytes out = "xref\n";
  std::size_t at = 0;
  for (const auto& [first, count] : runs(entries)) {
    out += std::to_string(first) + " " + std::to_string(count) + "\n";
    for (int i = 0; i < count; ++i, ++at) {
      char line[32];
      std::snprintf(line, sizeof line, "%010llu %05d n \n",
                    static_cast<unsigned long long>(entries[at].offset), entries[at].generation);
      out += line;
    }
  }
  return out;
}

void append_big_endian(base::Bytes& out, std::uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
    out += static_cast<char>((value >> shift) & 0xff);
  }
}

}  // namespace

void IncrementalUpdate::put(int number, int generation, base::Bytes body) {
  objects_[number] = {generation, std::move(body)};
}

base::Bytes IncrementalUpdate::stream(const std::string& entries, base::BytesView data) {
  base::Bytes out = "<< " + entries + " /Length " + std::to_string(data.size()) + " >>\nstream\n";
  return out.append(data).append("\nendstream");
}

IncrementalUpdate::Written IncrementalUpdate::write() const {
  Written out;
  out.bytes = "\n";  // the file may end without a line end
  std::vector<Entry> entries;
  int size = tail_.next_number;
  for (const auto& [number, object] : objects_) {
    entries.push_back({number, object.generation, tail_.size + out.bytes.size()});
    out.bytes += std::to_string(number) + " " + std::to_string(object.generation) + " obj\n";
    out.bodies[number] = out.bytes.size();
    out.bytes += object.body;
    out.bytes += "\nendobj\n";
    size = std::max(size, number + 1);
  }
  const std::uint64_t xref = tail_.size + out.bytes.size();
  const auto common = [&](int with_size) {
    return tail_.trailer + " /Size " + std::to_string(with_size) + " /Prev " +
           std::to_string(tail_.xref);
  };
  if (tail_.stream) {
    entries.push_back({size, 0, xref});
    base::Bytes rows;
    for (const Entry& e : entries) {
      append_big_endian(rows, 1, 1);
      append_big_endian(rows, e.offset, 5);
      append_big_endian(rows, static_cast<std::uint64_t>(e.generation), 2);
    }
    std::string index;
    for (const auto& [first, count] : runs(entries)) {
      index += std::to_string(first) + " " + std::to_string(count) + " ";
    }
    out.bytes +=
        std::to_string(size) + " 0 obj\n" +
        stream("/Type /XRef /W [1 5 2] /Index [ " + index + "] " + common(size + 1), rows) +
        "\nendobj\n";
  } else {
    out.bytes += table(entries) + "trailer\n<< " + common(size) + " >>\n";
  }
  out.bytes += "startxref\n" + std::to_string(xref) + "\n%%EOF\n";
  return out;
}

}  // namespace trust::signing
