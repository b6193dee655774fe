// Files that tests of edXML are made of.
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "edxml/base64.h"
#include "edxml/document.h"

namespace edxml::testing {

std::string file_bytes(const std::string& path);
// A file of src/edxml/testdata.
std::string sample(const std::string& name);
// A document whose MessageHeader holds `header`.
std::string file_with(std::string_view header);
// A document with one attachment.
std::string with_attachment(const std::string& name, const std::string& type,
                            const std::string& text);
// An archive with one entry, as bytes and as base64.
std::string zip_bytes(const std::string& entry, const std::string& content);
std::string zip_text(const std::string& entry, const std::string& content);
// An archive with two stored entries without content.
std::string two_entries(const std::string& first, const std::string& second);
// What extract() gives, from a file in memory.
base::Result<std::string> extract_from(const Attachment& attachment, const std::string& file,
                                       std::uint64_t content_bytes_max);
std::string extracted(const Attachment& attachment, const std::string& file);
// Everything that a document says, to compare two.
std::string text_of(const Document& document);

}  // namespace edxml::testing
