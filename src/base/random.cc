#include "base/random.h"

#include <sys/random.h>

#include <cerrno>
#include <cstring>

#include "base/check.h"

namespace base {

std::uint64_t Random::number() {
  const Bytes raw = bytes(sizeof(std::uint64_t));
  std::uint64_t value = 0;
  std::memcpy(&value, raw.data(), sizeof value);
  return value;
}

Bytes SystemRandom::bytes(std::size_t size) {
  Bytes out(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got = getrandom(out.data() + done, size - done, 0);
    if (got < 0 && errno == EINTR) continue;
    CHECK(got > 0);
    done += static_cast<std::size_t>(got);
  }
  return out;
}

std::uint64_t SeededRandom::next() {
  std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

Bytes SeededRandom::bytes(std::size_t size) {
  Bytes out;
  out.reserve(size);
  while (out.size() < size) {
    const std::uint64_t value = next();
    for (unsigned shift = 0; shift < 64 && out.size() < size; shift += 8) {
      out.push_back(static_cast<char>((value >> shift) & 0xff));
    }
  }
  return out;
}

bool SeededRandom::chance(double probability) {
  return static_cast<double>(next() >> 11) * 0x1.0p-53 < probability;
}

}  // namespace base
