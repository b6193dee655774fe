// The main() of every unit test program: an event of level error fails the test that caused it,
// unless the test expected it.
#include <gtest/gtest.h>

#include "base/log.h"

// Asked by the leak detector. Fontconfig keeps its character sets behind offsets, where the detector
// does not see that they are still held.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libfontconfig\n"; }

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  base::log::set_level(base::log::Level::error);
  return RUN_ALL_TESTS();
}
