#include "trust/signing/image.h"

#include <png.h>

#include <algorithm>
#include <cstring>

namespace trust::signing {
namespace {

constexpr std::size_t kBytesMax = 8u << 20;
constexpr std::uint64_t kPixelsMax = 16'000'000;

base::Error unusable(const std::string& why) {
  return {base::Code::invalid, "trust.image_unusable",
          "The image of the signature cannot be used; it must be PNG, best with a transparent "
          "background: " +
              why + ".",
          "Không dùng được ảnh chữ ký; ảnh phải là PNG, nên có nền trong suốt."};
}

std::uint32_t big_endian(base::BytesView bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value = (value << 8) | static_cast<unsigned char>(bytes[at + i]);
  }
  return value;
}

// Pixels per metre, 0 when the image does not say.
double density(base::BytesView png) {
  for (std::size_t at = 8; at + 12 <= png.size();) {
    const std::size_t size = big_endian(png, at);
    const base::BytesView type = png.substr(at + 4, 4);
    if (type == "IDAT" || size > png.size() - at - 12) return 0;
    if (type == "pHYs" && size == 9 && png[at + 16] == 1) return big_endian(png, at + 8);
    at += size + 12;
  }
  return 0;
}

}  // namespace

base::Result<Image> read_png(base::BytesView png) {
  if (png.size() > kBytesMax) return unusable("it is larger than 8 MiB");
  png_image control;
  std::memset(&control, 0, sizeof control);
  control.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&control, png.data(), png.size()) == 0) {
    return unusable(control.message);
  }
  if (std::uint64_t{control.width} * control.height > kPixelsMax) {
    png_image_free(&control);
    return unusable("it has more than 16 million pixels");
  }
  control.format = PNG_FORMAT_RGBA;
  base::Bytes rgba(PNG_IMAGE_SIZE(control), '\0');
  if (png_image_finish_read(&control, nullptr, rgba.data(), 0, nullptr) == 0) {
    return unusable(control.message);
  }
  Image image;
  image.width = static_cast<int>(control.width);
  image.height = static_cast<int>(control.height);
  const std::size_t pixels = rgba.size() / 4;
  image.rgb.reserve(pixels * 3);
  image.alpha.reserve(pixels);
  for (std::size_t i = 0; i < pixels; ++i) {
    image.rgb.append(rgba, i * 4, 3);
    image.alpha += rgba[i * 4 + 3];
  }
  if (std::all_of(image.alpha.begin(), image.alpha.end(), [](char a) { return a == '\xff'; })) {
    image.alpha.clear();
  }
  const double per_metre = std::max(density(png), 0.0);
  const double per_inch = per_metre > 0 ? per_metre * 0.0254 : 300;
  image.natural_width = image.width / per_inch * 72;
  image.natural_height = image.height / per_inch * 72;
  return image;
}

}  // namespace trust::signing
