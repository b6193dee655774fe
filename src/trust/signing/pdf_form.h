// The form of a PDF under one update: finding, adding and filling fields, and what earlier
// signatures still allow. Private to signing.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "trust/signing/pdf_file.h"
#include "trust/signing/pdf_sign.h"
#include "trust/signing/pdf_text.h"

namespace trust::signing {

class PdfForm {
 public:
  PdfForm(PdfFile& file, PdfFonts& fonts) : file_(file), fonts_(fonts) {}

  // By its full name; nothing when there is none.
  std::optional<QPDFObjectHandle> find(std::string_view name);
  std::vector<QPDFObjectHandle> widgets(QPDFObjectHandle field);
  // The dictionaries (/V) of all signed signature fields.
  std::vector<QPDFObjectHandle> signatures();

  base::Result<void> add_text_field(const TextField& wish);
  // Nothing as box: invisible.
  base::Result<QPDFObjectHandle> add_signature_field(const std::string& name, int page,
                                                     const std::optional<Box>& box);
  // Invisible, on page 1; earlier signatures always allow it (ISO 32000-2 §12.8.2.2.2).
  base::Result<QPDFObjectHandle> add_timestamp_field(const std::string& name);
  base::Result<void> fill(const Filling& filling);
  // May this field be signed or filled? trust.pdf_locked.
  base::Result<void> check_unlocked(std::string_view field);
  // An entry inherited from parents and the form; null when there is none.
  QPDFObjectHandle inherited(QPDFObjectHandle field, const std::string& key);
  void mark_signed();  // /SigFlags

 private:
  struct Node {
    QPDFObjectHandle object, holder;  // `holder`: the indirect object around it
  };
  Node child(const Node& parent, const std::string& key, QPDFObjectHandle if_missing);
  Node form();
  base::Result<void> check_addable(const std::string& name);
  QPDFObjectHandle make_signature_field(const std::string& name, QPDFObjectHandle page,
                                        const std::optional<Box>& box);
  void attach(QPDFObjectHandle field, QPDFObjectHandle page);
  void need_font(const std::string& name, const std::string& base_font);
  int permission();  // of DocMDP; 3 when nothing is restricted

  PdfFile& file_;
  PdfFonts& fonts_;
};

// How far a widget's content is turned (/MK /R).
int rotation_of(QPDFObjectHandle widget);

}  // namespace trust::signing
