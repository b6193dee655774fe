// What scan.cc and dom.cc share: texts of errors, and starting libxml2 and xmlsec once.
#pragma once
#include "base/result.h"

namespace trust::xml {

// Libraries ready, their messages off standard error, their doors to files and network shut.
// Any thread, as often as wanted.
void start_libraries();

base::Error malformed(int line);
base::Error not_utf8();
base::Error has_doctype();
base::Error too_complex();
base::Error out_of_time();

}  // namespace trust::xml
