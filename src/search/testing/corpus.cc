#include "search/testing/corpus.h"

#include <algorithm>
#include <array>

#include "base/random.h"
#include "search/abbreviations.h"
#include "search/fold.h"

namespace search::testing {
namespace {

using base::SeededRandom;

template <std::size_t N>
std::string one(SeededRandom& random, const std::array<const char*, N>& all) {
  return all[random.below(N)];
}

constexpr std::array kProvinces = {
    "Quảng Ninh", "Hà Nội",    "Hải Phòng", "Thanh Hóa",  "Nghệ An",     "Hà Tĩnh",    "Khánh Hòa",
    "Lâm Đồng",   "Đắk Lắk",   "Đồng Nai",  "Tây Ninh",   "Cần Thơ",     "Cà Mau",     "An Giang",
    "Đồng Tháp",  "Vĩnh Long", "Gia Lai",   "Quảng Ngãi", "Đà Nẵng",     "Quảng Trị",  "Huế",
    "Hưng Yên",   "Ninh Bình", "Bắc Ninh",  "Phú Thọ",    "Thái Nguyên", "Lào Cai",    "Lai Châu",
    "Điện Biên",  "Sơn La",    "Cao Bằng",  "Lạng Sơn",   "Tuyên Quang", "Hồ Chí Minh"};
constexpr std::array kOffices = {"Sở Y tế",
                                 "Sở Giáo dục và Đào tạo",
                                 "Sở Nội vụ",
                                 "Sở Tài chính",
                                 "Sở Xây dựng",
                                 "Sở Khoa học và Công nghệ",
                                 "Sở Tư pháp",
                                 "Sở Công Thương",
                                 "Thanh tra tỉnh",
                                 "Sở Nông nghiệp và Môi trường",
                                 "Sở Văn hóa, Thể thao và Du lịch",
                                 "Công an tỉnh",
                                 "Ủy ban nhân dân tỉnh",
                                 "Hội đồng nhân dân tỉnh",
                                 "Văn phòng UBND tỉnh",
                                 "UBND tỉnh"};
constexpr std::array kMinistries = {
    "Bộ Y tế",     "Bộ Tài chính",           "Bộ Nội vụ",           "Bộ Khoa học và Công nghệ",
    "Bộ Xây dựng", "Bộ Giáo dục và Đào tạo", "Văn phòng Chính phủ", "Bộ Công Thương",
    "Bộ Tư pháp"};
constexpr std::array kActions = {"Về việc triển khai",
                                 "V/v tăng cường",
                                 "Báo cáo kết quả thực hiện",
                                 "Kế hoạch",
                                 "Về việc hướng dẫn",
                                 "Phê duyệt",
                                 "Về việc kiểm tra",
                                 "V/v báo cáo tình hình",
                                 "Ban hành quy chế",
                                 "Thông báo kết luận về",
                                 "Về việc đôn đốc",
                                 "Tờ trình về",
                                 "Về việc góp ý dự thảo",
                                 "Quyết định thành lập tổ công tác về",
                                 "V/v phối hợp",
                                 "Về việc xử lý kiến nghị về",
                                 "Thành lập hội đồng thẩm định",
                                 "Về việc đính chính"};
constexpr std::array kTopics = {"phòng, chống dịch tả lợn châu Phi",
                                "cải cách thủ tục hành chính",
                                "chuyển đổi số",
                                "ứng dụng công nghệ thông tin",
                                "phòng cháy, chữa cháy rừng",
                                "giải phóng mặt bằng dự án đường cao tốc",
                                "đấu giá quyền sử dụng đất",
                                "thu ngân sách nhà nước",
                                "an toàn thực phẩm",
                                "an toàn giao thông",
                                "tuyển dụng viên chức giáo dục",
                                "xây dựng nông thôn mới",
                                "giảm nghèo bền vững",
                                "bảo hiểm y tế học sinh",
                                "kỳ thi tốt nghiệp trung học phổ thông",
                                "quản lý khai thác khoáng sản",
                                "xử lý rác thải sinh hoạt",
                                "phòng, chống thiên tai và tìm kiếm cứu nạn",
                                "khiếu nại, tố cáo của công dân",
                                "sắp xếp đơn vị hành chính cấp xã",
                                "điều chỉnh quy hoạch sử dụng đất",
                                "hỗ trợ doanh nghiệp nhỏ và vừa",
                                "tiêm chủng mở rộng cho trẻ em",
                                "bảo vệ môi trường làng nghề",
                                "cấp giấy chứng nhận quyền sử dụng đất",
                                "dịch vụ công trực tuyến",
                                "kết nối cơ sở dữ liệu dân cư",
                                "an toàn thông tin mạng",
                                "đào tạo nghề cho lao động nông thôn",
                                "trợ cấp người có công với cách mạng",
                                "quản lý dạy thêm, học thêm",
                                "nuôi trồng thủy sản",
                                "chống khai thác hải sản bất hợp pháp",
                                "tu bổ di tích lịch sử",
                                "phát triển du lịch cộng đồng",
                                "khánh thành trường mầm non",
                                "đầu tư trạm y tế",
                                "nâng cấp hồ chứa nước",
                                "phòng, chống tham nhũng",
                                "tinh giản biên chế",
                                "văn thư, lưu trữ",
                                "bầu cử đại biểu hội đồng nhân dân",
                                "nhập khẩu thiết bị y tế",
                                "đề án phát triển kinh tế tập thể",
                                "quỹ khuyến học",
                                "cung cấp nước sạch",
                                "điện mặt trời mái nhà",
                                "quản lý chợ",
                                "xóa nhà tạm",
                                "hòa giải ở cơ sở"};
constexpr std::array kFirst = {"Đông", "Tân",   "Thủy", "Hòa", "Bình", "Phú",    "Vĩnh", "Long",
                               "An",   "Thạnh", "Mỹ",   "Kỳ",  "Yên",  "Quảng",  "Đại",  "Hưng",
                               "Xuân", "Thanh", "Cẩm",  "Sơn", "Ngọc", "Trường", "Đức",  "Liên"};
constexpr std::array kSecond = {"Triều", "Hiệp",  "Nguyên", "Lạc",   "Thuận", "Phước",
                                "Lộc",   "Khê",   "Giang",  "Hải",   "Lý",    "Anh",
                                "Định",  "Thành", "Hà",     "Thọ",   "Sơn",   "Phong",
                                "Quý",   "Trung", "Đình",   "Thịnh", "Hợp",   "Bảo"};
constexpr std::array kLevels = {"xã",         "phường",          "khu công nghiệp",
                                "cụm dân cư", "trường tiểu học", "bệnh viện"};
constexpr std::array kPeriods = {"quý I",  "quý II",          "quý III",
                                 "quý IV", "6 tháng đầu năm", "giai đoạn 2021-2025",
                                 "năm",    "tháng 3",         "tháng 9"};
struct Type {
  const char *name, *symbol;
};
constexpr std::array<Type, 8> kTypes = {{{"Quyết định", "QĐ"},
                                         {"Công văn", ""},
                                         {"Kế hoạch", "KH"},
                                         {"Báo cáo", "BC"},
                                         {"Thông báo", "TB"},
                                         {"Tờ trình", "TTr"},
                                         {"Nghị quyết", "NQ"},
                                         {"Chỉ thị", "CT"}}};
constexpr std::array kBodies = {"UBND",  "SYT", "SGDĐT", "SNV", "STC",  "SXD",
                                "SKHCN", "TTg", "BYT",   "BTC", "VPCP", "HĐND"};

std::string place(SeededRandom& random) {
  const std::string level = one(random, kLevels);
  const std::string first = one(random, kFirst);
  return level + " " + first + " " + one(random, kSecond);
}

std::string content_of(SeededRandom& random, const Entry& entry) {
  std::string text = "Kính gửi: " + entry.recipients +
                     ".\nCăn cứ Luật Tổ chức chính quyền địa phương; theo đề nghị của ";
  text += one(random, kOffices) + " về " + one(random, kTopics) + ", " + entry.sender +
          " yêu cầu các cơ quan, đơn vị ";
  text += "tổ chức thực hiện " + one(random, kTopics) + " tại " + place(random) +
          "; kết quả và khó khăn, vướng mắc của ";
  text +=
      "các đơn vị được báo cáo trước ngày " + std::to_string(1 + random.below(28)) + " hằng tháng.";
  return text;
}

// The other ways in which people type the same.
std::string mapped(std::string text,
                   const std::vector<std::pair<const char*, const char*>>& changes) {
  for (const auto& [from, to] : changes) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos;
         at += std::string(to).size())
      text.replace(at, std::string(from).size(), to);
  }
  return text;
}
std::string without_marks(const std::string& text) {
  std::string out;
  std::size_t at = 0;
  for (const Word& word : words_of(text, 1000)) {
    out += text.substr(at, word.begin - at) + word.bare;
    at = word.end;
  }
  return out + text.substr(at);
}
std::string with_d(const std::string& text) { return mapped(text, {{"đ", "d"}, {"Đ", "D"}}); }
std::string other_tones(const std::string& text) {
  return mapped(text, {{"òa", "oà"},
                       {"óa", "oá"},
                       {"ọa", "oạ"},
                       {"ủy", "uỷ"},
                       {"úy", "uý"},
                       {"ũy", "uỹ"},
                       {"ỏe", "oẻ"},
                       {"Mỹ", "Mĩ"},
                       {"Lý", "Lí"},
                       {"Quý", "Quí"},
                       {"Kỳ", "Kì"},
                       {"kỳ ", "kì "},
                       {"quý ", "quí "}});
}
std::string shortened(std::string text) {
  for (const Abbreviation& known : abbreviations()) {
    for (const std::string& words :
         {std::string(known.words), "Ủ" + std::string(known.words).substr(3)}) {
      if (const auto at = text.find(words); at != std::string::npos)
        text.replace(at, words.size(), known.abbreviation);
    }
  }
  return text;
}

std::set<std::string> bare_words(const std::string& text) {
  std::set<std::string> words;
  for (const Word& word : words_of(text, 1000)) words.insert(word.bare);
  return words;
}
// With abbreviations spelled out, as a person understands them.
std::set<std::string> meant_words(const std::string& text) {
  std::set<std::string> words = bare_words(text);
  if (words.count("ubnd") > 0) words.merge(bare_words("ủy ban nhân dân"));
  if (text.find("V/v") != std::string::npos) words.merge(bare_words("về việc"));
  return words;
}

std::string half_of(const std::string& subject, SeededRandom& random) {
  const std::vector<Word> words = words_of(subject, 100);
  std::string out;
  for (const Word& word : words) {
    if (random.below(10) < 4) continue;
    out += (out.empty() ? "" : " ") + subject.substr(word.begin, word.end - word.begin);
  }
  return out;
}

Question by_words(std::string kind, const std::string& meant, std::string typed) {
  Question question{std::move(kind), std::move(typed), bare_words(meant), "", {}};
  return question;
}

Question ask(std::size_t kind, const Entry& entry, SeededRandom& random) {
  const std::string subject = mapped(entry.subject, {{"V/v", "về việc"}});
  const auto comma = subject.find(" tại ");
  const std::string end =
      comma == std::string::npos ? subject : subject.substr(comma + std::string(" tại ").size());
  const std::string notation = entry.notation.substr(0, entry.notation.find(' '));
  const auto as_notation = [&](const char* name, std::string typed) {
    return Question{name, std::move(typed), {}, notation, {}};
  };
  switch (kind) {
    case 0:
      return as_notation("notation", notation);
    case 1:
      return as_notation("notation without marks", without_marks(notation));
    case 2:
      return as_notation("notation with spaces",
                         mapped(without_marks(mapped(notation, {{"-", ""}})), {{"/", " "}}));
    case 3:
      return by_words("without marks", subject, without_marks(subject));
    case 4:
      return by_words("other tones", subject, other_tones(subject));
    case 5:
      return by_words("d for đ", subject, with_d(subject));
    case 6: {
      const std::string half = half_of(subject, random);
      return by_words("half of the subject", half, half);
    }
    case 7: {
      const std::string half = half_of(subject, random);
      return by_words("half without marks", half, without_marks(half));
    }
    case 8:
      return by_words("sender and subject's end", entry.sender + " " + end,
                      entry.sender + " " + end);
    case 9:
      return by_words("abbreviated", entry.sender + " " + subject,
                      shortened(entry.sender + " " + subject));
    default: {
      const std::string typed = mapped(entry.sender, {{"UBND", "uỷ ban nhân dân"}}) + " " + end;
      return by_words("spelled out", typed, without_marks(typed));
    }
  }
}

}  // namespace

Entry document(std::int64_t id) {
  SeededRandom random(static_cast<std::uint64_t>(id) * 0x9E3779B97F4A7C15ULL + 29);
  Entry entry;
  entry.id = id;
  const std::string province = one(random, kProvinces);
  entry.sender =
      random.below(8) == 0 ? one(random, kMinistries) : one(random, kOffices) + " " + province;
  const Type& type = kTypes[random.below(kTypes.size())];
  entry.type = type.name;
  const int year = 2019 + static_cast<int>(random.below(8));
  const std::string number = std::to_string(1 + random.below(9000));
  const std::string body = one(random, kBodies);
  const bool law = random.below(3) == 0;
  entry.notation = number + (law ? "/" + std::to_string(year) : "") + "/" +
                   (*type.symbol != 0 ? std::string(type.symbol) + "-" : "") + body +
                   (*type.symbol != 0 ? "" : "-VP");
  const std::string action = one(random, kActions);
  const std::string topic = one(random, kTopics);
  const std::string where = place(random);
  entry.subject = action + " " + topic + " tại " + where + " " + one(random, kPeriods) + " " +
                  std::to_string(year);
  entry.day = 17897 + (year - 2019) * 365 + static_cast<int>(random.below(365));
  entry.urgency = random.below(20) == 0 ? 1 + static_cast<int>(random.below(3)) : 0;
  entry.signer = "Nguyễn Văn " + one(random, kSecond);
  entry.recipients = one(random, kOffices) + " " + one(random, kProvinces);
  entry.attachments = "cong-van-" + number + ".pdf";
  entry.content = content_of(random, entry);
  const std::uint64_t receivers = random.below(50) == 0 ? 60 : 1 + random.below(5);
  for (std::uint64_t i = 0; i <= receivers; ++i)
    entry.visible_to.push_back(1 + static_cast<std::int64_t>(random.below(kOrganisations)));
  return entry;
}

std::vector<Question> questions(std::int64_t documents, std::size_t count) {
  std::vector<Question> all;
  SeededRandom random(2018);
  for (std::size_t at = 0; at < count; ++at) {
    const Entry entry = document(
        1 + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(documents))));
    all.push_back(ask(at % 11, entry, random));
  }
  return all;
}

Answers::Answers(std::vector<Question>& questions) : questions_(questions) {
  for (std::size_t at = 0; at < questions.size(); ++at) {
    if (questions[at].words.empty()) {
      by_notation_[questions[at].notation].push_back(at);
    } else {
      // The longest word is one of the rarer ones: fewer documents to compare in full.
      const auto& words = questions[at].words;
      by_word_[*std::max_element(words.begin(), words.end(), [](const auto& a, const auto& b) {
        return a.size() < b.size();
      })].push_back(at);
    }
  }
}

void Answers::see(const Entry& entry) {
  if (const auto found = by_notation_.find(entry.notation); found != by_notation_.end()) {
    for (const std::size_t at : found->second) questions_[at].answers.insert(entry.id);
  }
  const std::set<std::string> words = meant_words(entry.subject + " " + entry.sender);
  for (const std::string& word : words) {
    const auto found = by_word_.find(word);
    if (found == by_word_.end()) continue;
    for (const std::size_t at : found->second) {
      const auto& wanted = questions_[at].words;
      if (std::includes(words.begin(), words.end(), wanted.begin(), wanted.end()))
        questions_[at].answers.insert(entry.id);
    }
  }
}

double recall_at_10(const Question& question, const std::vector<std::int64_t>& hits) {
  std::size_t right = 0;
  for (std::size_t at = 0; at < std::min<std::size_t>(hits.size(), 10); ++at)
    right += question.answers.count(hits[at]);
  const std::size_t could = std::min<std::size_t>(question.answers.size(), 10);
  return could == 0 ? 0 : static_cast<double>(right) / static_cast<double>(could);
}

}  // namespace search::testing
