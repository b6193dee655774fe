// Signing PDFs (PAdES baseline, ETSI EN 319 142-1) by incremental updates: what is there stays byte
// for byte, every function returns only the bytes to append. So the leader's signature stays valid
// when the clerk afterwards fills in number and date and adds the organisation's seal (Decree
// 30/2020/NĐ-CP art. 13 to 17, App. I).
//
// The order of a document: the leader's update reserves text fields for number and date and a
// signature field for the organisation, and signs; the clerk's fills the text fields and signs in
// the reserved field.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "trust/judge.h"
#include "trust/key.h"
#include "trust/revocation.h"
#include "trust/signing/cms_sign.h"
#include "trust/timestamp.h"

namespace trust::signing {

inline constexpr double kPointsPerMillimetre = 72.0 / 25.4;

// Points, from the lower left corner of the page as it is shown (crop box and rotation applied).
struct Box {
  double x = 0, y = 0, width = 0, height = 0;
};

enum class Align : unsigned char { left, centre, right };

// A place for text that is filled later. Names: without '.', unused in the document.
struct TextField {
  std::string name;
  int page = 1;  // -1: the last one; so everywhere
  Box box;
  double size = 13;
  Align align = Align::left;
  bool italic = false;
};
struct SignatureField {
  std::string name;
  int page = 1;
  Box box;
};
struct Filling {
  std::string field, text;
};

// The image is fitted into the box, centred, its proportions kept; lines are black and upright,
// from the top left. Without both, nothing is shown.
struct Appearance {
  base::Bytes png = {};
  std::vector<std::string> lines = {};
  double size = 10;
};

struct PdfSignature {
  std::string field = "Signature1";  // an unsigned one of that name is used, else it is made:
  int page = 1;
  // Nothing: invisible, or with lines at the top right of the page (Decree 30/2020 App. I: separate
  // attachments and copies). A new field becomes as large as the fitted image.
  std::optional<Box> box = {};
  Appearance appearance = {};
  std::string name = {}, reason = {}, location = {};
  // Certifies: afterwards only fields that are there may be filled and signed (DocMDP, P=2). Only
  // the first signature can.
  bool certify = false;
};

// One update. Applied in this order; what comes later lies on top.
struct PdfUpdate {
  std::vector<TextField> text_fields = {};
  std::vector<Filling> fillings = {};
  std::optional<PdfSignature> signature = {};
  std::vector<SignatureField> signature_fields = {};  // for those who sign later
  std::string font_directory = {};                    // empty: where Debian has Liberation Serif
};

// "2026-11-22T09:30:00+07:00", as App. I wants it in the text form.
std::string signing_time_text(base::Time at);

// Where a field is shown. trust.field_missing.
struct Place {
  int page = 1;
  Box box;
};
base::Result<Place> place_of(const Source& document, const std::string& field);
// Of a PNG as large as it says it is, in points; at 0, 0. trust.image_unusable.
base::Result<Box> natural_size(base::BytesView png);
// A seal of that size that covers a third of the personal signature's image, from its left.
Box seal_beside(const Box& personal, const Box& seal);

// An update without a signature (or with one to be completed: prepare_pdf). Errors of all these:
// trust.pdf_malformed, trust.pdf_encrypted, trust.pdf_locked (an earlier signature allows no such
// change), trust.page_missing, trust.field_missing, trust.field_exists, trust.field_filled (number
// and date are given once), trust.field_signed, trust.field_bad, trust.text_unwritable,
// trust.image_unusable, trust.font_missing.
base::Result<base::Bytes> update_pdf(const Source& document, const PdfUpdate& update);

// Made ready for a signature: `digest` is that of everything but the gap in `appended`.
struct PreparedPdf {
  base::Bytes appended;
  std::size_t gap_at = 0;    // of the hexadecimal digits
  std::size_t gap_size = 0;  // how many digits
  base::Bytes digest;
};
// `update.signature` must be there; `at` is what the signature dictionary says. At most `cms_bytes`
// will fit in.
base::Result<PreparedPdf> prepare_pdf(const Source& document, const PdfUpdate& update,
                                      base::Time at, std::size_t cms_bytes, ContentDigest digest);
// The bytes to append. trust.signature_too_large.
base::Result<base::Bytes> complete_pdf(PreparedPdf prepared, base::BytesView cms);

// EN 319 142-1 §6: signature; with a timestamp; with certificates and revocation; with a document
// timestamp over all.
enum class PdfLevel : unsigned char { b, t, lt, lta };

struct PdfSigning {
  PdfLevel level = PdfLevel::b;
  TimestampClient* timestamps = nullptr;   // from B-T on
  RevocationSource* revocation = nullptr;  // from B-LT on
  // DER: authorities that neither the key nor the timestamps bring, up to the roots.
  std::vector<base::Bytes> certificates = {};
  int budget_ms = 15000;  // of a document, for what comes from outside
};

struct PdfJob {
  const Source& document;
  PdfUpdate update;
};

struct SignedPdf {
  base::Bytes appended;
  PdfLevel level = PdfLevel::b;
  // Why the level is below the one wished. The signature is made and good; raise_pdf can go on
  // later.
  std::optional<base::Error> shortfall;
};

// All documents under one authorisation of the key: SigningKey::sign is called once. A document
// that cannot be signed has an error in its place; an error of the key is everybody's.
base::Result<std::vector<base::Result<SignedPdf>>> sign_pdfs(SigningKey& key,
                                                             const std::vector<PdfJob>& jobs,
                                                             const PdfSigning& how,
                                                             const base::Clock& clock);
base::Result<SignedPdf> sign_pdf(SigningKey& key, const Source& document, const PdfUpdate& update,
                                 const PdfSigning& how, const base::Clock& clock);

// Adds to a signed PDF what its signatures need to be judged later (DSS), and for B-LTA a document
// timestamp. Errors besides those above: trust.pdf_unsigned, trust.timestamp_unavailable,
// trust.revocation_unavailable, trust.chain_incomplete.
base::Result<base::Bytes> raise_pdf(const Source& document, const PdfSigning& how,
                                    const base::Clock& clock);

}  // namespace trust::signing
