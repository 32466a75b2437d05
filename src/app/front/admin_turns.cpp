// The traces of the latest turns, for operators: a list, and each in full.

#include "app/front/site.hpp"

namespace hayate::front {
namespace {

constexpr std::string_view kList = "/admin/turns";
constexpr size_t kListedMax = 100;

std::string list_json(const observe::TurnTraces& traces) {
    std::string out = R"({"turns":[)";
    for (const observe::SharedTrace& trace : traces.latest(kListedMax)) {
        if (out.back() == '}') out += ',';
        out += observe::to_json(*trace, false);
    }
    return out + "]}\n";
}

}  // namespace

Task<void> serve_admin_turns(Visit& visit) {
    std::string_view id = visit.request().path().substr(kList.size());
    if (id.starts_with('/')) id.remove_prefix(1);
    if (id.empty()) co_return co_await visit.respond({.body = list_json(visit.site.traces)});
    const observe::SharedTrace trace = visit.site.traces.find(id);
    if (!trace) {
        co_return co_await visit.refuse(base::public_error(
            ErrorKind::kNotFound, "front", "There is no trace of that turn, or not any more."));
    }
    co_await visit.respond({.body = observe::to_json(*trace, true) + "\n"});
}

}  // namespace hayate::front
