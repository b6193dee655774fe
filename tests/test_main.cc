// The main() of every unit test program: an event of level error fails the test that caused it,
// unless the test expected it.
#include <gtest/gtest.h>

#include "base/log.h"

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  base::log::set_level(base::log::Level::error);
  return RUN_ALL_TESTS();
}
