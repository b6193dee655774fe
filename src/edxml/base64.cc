#include "edxml/base64.h"

#include <array>
#include <atomic>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace edxml {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint32_t kBad = 0x80000000u;

constexpr unsigned index_of(char c) { return static_cast<unsigned char>(c); }

// The four digits of a quad, each already shifted to its place; kBad for what is no digit.
struct Tables {
  std::array<std::array<std::uint32_t, 256>, 4> digit{};
  constexpr Tables() {
    for (auto& table : digit) table.fill(kBad);
    for (std::uint32_t value = 0; value < 64; ++value) {
      for (unsigned place = 0; place < 4; ++place) {
        digit[place][index_of(kAlphabet[value])] = value << (18 - 6 * place);
      }
    }
  }
};
constexpr Tables kTables;

constexpr bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

void put_three(char* out, std::uint32_t value) {
  out[0] = static_cast<char>(value >> 16);
  out[1] = static_cast<char>(value >> 8 & 0xff);
  out[2] = static_cast<char>(value & 0xff);
}

// Whole quads from the start of [p, end) while they hold nothing but digits; returns where it
// ended.
template <bool kWrite>
const char* portable_quads(const char* p, const char* end, char*& out) {
  while (end - p >= 4) {
    const std::uint32_t value = kTables.digit[0][index_of(p[0])] |
                                kTables.digit[1][index_of(p[1])] |
                                kTables.digit[2][index_of(p[2])] | kTables.digit[3][index_of(p[3])];
    if (value & kBad) break;
    if constexpr (kWrite) {
      put_three(out, value);
      out += 3;
    }
    p += 4;
  }
  return p;
}

#if defined(__x86_64__)
// 32 digits at a time. Two look-ups by nibble classify every byte (their AND is zero for digits
// only), a third gives the distance from character to value; then digits are merged in pairs.
template <bool kWrite>
__attribute__((target("avx2"))) const char* avx2_quads(const char* p, const char* end, char*& out) {
  const __m256i low_class =
      _mm256_setr_epi8(0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13, 0x1A, 0x1B,
                       0x1B, 0x1B, 0x1A, 0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,
                       0x13, 0x1A, 0x1B, 0x1B, 0x1B, 0x1A);
  const __m256i high_class =
      _mm256_setr_epi8(0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10, 0x10, 0x10,
                       0x10, 0x10, 0x10, 0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10,
                       0x10, 0x10, 0x10, 0x10, 0x10, 0x10);
  const __m256i distance =
      _mm256_setr_epi8(0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0,  //
                       0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0);
  const __m256i order = _mm256_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1,  //
                                         2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
  const __m256i slash = _mm256_set1_epi8(0x2f);
  while (end - p >= 32) {
    const __m256i text = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
    const __m256i high = _mm256_and_si256(_mm256_srli_epi32(text, 4), slash);
    const __m256i low = _mm256_and_si256(text, slash);
    if (!_mm256_testz_si256(_mm256_shuffle_epi8(low_class, low),
                            _mm256_shuffle_epi8(high_class, high))) {
      break;
    }
    if constexpr (kWrite) {
      const __m256i is_slash = _mm256_cmpeq_epi8(text, slash);
      const __m256i values =
          _mm256_add_epi8(text, _mm256_shuffle_epi8(distance, _mm256_add_epi8(is_slash, high)));
      const __m256i pairs = _mm256_maddubs_epi16(values, _mm256_set1_epi32(0x01400140));
      const __m256i quads = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00011000));
      const __m256i bytes = _mm256_permutevar8x32_epi32(
          _mm256_shuffle_epi8(quads, order), _mm256_setr_epi32(0, 1, 2, 4, 5, 6, -1, -1));
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), bytes);  // 24 bytes, then 8 of zero
      out += 24;
    }
    p += 32;
  }
  return p;
}
bool machine_has_avx2() { return __builtin_cpu_supports("avx2") != 0; }
#else
bool machine_has_avx2() { return false; }
#endif

std::atomic<bool> vector_code{machine_has_avx2()};

template <bool kWrite>
const char* whole_quads(const char* p, const char* end, char*& out) {
#if defined(__x86_64__)
  if (vector_code.load(std::memory_order_relaxed)) p = avx2_quads<kWrite>(p, end, out);
#endif
  return portable_quads<kWrite>(p, end, out);
}

}  // namespace

bool set_vector_code(bool on) { return vector_code.exchange(on && machine_has_avx2()); }

void Base64Decoder::take_space(char c) {
  ++column_;
  if (c == '\n' || c == '\r') {
    if (!(c == '\n' && after_cr_)) ++lines_;
    column_ = 0;
  }
  after_cr_ = c == '\r';
}

template <bool kWrite>
void Base64Decoder::finish_quad(char*& out) {
  if constexpr (kWrite) {
    put_three(out, quad_);
    out += 3;
  }
  decoded_ += 3;
  quad_ = 0;
  filled_ = 0;
}

template <bool kWrite>
void Base64Decoder::take_padding(char*& out) {
  ++padding_;
  if (bad_ || closed_ || filled_ < 2) {
    bad_ = true;
    return;
  }
  if (filled_ + padding_ < 4) return;
  const unsigned bytes = filled_ - 1;
  const std::uint32_t value = quad_ << (6 * padding_);
  if constexpr (kWrite) {
    *out++ = static_cast<char>(value >> 16);
    if (bytes == 2) *out++ = static_cast<char>(value >> 8 & 0xff);
  }
  decoded_ += bytes;
  quad_ = 0;
  filled_ = 0;
  closed_ = true;
}

template <bool kWrite>
std::size_t Base64Decoder::run(std::string_view text, char* out, std::size_t& written) {
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const char* p = begin;
  char* to = out;
  while (p != end) {
    if (filled_ == 0 && padding_ == 0) {
      const char* const before = p;
      p = whole_quads<kWrite>(p, end, to);
      const auto taken = static_cast<std::uint64_t>(p - before);
      decoded_ += taken / 4 * 3;
      if (taken != 0) {
        column_ += taken;
        after_cr_ = false;
      }
      if (p == end) break;
    }
    const std::uint32_t digit = kTables.digit[3][index_of(*p)];
    if (digit != kBad) {
      if (padding_ != 0) bad_ = true;
      quad_ = (quad_ << 6 | digit) & 0xffffffu;
      ++column_;
      after_cr_ = false;
      if (++filled_ == 4) finish_quad<kWrite>(to);
    } else if (is_space(*p)) {
      take_space(*p);
    } else if (*p == '=') {
      ++column_;
      after_cr_ = false;
      take_padding<kWrite>(to);
    } else {
      break;
    }
    ++p;
  }
  if constexpr (kWrite) written = static_cast<std::size_t>(to - out);
  return static_cast<std::size_t>(p - begin);
}

std::size_t Base64Decoder::decode(std::string_view text, char* out, std::size_t& written) {
  return run<true>(text, out, written);
}

std::size_t Base64Decoder::skim(std::string_view text) {
  std::size_t none = 0;
  return run<false>(text, nullptr, none);
}

void append_base64(std::string& out, base::BytesView bytes) {
  const std::size_t start = out.size();
  out.resize(start + (bytes.size() + 2) / 3 * 4);
  char* to = out.data() + start;
  const auto at = [&](std::size_t i) -> std::uint32_t {
    return i < bytes.size() ? index_of(bytes[i]) : 0u;
  };
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::uint32_t value = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
    *to++ = kAlphabet[value >> 18];
    *to++ = kAlphabet[value >> 12 & 63];
    *to++ = i + 1 < bytes.size() ? kAlphabet[value >> 6 & 63] : '=';
    *to++ = i + 2 < bytes.size() ? kAlphabet[value & 63] : '=';
  }
}

}  // namespace edxml
