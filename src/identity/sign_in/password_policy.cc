#include "identity/sign_in/password_policy.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "base/text.h"

namespace identity {
namespace {

constexpr std::size_t kCharactersMin = 12, kCharactersMax = 128;

// What lists of stolen passwords have most, in Viet Nam and elsewhere, without marks, without what
// is put around it. A password is common when nothing but these and digits is left of it.
constexpr std::array<std::string_view, 96> kCommon = {"password",
                                                      "passw",
                                                      "matkhau",
                                                      "matkhaumoi",
                                                      "anhyeuem",
                                                      "emyeuanh",
                                                      "iloveyou",
                                                      "yeuem",
                                                      "yeuanh",
                                                      "conyeume",
                                                      "mevabo",
                                                      "bome",
                                                      "giadinh",
                                                      "vietnam",
                                                      "hanoi",
                                                      "saigon",
                                                      "hochiminh",
                                                      "tphcm",
                                                      "danang",
                                                      "haiphong",
                                                      "cantho",
                                                      "hue",
                                                      "thanhhoa",
                                                      "nghean",
                                                      "chucmungnam",
                                                      "chucmungnammoi",
                                                      "xinchao",
                                                      "khongbiet",
                                                      "khongco",
                                                      "khongnho",
                                                      "dangnhap",
                                                      "taikhoan",
                                                      "quantri",
                                                      "nguyen",
                                                      "nguyenvan",
                                                      "tran",
                                                      "tranvan",
                                                      "le",
                                                      "pham",
                                                      "hoang",
                                                      "huynh",
                                                      "phan",
                                                      "vu",
                                                      "vo",
                                                      "dang",
                                                      "bui",
                                                      "do",
                                                      "ho",
                                                      "ngo",
                                                      "duong",
                                                      "ly",
                                                      "tien",
                                                      "tinhyeu",
                                                      "hanhphuc",
                                                      "mailanh",
                                                      "mai",
                                                      "maiyeuem",
                                                      "admin",
                                                      "administrator",
                                                      "root",
                                                      "user",
                                                      "guest",
                                                      "test",
                                                      "welcome",
                                                      "letmein",
                                                      "qwerty",
                                                      "qwertyuiop",
                                                      "asdfghjkl",
                                                      "zxcvbnm",
                                                      "abc",
                                                      "abcdef",
                                                      "abcdefgh",
                                                      "abcd",
                                                      "qazwsx",
                                                      "qazwsxedc",
                                                      "monkey",
                                                      "dragon",
                                                      "football",
                                                      "baseball",
                                                      "sunshine",
                                                      "princess",
                                                      "superman",
                                                      "master",
                                                      "shadow",
                                                      "computer",
                                                      "internet",
                                                      "samsung",
                                                      "nokia",
                                                      "iphone",
                                                      "ubnd",
                                                      "uybannhandan",
                                                      "congvan",
                                                      "vanthu",
                                                      "chuyenvien",
                                                      "lanhdao",
                                                      "truc"};

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

// "P@ssw0rd" is read as "password".
char plain(char c) {
  switch (c) {
    case '@':
    case '4':
      return 'a';
    case '0':
      return 'o';
    case '3':
      return 'e';
    case '$':
    case '5':
      return 's';
    case '!':
      return 'i';
    default:
      return c;
  }
}

std::string letters_of(std::string_view text, bool read_plain) {
  std::string out;
  for (char c : base::lower_ascii(text)) {
    if (read_plain) c = plain(c);
    if (c >= 'a' && c <= 'z') out.push_back(c);
  }
  return out;
}

// Whether `letters` is a row of common ones and nothing else.
bool made_of_common(std::string_view letters) {
  std::string reachable(letters.size() + 1, 'n');
  reachable[0] = 'y';
  for (std::size_t at = 0; at < letters.size(); ++at) {
    if (reachable[at] != 'y') continue;
    for (const std::string_view word : kCommon) {
      if (letters.substr(at).starts_with(word)) reachable[at + word.size()] = 'y';
    }
  }
  return reachable[letters.size()] == 'y';
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// A few common words beside one another are no surprise; a whole sentence of them may be.
bool common(std::string_view typed) {
  if (std::set<char>(typed.begin(), typed.end()).size() <= 3) return true;
  std::string password = base::without_marks(typed);
  while (!password.empty() && !is_letter(password.back())) password.pop_back();
  for (const bool read_plain : {false, true}) {
    const std::string letters = letters_of(password, read_plain);
    if (letters.size() <= 16 && made_of_common(letters)) return true;
  }
  return false;
}

bool made_of_login(std::string_view password, std::string_view login) {
  const std::string in = base::lower_ascii(base::without_marks(password));
  const std::string name = base::lower_ascii(base::without_marks(login));
  const std::size_t at = name.empty() ? std::string::npos : in.find(name);
  // What is left beside it must be able to stand alone.
  return at != std::string::npos && in.size() - name.size() < 8;
}

}  // namespace

base::Result<void> check_new_password(std::string_view password, std::string_view login) {
  if (!base::is_utf8(password) || characters(password) < kCharactersMin) {
    return base::Error(base::Code::invalid, "identity.password_short",
                       "password has fewer than 12 characters; take a sentence of several words",
                       "mật khẩu có ít hơn 12 ký tự; hãy dùng một câu gồm nhiều từ");
  }
  if (characters(password) > kCharactersMax) {
    return base::Error(base::Code::invalid, "identity.password_long",
                       "password has more than 128 characters; take a shorter one",
                       "mật khẩu có nhiều hơn 128 ký tự; hãy dùng mật khẩu ngắn hơn");
  }
  if (made_of_login(password, login)) {
    return base::Error(base::Code::invalid, "identity.password_is_login",
                       "password is the login name with little added; take another one",
                       "mật khẩu gần giống tên đăng nhập; hãy chọn mật khẩu khác");
  }
  if (common(password)) {
    return base::Error(
        base::Code::invalid, "identity.password_common",
        "password is one of those that are guessed first; take a sentence of several words",
        "mật khẩu thuộc loại thường bị đoán đầu tiên; hãy dùng một câu gồm nhiều từ");
  }
  return base::done();
}

}  // namespace identity
