// An edXML document (QCVN 102:2016/BTTTT) as values. docs/formats/edxml.md says what each element
// is.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace edxml {

struct Organisation {
  std::string id;         // OrganId
  std::string in_charge;  // OrganizationInCharge
  std::string name;       // OrganName
  std::string address;    // OrganAdd
  std::string email, telephone, fax, website;
};

// A date as written and as understood (nothing when it could not be read).
struct WrittenDate {
  std::string written;
  std::optional<base::Date> date;
};

// A document that this one answers, revokes or reports on.
struct ResponseFor {
  std::string organisation;  // OrganId
  std::string code;          // "number/notation"
  std::string document_id;
  WrittenDate promulgation;
};

struct Staff {
  std::string department, department_id, staff, staff_id, email, mobile;
};

struct TraceHeader {
  std::optional<std::string> organisation;  // absent for a hop of the axis itself
  std::string timestamp;
};

struct Receiver {
  std::string organisation;
  std::string type;  // ReceiverType 0 stays or is added, 1 is removed
};

struct Replacement {
  std::string document_id;
  std::vector<std::string> organisations;
};

// BussinessDocType (the standard's spelling).
enum class Operation : unsigned char { create = 0, revoke = 1, update = 2, replace = 3 };

struct Business {
  std::string document_id;  // the earlier document an update refers to
  Operation operation = Operation::create;
  std::string operation_written;  // as in the file: may be outside 0..3
  std::string reason;
  std::string paper;
  std::string document_info, document_receiver;  // "0" or "1", type 2 only
  std::vector<Receiver> receivers;
  std::vector<Replacement> replacements;
  std::vector<Staff> staff;
};

struct Reference {
  std::string content_id, content_type, description, name;
};

// An attachment: what the file says, and what its bytes turned out to be.
struct Attachment {
  std::string content_id, name, description, content_type;
  // The base64 text within the file: byte offset of its first character and length, line breaks
  // included. Length 0 when the element was empty.
  std::uint64_t text_offset = 0;
  std::uint64_t text_bytes = 0;
  std::uint64_t decoded_bytes = 0;  // after base64
  std::string first_bytes;          // up to 16 decoded bytes, to tell what it is
  // The layout rule of edxml.md §6: a zip around one entry with the attachment's extension.
  bool zipped = false;
  std::uint64_t content_bytes = 0;  // of what a person gets: the entry's, or decoded_bytes
  // Why it cannot be decoded (answer 21); empty when it can.
  base::Text problem;
};

enum class Kind : unsigned char { document, status };

// One edXML file without the content of its attachments. Text is trimmed; what was absent is empty.
struct Document {
  Kind kind = Kind::document;
  Organisation from;
  std::vector<Organisation> to;  // in file order, duplicates kept
  std::string document_id;
  std::string code_number, code_notation;
  std::string place;
  WrittenDate promulgation;
  bool has_type = false;
  std::string type, type_detail, type_name;
  std::string subject, content;
  std::string signer_competence, signer_position, signer_name;
  WrittenDate due;
  bool has_other_info = false;
  std::string priority;  // as written
  std::string sphere, typer_notation, promulgation_amount, page_amount, reply_fors, direction,
      reference_codes;
  std::vector<std::string> appendixes;
  std::vector<ResponseFor> response_for;
  bool has_steering_type = false;
  std::string steering_type;
  std::vector<std::string> task_codes;
  std::string application_type;
  std::vector<std::string> to_places;
  bool has_trace = false;
  std::vector<TraceHeader> trace;
  std::optional<Business> business;
  bool has_signature = false;  // a Signature or DigitalSignature element
  bool has_manifest = false;
  std::vector<Reference> references;
  bool has_attachments_block = false;
  std::vector<Attachment> attachments;

  // Status messages only (edxml.md §7).
  std::string status_code;  // two digits after reading ("1" → "01")
  std::string status_description;
  std::string status_timestamp;  // as written
  std::optional<base::Time> status_time;
  std::vector<Staff> staff;
  bool status_layout = false;  // used the element name Status instead of MessageHeader

  // "number/notation", or the one of the two that is there.
  std::string code() const;
  // 0 normal, 1 khẩn, 2 thượng khẩn, 3 hỏa tốc, 4 hỏa tốc hẹn giờ; what cannot be read and 5 are 0.
  int urgency() const;
  Operation operation() const { return business ? business->operation : Operation::create; }
  // The state-secret mark found in the metadata ("Mật", "Tối mật", "Tuyệt mật"), or empty. Decision
  // 28/2018 keeps state secrets out of the exchange. Only marks: a field that is the mark, a
  // subject or type that carries it in brackets or as its prefix; never the word inside a sentence
  // ("bảo mật", "bí mật").
  std::string secret_mark() const;
};

}  // namespace edxml
