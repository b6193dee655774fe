// The header of an edXML document as JSON, for people and programs: what `truc edxml unpack`
// writes, `pack` reads, and documents are made from (exchange/assembly.h).
#pragma once
#include "base/json.h"
#include "edxml/document.h"

namespace edxml {

base::Json to_json(const Document& document);
// Members that are absent stay empty; an unknown one, or one of the wrong type, is edxml.bad_member
// (invalid), which names it. The member attachments is left to the caller.
base::Result<Document> document_from_json(const base::Json& json);

}  // namespace edxml
