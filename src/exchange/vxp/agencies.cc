#include "base/text.h"
#include "exchange/vxp/face.h"

namespace exchange::vxp {
namespace {

// Builds a list answer straight as text: a hundred thousand organisations are tens of megabytes,
// and values in between would be several times that.
class ListText {
 public:
  ListText() {
    out_ = "{\"status\":\"OK\",\"ErrorCode\":\"0\",\"ErrorDesc\":\"Thanh cong\",\"data\":[";
  }
  void begin() {
    if (!first_) out_ += ',';
    first_ = false;
    out_ += '{';
    member_ = true;
  }
  void add(std::string_view name, std::string_view value) {
    if (!member_) out_ += ',';
    member_ = false;
    base::append_json_string(out_, name, true);
    out_ += ':';
    base::append_json_string(out_, value, true);
  }
  void end() { out_ += '}'; }
  // Whether the organisation is in force; remembers when the next one comes or goes.
  bool lists(const Organisation& organisation, base::Time now) {
    if (organisation.deleted) return false;
    for (const auto& change : {organisation.effective_from, organisation.effective_to}) {
      if (change && *change > now && (!until_ || *change < *until_)) until_ = change;
    }
    return organisation.effective(now);
  }
  SharedAnswer::Built finish() {
    out_ += "]}";
    return {std::move(out_), until_};
  }

 private:
  std::string out_;
  bool first_ = true, member_ = true;
  std::optional<base::Time> until_;
};

http::Response shared(std::shared_ptr<const std::string> body) {
  http::Response response = http::Response::json(200, "");
  response.shared_body = std::move(body);
  return response;
}

void add_common(ListText& list, const Organisation& organisation) {
  list.add("code", organisation.code);
  list.add("id", std::to_string(organisation.key));
  list.add("mail", organisation.mail);
  list.add("name", organisation.name);
}

base::Error bad_registration(std::string en, std::string vi) {
  return base::Error(base::Code::invalid, "vxp.bad_registration", std::move(en), std::move(vi));
}

// A system may register what nobody knows, change what it serves, and bring back what it removed
// itself. Any other known code may have deliveries waiting that are not for it: the operator
// decides whose they are.
base::Result<void> may_register(const Organisation& known, const ConnectedSystem& system) {
  if (known.deleted ? known.removed_by == system.key : known.system == system.key)
    return base::done();
  const std::string how = "truc system add " + system.id + " --organisation " + known.code;
  if (!known.deleted && known.system != 0) {
    return base::Error(base::Code::conflict, "vxp.registered_elsewhere",
                       known.code + " is registered by another system; if it has moved, the " +
                           "operator assigns it: " + how,
                       "Mã " + known.code + " đã được hệ thống khác đăng ký; nếu cơ quan đã " +
                           "chuyển hệ thống, đơn vị vận hành trục gán lại: " + how);
  }
  return base::Error(base::Code::conflict, "vxp.operator_assigns",
                     known.code + " is already in the directory; the operator assigns it: " + how,
                     "Mã " + known.code +
                         " đã có trong danh mục, hệ thống không tự đăng ký được; " +
                         "đơn vị vận hành trục gán mã: " + how);
}

}  // namespace

base::Result<http::Response> Face::agencies(const Call&) {
  const Directory& directory = exchange_.directory();
  const base::Time now = exchange_.clock().now();
  return shared(agencies_.get(directory.version(), now, [&] {
    ListText list;
    directory.each([&](const Organisation& organisation) {
      if (!list.lists(organisation, now)) return;
      list.begin();
      add_common(list, organisation);
      list.add("pid", organisation.parent.empty() ? "0" : std::string_view(organisation.parent));
      list.add("oldCode", organisation.old_code);
      list.end();
    });
    return list.finish();
  }));
}

base::Result<http::Response> Face::agencies_qd20(const Call&) {
  const Directory& directory = exchange_.directory();
  const base::Time now = exchange_.clock().now();
  return shared(agencies_qd20_.get(directory.version(), now, [&] {
    ListText list;
    directory.each([&](const Organisation& organisation) {
      if (!list.lists(organisation, now)) return;
      list.begin();
      add_common(list, organisation);
      list.add("code102", organisation.old_code);
      list.end();
    });
    return list.finish();
  }));
}

base::Result<http::Response> Face::synchronize_unit(const Call&) {
  const Directory& directory = exchange_.directory();
  return shared(units_.get(directory.version(), exchange_.clock().now(), [&] {
    ListText list;
    directory.each([&](const Organisation& organisation) {
      list.begin();
      add_common(list, organisation);
      list.add("pid", organisation.parent.empty() ? "0" : std::string_view(organisation.parent));
      list.add("version", std::to_string(organisation.version));
      const auto system = directory.system_by_key(organisation.system);
      list.add("centerCode", system ? std::string_view(system->id) : std::string_view());
      list.add("deleted", organisation.deleted ? "true" : "false");
      list.add("modifyDate", base::vietnam_time_text(organisation.changed_at, '-'));
      list.add("isAgency", "true");
      list.end();
    });
    return list.finish();
  }));
}

base::Result<http::Response> Face::register_agency(const Call& call, const http::Request& request) {
  // §5: the body is not signed, so it must come over TLS or from this machine.
  const bool local = request.remote == "127.0.0.1" || request.remote == "::1";
  if (!request.tls && !local) {
    return base::Error(base::Code::forbidden, "vxp.registration_needs_tls",
                       "registerAgency is not signed by the SDK: call it over https",
                       "registerAgency không được ký: hãy gọi qua https");
  }
  const auto json = base::Json::parse(request.body);
  if (!json || !json->is_object()) {
    return bad_registration("the body is not a JSON object",
                            "Nội dung đăng ký không phải là JSON hợp lệ");
  }
  Organisation organisation;
  organisation.code = base::trim((*json)["code"].text());
  TRY(check_code(organisation.code));
  const auto known = exchange_.directory().find(organisation.code);
  if (known) organisation.code = known->code;
  organisation.name = base::cut_utf8(base::trim((*json)["name"].text()), 600);
  organisation.mail = base::cut_utf8(base::trim((*json)["mail"].text()), 200);
  const std::string parent(base::trim((*json)["pcode"].text()));
  if (parent != call.system.id && !parent.empty()) {
    TRY(check_code(parent));
    organisation.parent = parent;
  }
  organisation.system = call.system.key;
  TRY(exchange_.directory().put({organisation}, call.system.id, [&](const Organisation& now) {
    return may_register(now, call.system);
  }));
  return success({});
}

base::Result<http::Response> Face::delete_agency(const Call& call) {
  const std::string_view code = call.parameters["AgencyCode"];
  TRY(exchange_.check_sender(call.system, code));
  TRY(exchange_.directory().remove(code, call.system.id, call.system.key));
  return success({});
}

}  // namespace exchange::vxp
