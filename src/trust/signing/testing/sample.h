// For tests: PDFs and images made on the spot, and the programs that judge what became of them.
#pragma once
#include <string>
#include <vector>

#include "base/bytes.h"

namespace trust::signing::testing {

struct PageWish {
  int pages = 2;
  int rotate = 0;
  double left = 0, bottom = 0;  // of the media box
};
// A decision with a hand-written cross-reference table, PDF 1.4.
base::Bytes sample_pdf(const PageWish& wish = {});
// The same content through the program qpdf: "--object-streams=generate", "--linearize", …
base::Bytes through_qpdf(const base::Bytes& pdf, const std::string& options);
// A cross-reference table with a stream for readers of PDF 1.5 beside it (ISO 32000-2 §7.5.8.4).
base::Bytes hybrid_pdf();

base::Bytes hand_signature_png();  // blue strokes on nothing, 300 × 120
base::Bytes seal_png();            // a red ring with a star, 240 × 240

// Standard output and error of a command; `status` when wanted. The file is written where "{}" is.
std::string run_on(const base::Bytes& file, const std::string& command, int* status = nullptr);
// Page `page` as it is printed, at 60 dots an inch: rows of RGB.
struct Picture {
  int width = 0, height = 0;
  base::Bytes rgb;
  struct Pixel {
    int r, g, b;
  };
  Pixel at(int x, int y) const;
  bool red(int x, int y) const;
  bool blue(int x, int y) const;
  bool dark(int x, int y) const;
};
Picture rendered(const base::Bytes& pdf, int page);

}  // namespace trust::signing::testing
