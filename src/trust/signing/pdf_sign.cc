#include "trust/signing/pdf_sign.h"

#include <openssl/evp.h>

#include <cstdio>

#include "base/hash.h"
#include "trust/certificate.h"
#include "trust/signing/image.h"
#include "trust/signing/pdf_file.h"
#include "trust/signing/pdf_form.h"
#include "trust/signing/pdf_gap.h"
#include "trust/signing/pdf_text.h"

namespace trust::signing {
namespace {

constexpr double kTopMargin = 10 * kPointsPerMillimetre;
constexpr double kRightMargin = 15 * kPointsPerMillimetre;

base::Error field_missing(const std::string& name) {
  return {base::Code::not_found, "trust.field_missing",
          "The PDF has no field \"" + name + "\" that is shown on a page.",
          "Tệp PDF không có trường \"" + name + "\" hiển thị trên trang."};
}

// An unsigned signature field of that name, or a new one.
base::Result<QPDFObjectHandle> field_to_sign(PdfFile& file, PdfForm& form, PdfFonts& fonts,
                                             const PdfSignature& wish) {
  if (auto found = form.find(wish.field)) {
    if (!form.inherited(*found, "/FT").isNameAndEquals("/Sig")) {
      return base::Error(base::Code::invalid, "trust.field_bad",
                         "The field \"" + wish.field + "\" takes no signature.",
                         "Trường \"" + wish.field + "\" không phải trường chữ ký.");
    }
    if (!found->getKey("/V").isNull()) {
      return base::Error(base::Code::conflict, "trust.field_signed",
                         "The field \"" + wish.field + "\" is signed already.",
                         "Trường \"" + wish.field + "\" đã được ký.");
    }
    TRY(form.check_unlocked(wish.field));
    return *found;
  }
  std::optional<Box> box = wish.box;
  if (!box && !wish.appearance.lines.empty()) {
    const Box lines = TRY(lines_size(file, fonts, wish.appearance));
    QPDFObjectHandle page = TRY(file.page(wish.page));
    const PageView view = view_of(page);
    box = {view.shown_width() - kRightMargin - lines.width,
           view.shown_height() - kTopMargin - lines.height, lines.width, lines.height};
  } else if (box && !wish.appearance.png.empty() && wish.appearance.lines.empty()) {
    box = TRY(fitted(wish.appearance.png, *box));
  }
  return form.add_signature_field(wish.field, wish.page, box);
}

base::Result<void> show(PdfFile& file, PdfForm& form, PdfFonts& fonts, QPDFObjectHandle field,
                        const Appearance& appearance) {
  if (appearance.png.empty() && appearance.lines.empty()) return base::done();
  for (QPDFObjectHandle widget : form.widgets(field)) {
    QPDFObjectHandle rectangle = widget.getKey("/Rect");
    if (!rectangle.isRectangle()) continue;
    const auto r = rectangle.getArrayAsRectangle();
    const int rotation = rotation_of(widget);
    double width = r.urx - r.llx, height = r.ury - r.lly;
    if (rotation % 180 != 0) std::swap(width, height);
    if (width <= 0 || height <= 0) continue;
    QPDFObjectHandle shape = TRY(appearance_form(file, fonts, appearance, width, height, rotation));
    QPDFObjectHandle entry = QPDFObjectHandle::newDictionary();
    entry.replaceKey("/N", shape);
    widget.replaceKey("/AP", entry);
    file.touch(widget, widget);
  }
  return base::done();
}

std::string optional_text(const char* key, const std::string& text) {
  return text.empty() ? "" : " " + std::string(key) + " " + text_string(text);
}

std::string pdf_time(base::Time at) {
  std::string digits;
  for (const char c : base::vietnam_time_text(at, '-')) {
    if (c >= '0' && c <= '9') digits += c;
  }
  return "(D:" + digits + "+07'00')";
}

base::Result<void> certify(PdfFile& file, PdfForm& form, QPDFObjectHandle value) {
  QPDFObjectHandle root = file.root();
  if (!form.signatures().empty() || root.hasKey("/Perms")) {
    return base::Error(base::Code::conflict, "trust.pdf_locked",
                       "Only the first signature can certify; sign without certifying.",
                       "Chỉ chữ ký đầu tiên được chứng nhận; hãy ký không kèm chứng nhận.");
  }
  QPDFObjectHandle perms = QPDFObjectHandle::newDictionary();
  perms.replaceKey("/DocMDP", value);
  root.replaceKey("/Perms", perms);
  file.touch(root, root);
  return base::done();
}

// Everything of `update` but its signature and the places for later ones.
base::Result<void> apply(PdfForm& form, const PdfUpdate& update) {
  for (const TextField& one : update.text_fields) TRY(form.add_text_field(one));
  for (const Filling& one : update.fillings) TRY(form.fill(one));
  return base::done();
}

// After this update's own signature: what is added later lies on top, as a seal over a hand.
base::Result<void> reserve(PdfForm& form, const PdfUpdate& update) {
  for (const SignatureField& one : update.signature_fields) {
    TRY(form.add_signature_field(one.name, one.page, one.box));
  }
  return base::done();
}

}  // namespace

std::string signing_time_text(base::Time at) {
  std::string text = base::vietnam_time_text(at, '-');
  text[10] = 'T';
  return text + "+07:00";
}

base::Result<Box> natural_size(base::BytesView png) {
  const Image image = TRY(read_png(png));
  return Box{0, 0, image.natural_width, image.natural_height};
}

Box seal_beside(const Box& personal, const Box& seal) {
  return {personal.x + personal.width / 3 - seal.width,
          personal.y + (personal.height - seal.height) / 2, seal.width, seal.height};
}

base::Result<Place> place_of(const Source& document, const std::string& field) {
  const auto file = TRY(PdfFile::open(document));
  return guarded_pdf([&]() -> base::Result<Place> {
    PdfFonts fonts("");
    PdfForm form(*file, fonts);
    auto found = form.find(field);
    if (!found) return field_missing(field);
    for (QPDFObjectHandle widget : form.widgets(*found)) {
      QPDFObjectHandle page = widget.getKey("/P");
      const int number = file->number_of(page);
      if (number == 0) continue;
      return Place{number, view_of(page).shown(widget.getKey("/Rect"))};
    }
    return field_missing(field);
  });
}

base::Result<base::Bytes> update_pdf(const Source& document, const PdfUpdate& update) {
  const auto file = TRY(PdfFile::open(document));
  return guarded_pdf([&]() -> base::Result<base::Bytes> {
    PdfFonts fonts(update.font_directory);
    PdfForm form(*file, fonts);
    TRY(apply(form, update));
    TRY(reserve(form, update));
    TRY(fonts.embed(*file));
    return file->write().bytes;
  });
}

base::Result<PreparedPdf> prepare_pdf(const Source& document, const PdfUpdate& update,
                                      base::Time at, std::size_t cms_bytes, ContentDigest digest) {
  if (!update.signature) {
    return base::Error(base::Code::invalid, "trust.field_bad", "The update has no signature.",
                       "Yêu cầu không có chữ ký.");
  }
  const PdfSignature& wish = *update.signature;
  const auto file = TRY(PdfFile::open(document));
  return guarded_pdf([&]() -> base::Result<PreparedPdf> {
    PdfFonts fonts(update.font_directory);
    PdfForm form(*file, fonts);
    TRY(apply(form, update));
    QPDFObjectHandle field = TRY(field_to_sign(*file, form, fonts, wish));
    TRY(show(*file, form, fonts, field, wish.appearance));
    TRY(reserve(form, update));
    QPDFObjectHandle value = file->allocate();
    std::string entries = "/Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M " +
                          pdf_time(at) + optional_text("/Name", wish.name) +
                          optional_text("/Reason", wish.reason) +
                          optional_text("/Location", wish.location);
    if (wish.certify) {
      TRY(certify(*file, form, value));
      entries +=
          " /Reference [ << /Type /SigRef /TransformMethod /DocMDP /TransformParams "
          "<< /Type /TransformParams /P 2 /V /1.2 >> >> ]";
    }
    field.replaceKey("/V", value);
    file->touch(field, field);
    form.mark_signed();
    TRY(fonts.embed(*file));
    return write_with_gap(*file, document, value, entries, cms_bytes, digest);
  });
}

base::Result<PreparedPdf> write_with_gap(PdfFile& file, const Source& document,
                                         QPDFObjectHandle value, const std::string& entries,
                                         std::size_t cms_bytes, ContentDigest digest) {
  // The two that are filled in come first: texts of the signature cannot be taken for them.
  constexpr std::string_view kRange = "<< /ByteRange [ 0 ";
  const std::string digits(11, ' ');
  const std::string contents = std::string(kRange) + digits + digits + digits + "] /Contents <";
  file.put(value, contents + base::Bytes(cms_bytes * 2, '0') + "> " + entries + " >>");
  const IncrementalUpdate::Written written = file.write();

  PreparedPdf out;
  out.appended = written.bytes;
  const std::size_t body = written.bodies.at(value.getObjectID());
  out.gap_at = body + contents.size();
  out.gap_size = cms_bytes * 2;
  const std::uint64_t first = document.size() + out.gap_at - 1;  // the '<'
  const std::uint64_t second = document.size() + out.gap_at + out.gap_size + 1;
  const std::uint64_t rest = document.size() + out.appended.size() - second;
  char range[64];
  std::snprintf(range, sizeof range, "%-10llu %-10llu %-10llu",
                static_cast<unsigned long long>(first), static_cast<unsigned long long>(second),
                static_cast<unsigned long long>(rest));
  out.appended.replace(body + kRange.size(), std::string_view(range).size(), range);

  const Handle<EVP_MD_CTX> context(EVP_MD_CTX_new());
  const EVP_MD* kind = digest == ContentDigest::sha512 ? EVP_sha512() : EVP_sha256();
  bool fine = EVP_DigestInit_ex(context.get(), kind, nullptr) == 1;
  constexpr std::uint64_t kPieceBytes = 128u << 10;
  base::Bytes piece(static_cast<std::size_t>(std::min(document.size(), kPieceBytes)), '\0');
  for (std::uint64_t at = 0; at < document.size();) {
    const std::size_t n = TRY(document.read_at(at, piece.data(), piece.size()));
    if (n == 0) return pdf_malformed("it ended while it was read");
    fine = fine && EVP_DigestUpdate(context.get(), piece.data(), n) == 1;
    at += n;
  }
  const base::BytesView appended = out.appended;
  const base::BytesView before = appended.substr(0, out.gap_at - 1);
  const base::BytesView after = appended.substr(out.gap_at + out.gap_size + 1);
  fine = fine && EVP_DigestUpdate(context.get(), before.data(), before.size()) == 1 &&
         EVP_DigestUpdate(context.get(), after.data(), after.size()) == 1;
  out.digest.resize(static_cast<std::size_t>(EVP_MD_get_size(kind)));
  fine = fine && EVP_DigestFinal_ex(context.get(), unsigned_of(out.digest), nullptr) == 1;
  if (!fine) return pdf_malformed("its digest cannot be computed");
  return out;
}

base::Result<base::Bytes> complete_pdf(PreparedPdf prepared, base::BytesView cms) {
  const std::string digits = base::hex(cms);
  if (digits.size() > prepared.gap_size) {
    return base::Error(
        base::Code::too_large, "trust.signature_too_large",
        "The signature needs " + std::to_string(cms.size()) +
            " bytes, more than were left free for it.",
        "Chữ ký dài " + std::to_string(cms.size()) + " byte, vượt quá chỗ đã dành sẵn.");
  }
  prepared.appended.replace(prepared.gap_at, digits.size(), digits);
  return std::move(prepared.appended);
}

}  // namespace trust::signing
