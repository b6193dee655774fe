// Images of hand signatures and seals: PNG with transparency.
#pragma once
#include "base/bytes.h"
#include "base/result.h"

namespace trust::signing {

struct Image {
  int width = 0, height = 0;  // pixels
  base::Bytes rgb;            // 3 bytes a pixel, top row first
  base::Bytes alpha;          // 1 byte a pixel; empty when everything is opaque
  // As large as it says it is (pHYs), else at 300 dots an inch; points.
  double natural_width = 0, natural_height = 0;
};

// trust.image_unusable: not PNG, more than 8 MiB or 16 million pixels.
base::Result<Image> read_png(base::BytesView png);

}  // namespace trust::signing
