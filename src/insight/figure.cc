#include "insight/figure.h"

#include <algorithm>

#include "insight/cell.h"

namespace insight {

const std::vector<Definition>& definitions() {
  static const std::vector<Definition> kAll = {
      {"documents",
       "documents",
       {"Văn bản", "Documents"},
       {"Số văn bản trục đã tiếp nhận trong kỳ, không kể bản tin trạng thái. Theo chiều nhận: số "
        "lượt một cơ quan nhận một văn bản.",
        "Documents accepted in the period, without status messages. As received: one for each "
        "document and organisation."}},
      {"documents.urgent",
       "documents",
       {"Văn bản khẩn", "Urgent documents"},
       {"Như trên, độ khẩn từ 1 đến 4.", "The same, of urgency 1 to 4."}},
      {"deliveries",
       "deliveries",
       {"Lượt chuyển", "Deliveries"},
       {"Mỗi văn bản đến mỗi nơi nhận là một lượt.", "One for each document and recipient."}},
      {"deliveries.urgent",
       "deliveries",
       {"Lượt chuyển khẩn", "Urgent deliveries"},
       {"Như trên, của văn bản khẩn.", "The same, of urgent documents."}},
      {"deliveries.arrived",
       "deliveries",
       {"Lượt đã đến", "Deliveries that arrived"},
       {"Lượt bên nhận đã lấy hoặc xác nhận.", "Fetched or acknowledged by the recipient."}},
      {"arrival.p50",
       "seconds",
       {"Một nửa đến nơi trong", "Half arrive within"},
       {"Từ lúc trục tiếp nhận đến lúc bên nhận lấy hoặc xác nhận lần đầu; ước lượng "
        "Kaplan–Meier: lượt chưa đến được tính là \"ít nhất đã chờ chừng ấy\".",
        "From acceptance until it is first fetched or acknowledged; Kaplan–Meier: what has not "
        "arrived counts as \"at least so long\"."}},
      {"arrival.p90",
       "seconds",
       {"90 % đến nơi trong", "90 % arrive within"},
       {"Như một nửa.", "As the half."}},
      {"arrival.p95",
       "seconds",
       {"95 % đến nơi trong", "95 % arrive within"},
       {"Như một nửa.", "As the half."}},
      {"arrival.p99",
       "seconds",
       {"99 % đến nơi trong", "99 % arrive within"},
       {"Như một nửa.", "As the half."}},
      {"arrival.open",
       "deliveries",
       {"Chưa đến", "Not arrived yet"},
       {"Lượt chưa ai lấy, chưa bị lấy lại.", "Neither fetched nor taken back."}},
      {"answer.p50",
       "seconds",
       {"Một nửa được trả lời trong", "Half are answered within"},
       {"Từ lúc trục tiếp nhận đến lời đầu tiên của bên nhận (xác nhận hoặc trạng thái); "
        "Kaplan–Meier.",
        "From acceptance until the recipient's first word (acknowledgement or status); "
        "Kaplan–Meier."}},
      {"answer.p95",
       "seconds",
       {"95 % được trả lời trong", "95 % are answered within"},
       {"Như một nửa.", "As the half."}},
      {"answer.open",
       "deliveries",
       {"Chưa trả lời", "Not answered yet"},
       {"Lượt bên nhận chưa nói gì.", "The recipient has not said anything."}},
      {"stage.waiting",
       "deliveries",
       {"Chờ bên nhận lấy", "Waiting for the recipient"},
       {"Lượt đang ở trạng thái ấy.", "Deliveries that are there now."}},
      {"stage.arrived",
       "deliveries",
       {"Đã đến", "Arrived"},
       {"Đã lấy hoặc xác nhận, chưa tiếp nhận.", "Fetched or acknowledged, not received yet."}},
      {"stage.received",
       "deliveries",
       {"Đã tiếp nhận", "Received"},
       {"Trạng thái 03.", "Status 03."}},
      {"stage.assigned",
       "deliveries",
       {"Đã phân công", "Assigned"},
       {"Trạng thái 04.", "Status 04."}},
      {"stage.processing",
       "deliveries",
       {"Đang xử lý", "Being worked on"},
       {"Trạng thái 05.", "Status 05."}},
      {"stage.completed",
       "deliveries",
       {"Hoàn thành", "Completed"},
       {"Trạng thái 06.", "Status 06."}},
      {"stage.recovered",
       "deliveries",
       {"Đã lấy lại", "Recovered"},
       {"Thu hồi trước khi lấy, hoặc bên nhận đồng ý trả lại (15).",
        "Taken back before it was fetched, or given back (15)."}},
      {"stage.refused",
       "deliveries",
       {"Bị từ chối", "Refused"},
       {"Trạng thái 02, không lưu được, hoặc bị giữ lại vì mã độc.",
        "Status 02, could not be taken, or kept out for malware."}},
      {"late.now",
       "deliveries",
       {"Đang quá hạn", "Late now"},
       {"Chưa trả lời và đã qua hạn xác nhận (docs/law.md).",
        "Not answered, and its receipt was due (docs/law.md)."}},
      {"late.answered",
       "deliveries",
       {"Trả lời muộn", "Answered late"},
       {"Lời đầu tiên đến sau hạn.", "The first word came after it was due."}},
      {"late.share",
       "permille",
       {"Tỷ lệ muộn", "Share that is late"},
       {"(đang quá hạn + trả lời muộn) / (đã trả lời + đang quá hạn), phần nghìn.",
        "(late now + answered late) / (answered + late now), of a thousand."}},
      {"late.paused",
       "deliveries",
       {"Chưa tính hạn", "Without a deadline yet"},
       {"Nơi nhận chưa có hệ thống kết nối.", "No system serves the recipient yet."}},
      {"late.expected",
       "deliveries",
       {"Dự báo sẽ muộn", "Expected to be late"},
       {"Tổng xác suất mỗi lượt chưa đến hạn sẽ không được trả lời trước hạn, theo phân bố thời "
        "gian trả lời của chính kỳ này, biết rằng đã chờ đến nay.",
        "Sum, over what is not due yet, of the probability not to be answered in time, by the "
        "times of this period, given how long each has waited."}},
      {"savings.gross",
       "dong",
       {"Tiết kiệm gộp", "Gross savings"},
       {"copy + post + labour.", "copy + post + labour."}},
      {"savings.copy",
       "dong",
       {"In, sao chụp, giấy", "Copying, paper, scanning"},
       {"lượt đến × trang × giá một trang", "deliveries arrived × pages × price of a page"}},
      {"savings.post",
       "dong",
       {"Bưu chính, chuyển phát", "Post and courier"},
       {"lượt thường × giá thường + lượt khẩn × giá khẩn",
        "normal deliveries × price + urgent ones × urgent price"}},
      {"savings.labour",
       "dong",
       {"Công lao động", "Labour"},
       {"lượt × (giờ trên giấy − giờ điện tử) × giá một giờ",
        "deliveries × (hours on paper − hours electronically) × price of an hour"}},
      {"savings.cost",
       "dong",
       {"Chi phí", "Cost"},
       {"chi phí một năm × số ngày / số ngày của năm", "cost of a year × days / days of the year"}},
      {"savings.net",
       "dong",
       {"Tiết kiệm ròng", "Net savings"},
       {"gộp − chi phí; thấp: lợi ích thấp, chi phí cao",
        "gross − cost; low: low benefits, high cost"}},
  };
  return kAll;
}

const Definition* definition_of(std::string_view id) {
  const auto& all = definitions();
  const auto found =
      std::find_if(all.begin(), all.end(), [id](const Definition& one) { return one.id == id; });
  return found == all.end() ? nullptr : &*found;
}

base::Json to_json(const Figure& figure) {
  const Definition* const definition = definition_of(figure.id);
  base::Json json;
  json.add("id", figure.id);
  json.add("definition", std::string(figure.id) + "@" + std::to_string(kDefinition));
  json.add("name_vi", definition ? definition->name.vi : "");
  json.add("name_en", definition ? definition->name.en : "");
  json.add("unit", definition ? definition->unit : "");
  if (figure.value) json.add("value", *figure.value);
  if (figure.at_least) json.add("at_least", *figure.at_least);
  if (figure.low) json.add("low", *figure.low);
  if (figure.high) json.add("high", *figure.high);
  if (figure.previous) json.add("previous", *figure.previous);
  json.add("numerator", figure.numerator).add("denominator", figure.denominator);
  json.add("as_of", base::iso_time_text(figure.as_of));
  if (!figure.query.empty()) json.add("query", figure.query);
  return json;
}

}  // namespace insight
