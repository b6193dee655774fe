// What agencies hand in: real edXML files, good and bad.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "base/time.h"
#include "edxml/document.h"
#include "exchange/identifiers.h"

namespace simulation {

enum class Flaw : unsigned char { none, malformed, secret };

// One file as its sender knows it; handed in again, byte for byte, until there is an answer.
struct Letter {
  int number = 0;
  exchange::SystemKey system = 0;
  std::string from;  // code of the organisation
  edxml::Kind kind = edxml::Kind::document;
  Flaw flaw = Flaw::none;
  // As written: addressees of a document, or the one party that a status message names.
  std::vector<std::string> to;
  std::vector<std::string> header_to;  // receivers named in the request
  std::string document_id;             // of the document, or of the one that is reported on
  std::string code, date;              // of the same, for those who go by code and date
  bool by_code = false;                // leaves out the document id
  int urgency = 0;
  std::string revokes;  // id of an earlier document
  std::size_t attachment_bytes = 0;
  std::string status_code;
  base::Time stated_at;
  base::Bytes bytes, hash;

  // What its sender has been told.
  bool answered = false, refused = false;
  std::string id;
};

// Fills `bytes` and `hash` from the rest.
void write_letter(Letter& letter, base::SeededRandom& random);

}  // namespace simulation
