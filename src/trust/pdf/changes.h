// What became of a PDF from one revision to a later one, as a reader would see it, and whether a
// signature lets that pass.
//
// A change is permitted only when it is explained: as validation data, a document timestamp, a
// signature, a filled field, an annotation or metadata. Whatever overrides an object of the earlier
// revision without such an explanation is not, so nothing that was signed can be replaced, covered
// or brought to light (ISO 32000-1 §12.8.2.2; shadow attacks).
#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "trust/pdf/revision.h"
#include "trust/pdf/signature.h"

namespace trust::pdf {

struct Change {
  Level level = Level::anything;  // what a signature has to permit for it
  bool seen = true;               // a reader can see (or be harmed by) it; false: nobody knows
  base::Text text;                // "a signature was added in the field “X”"
  std::string field = {};         // that it fills
};

struct Changes {
  std::vector<Change> list;
  Survey survey;  // of the later revision
};

// `before` is a prefix of `after`. Errors as File::load: then nothing may be called permitted.
base::Result<Changes> changes_between(const File& before, const File& after);

}  // namespace trust::pdf
