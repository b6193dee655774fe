// The bytes that change a PDF without touching what is there (ISO 32000-2 §7.5.6): new versions of
// some objects, a cross-reference section of the kind that the file has, a trailer.
#pragma once
#include <cstdint>
#include <map>
#include <string>

#include "base/bytes.h"

namespace trust::signing {

class IncrementalUpdate {
 public:
  // What the file ends with.
  struct Tail {
    std::uint64_t size = 0;  // of the file
    std::uint64_t xref = 0;  // where its last cross-reference section begins
    bool stream = false;     // and whether that is a stream
    int next_number = 1;     // of a new object; at least /Size
    std::string trailer;     // entries to carry over: "/Root 1 0 R /ID [...]", without /Size, /Prev
  };
  explicit IncrementalUpdate(Tail tail) : tail_(std::move(tail)) {}

  // What stands between "obj" and "endobj"; a later call for the same number replaces it.
  void put(int number, int generation, base::Bytes body);
  bool empty() const { return objects_.empty(); }

  struct Written {
    base::Bytes bytes;                  // to follow the file's own
    std::map<int, std::size_t> bodies;  // number → where its body begins in `bytes`
  };
  Written write() const;

  // A stream object's body. `entries` without /Length.
  static base::Bytes stream(const std::string& entries, base::BytesView data);

 private:
  struct Object {
    int generation = 0;
    base::Bytes body;
  };
  Tail tail_;
  std::map<int, Object> objects_;
};

}  // namespace trust::signing
