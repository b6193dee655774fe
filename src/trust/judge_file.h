// Judges a file by what it is, whatever its name says: PDF, ASiC container, XML, CMS.
#pragma once
#include <string_view>

#include "trust/judge.h"

namespace trust {

// What a file's own bytes say that it is.
enum class FileKind : unsigned char { other, pdf, asic, xml, cms };
// `first` are its first bytes, 1,024 if it has as many.
FileKind kind_of(base::BytesView first);

// The report has no signatures where the kind carries none, and is never an error: what could not
// be read is a remark or an undetermined signature. `name` is for people.
// `content` is what a CMS signature or an RFC 3161 timestamp in a file of its own covers; other
// kinds do not look at it.
DocumentReport judge_file(const Source& file, std::string_view name, const Context& context,
                          const Source* content = nullptr);

}  // namespace trust
