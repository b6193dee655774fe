// The header of an edXML document as JSON, for people and programs; `truc edxml unpack` writes it
// and `pack` reads it.
#pragma once
#include "base/json.h"
#include "edxml/document.h"

namespace cli {

base::Json to_json(const edxml::Document& document);
// cli.bad_document_json names the member that is wrong.
base::Result<edxml::Document> document_from_json(const base::Json& json);

}  // namespace cli
