#include "trust/signing/testing/sample.h"

#include <png.h>
#include <sys/wait.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/check.h"
#include "base/file.h"
#include "base/testing/temp_directory.h"

namespace trust::signing::testing {
namespace {

struct Writer {
  base::Bytes out = "%PDF-1.4\n%\xe2\xe3\xcf\xd3\n";
  std::vector<std::size_t> offsets;
  void object(const std::string& body) {
    offsets.push_back(out.size());
    out += std::to_string(offsets.size()) + " 0 obj\n" + body + "\nendobj\n";
  }
};

std::string page_content(int page) {
  std::string text = "BT /F1 13 Tf 60 780 Td (UBND TINH A - page " + std::to_string(page) +
                     ") Tj ET\nBT /F1 13 Tf 60 740 Td (So:) Tj ET\n";
  if (page == 2) text += "BT /F1 13 Tf 330 300 Td (CHU TICH) Tj ET\n";
  return text;
}

std::string stream(const std::string& data) {
  return "<< /Length " + std::to_string(data.size()) + " >>\nstream\n" + data + "endstream";
}

base::Bytes encode(int width, int height, const base::Bytes& rgba) {
  png_image control;
  std::memset(&control, 0, sizeof control);
  control.version = PNG_IMAGE_VERSION;
  control.width = static_cast<png_uint_32>(width);
  control.height = static_cast<png_uint_32>(height);
  control.format = PNG_FORMAT_RGBA;
  png_alloc_size_t size = 0;
  CHECK(png_image_write_to_memory(&control, nullptr, &size, 0, rgba.data(), 0, nullptr) != 0);
  base::Bytes out(size, '\0');
  CHECK(png_image_write_to_memory(&control, out.data(), &size, 0, rgba.data(), 0, nullptr) != 0);
  out.resize(size);
  return out;
}

// `inside` says which pixels have the colour.
template <class F>
base::Bytes drawn(int width, int height, const char (&colour)[5], F&& inside) {
  base::Bytes rgba;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      rgba += inside(x, y) ? base::Bytes(colour, 4) : base::Bytes(4, '\0');
    }
  }
  return encode(width, height, rgba);
}

}  // namespace

base::Bytes sample_pdf(const PageWish& wish) {
  Writer w;
  w.object("<< /Type /Catalog /Pages 2 0 R >>");
  std::string kids;
  for (int i = 0; i < wish.pages; ++i) kids += std::to_string(4 + i * 2) + " 0 R ";
  char box[96];
  std::snprintf(box, sizeof box, "[ %g %g %g %g ]", wish.left, wish.bottom, wish.left + 595,
                wish.bottom + 842);
  w.object("<< /Type /Pages /Kids [ " + kids + "] /Count " + std::to_string(wish.pages) +
           " /MediaBox " + box + " /Rotate " + std::to_string(wish.rotate) + " >>");
  w.object("<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>");
  for (int i = 0; i < wish.pages; ++i) {
    w.object("<< /Type /Page /Parent 2 0 R /Resources << /Font << /F1 3 0 R >> >> /Contents " +
             std::to_string(5 + i * 2) + " 0 R >>");
    w.object(stream(page_content(i + 1)));
  }
  const std::size_t xref = w.out.size();
  w.out += "xref\n0 " + std::to_string(w.offsets.size() + 1) + "\n0000000000 65535 f \n";
  for (const std::size_t offset : w.offsets) {
    char line[32];
    std::snprintf(line, sizeof line, "%010zu 00000 n \n", offset);
    w.out += line;
  }
  w.out += "trailer\n<< /Size " + std::to_string(w.offsets.size() + 1) +
           " /Root 1 0 R /ID [ <00112233445566778899aabbccddeeff> "
           "<00112233445566778899aabbccddeeff> ] >>\nstartxref\n" +
           std::to_string(xref) + "\n%%EOF";  // no line end: the update must begin with one
  return w.out;
}

base::Bytes hybrid_pdf() {
  // Object 4, the page's content, is only in the stream's section.
  Writer w;
  w.object("<< /Type /Catalog /Pages 2 0 R >>");
  w.object("<< /Type /Pages /Kids [ 3 0 R ] /Count 1 /MediaBox [ 0 0 595 842 ] >>");
  w.object("<< /Type /Page /Parent 2 0 R /Resources << >> /Contents 4 0 R >>");
  w.object(stream("0 0 1 rg 100 100 50 50 re f\n"));
  const std::size_t stream_xref = w.out.size();
  base::Bytes rows;
  const auto row = [&](std::size_t offset) {
    rows += '\1';
    for (int shift = 24; shift >= 0; shift -= 8)
      rows += static_cast<char>((offset >> shift) & 0xff);
    rows += '\0';
  };
  row(w.offsets[3]);
  w.object("<< /Type /XRef /Size 6 /W [ 1 4 1 ] /Index [ 4 1 ] /Length " +
           std::to_string(rows.size()) + " >>\nstream\n" + rows + "\nendstream");
  const std::size_t xref = w.out.size();
  w.out += "xref\n0 4\n0000000000 65535 f \n";
  for (int i = 0; i < 3; ++i) {
    char line[32];
    std::snprintf(line, sizeof line, "%010zu 00000 n \n", w.offsets[static_cast<std::size_t>(i)]);
    w.out += line;
  }
  w.out += "trailer\n<< /Size 6 /Root 1 0 R /XRefStm " + std::to_string(stream_xref) +
           " >>\nstartxref\n" + std::to_string(xref) + "\n%%EOF\n";
  return w.out;
}

base::Bytes through_qpdf(const base::Bytes& pdf, const std::string& options) {
  const base::testing::TempDirectory directory;
  CHECK(base::write_file_durably(base::real_files(), directory / "in.pdf", pdf).ok());
  const std::string command = "qpdf --warning-exit-0 " + options + " '" + directory / "in.pdf" +
                              "' '" + directory / "out.pdf" + "'";
  CHECK(std::system(command.c_str()) == 0);
  return base::read_file(base::real_files(), directory / "out.pdf", 64u << 20).value();
}

base::Bytes hand_signature_png() {
  return drawn(300, 120, {0, 0, '\xb4', '\xff', 0}, [](int x, int y) {
    const double wave = 60 + 45 * std::sin(x / 18.0) * std::cos(x / 70.0);
    return x >= 4 && x < 296 && std::abs(y - wave) < 4;
  });
}

base::Bytes seal_png() {
  return drawn(240, 240, {'\xdc', 0, 0, '\xe6', 0}, [](int x, int y) {
    const double dx = x - 119.5, dy = y - 119.5, r = std::sqrt(dx * dx + dy * dy);
    const double beam = 45 + 25 * std::cos(5 * std::atan2(dx, -dy));
    return (r > 104 && r < 116) || r < beam;
  });
}

std::string run_on(const base::Bytes& file, const std::string& command, int* status) {
  const base::testing::TempDirectory directory;
  CHECK(base::write_file_durably(base::real_files(), directory / "it.pdf", file).ok());
  std::string line = command;
  for (std::size_t at = 0; (at = line.find("{}")) != std::string::npos;) {
    line.replace(at, 2, directory / "it.pdf");
  }
  FILE* pipe = ::popen(("cd '" + directory.path() + "' && " + line + " 2>&1").c_str(), "r");
  CHECK(pipe != nullptr);
  std::string out;
  char buffer[4096];
  for (std::size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
    out.append(buffer, n);
  }
  const int ended = ::pclose(pipe);
  if (status != nullptr) *status = WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
  return out;
}

Picture rendered(const base::Bytes& pdf, int page) {
  const std::string number = std::to_string(page);
  const std::string ppm = run_on(
      pdf, "pdftoppm -r 60 -f " + number + " -l " + number + " -singlefile {} out && cat out.ppm");
  Picture picture;
  int used = 0;
  CHECK(std::sscanf(ppm.c_str(), "P6 %d %d 255%n", &picture.width, &picture.height, &used) == 2);
  picture.rgb = ppm.substr(static_cast<std::size_t>(used) + 1);
  return picture;
}

Picture::Pixel Picture::at(int x, int y) const {
  CHECK(x >= 0 && y >= 0 && x < width && y < height);
  const auto from = static_cast<std::size_t>(y * width + x) * 3;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(rgb[from + i]); };
  return {byte(0), byte(1), byte(2)};
}
bool Picture::red(int x, int y) const {
  const Pixel p = at(x, y);
  return p.r > p.b + 60 && p.r > p.g + 60;
}
bool Picture::blue(int x, int y) const {
  const Pixel p = at(x, y);
  return p.b > p.r + 60 && p.b > p.g + 60;
}
bool Picture::dark(int x, int y) const {
  const Pixel p = at(x, y);
  return p.r < 110 && p.g < 110 && p.b < 110;
}

}  // namespace trust::signing::testing
