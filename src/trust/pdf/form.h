// The fields of a PDF's interactive form (ISO 32000-1 §12.7) and its pages (§7.7.3), as lists.
#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "trust/pdf/file.h"

namespace trust::pdf {

struct Field {
  std::string name;                          // fully qualified: "part.name"
  std::string type;                          // "Sig", "Tx", "Btn", "Ch"; inherited
  std::uint32_t number = 0, generation = 0;  // of its object
  bool filled = false;                       // it has a value
  std::uint32_t value = 0;             // the object of its value; 0: the value stands in the field
  std::vector<std::uint32_t> widgets;  // kids that are no fields themselves
  bool terminal = true;
};

// The document's catalog. trust.pdf_malformed and the errors of File::load.
base::Result<Dict> catalog(const File& file);
// Every field, parents before their kids. Fields are indirect objects, and none may be reached
// twice.
base::Result<std::vector<Field>> fields_of(const File& file);

struct PageTree {
  std::vector<std::uint32_t> pages;  // their object numbers, in order
  std::vector<std::uint32_t> nodes;
};
base::Result<PageTree> pages_of(const File& file);

}  // namespace trust::pdf
