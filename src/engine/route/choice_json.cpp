#include "engine/route/choice_json.hpp"

#include "core/base/json_text.hpp"

namespace hayate::route {
namespace {

void append_expected(std::string& out, std::string_view name, const Expected& expected) {
    out.append(",\"").append(name).append("\":{\"p50\":");
    base::append_number(out, expected.typical_ms, 1);
    out += R"(,"p95":)";
    base::append_number(out, expected.late_ms, 1);
    out += '}';
}

void append_considered(std::string& out, const Considered& one) {
    out += R"({"model":)";
    base::append_json_string(out, one.candidate.name);
    out += R"(,"verdict":)";
    base::append_json_string(out, name_of(one.verdict));
    out += R"(,"quality":)";
    base::append_number(out, one.candidate.quality);
    out += R"(,"chance":)";
    base::append_number(out, one.chance);
    out += R"(,"worth":)";
    base::append_number(out, one.worth);
    append_expected(out, "first_ms", one.candidate.first);
    append_expected(out, "total_ms", one.candidate.total);
    out += R"(,"wait_ms":)";
    base::append_number(out, one.candidate.wait_ms, 1);
    out += R"(,"cost_micro_dollars":)";
    base::append_number(out, one.candidate.cost_micros);
    out += R"(,"score":)";
    base::append_number(out, one.candidate.score);
    out += '}';
}

}  // namespace

std::string json_of(const Choice& choice) {
    std::string out = R"({"model":)";
    base::append_json_string(out, choice.chosen().name);
    out += R"(,"reason":)";
    base::append_json_string(out, choice.reason);
    out += choice.fits ? R"(,"fits":true)" : R"(,"fits":false)";
    out += choice.is_in_time ? R"(,"in_time":true)" : R"(,"in_time":false)";
    out += choice.is_exploration ? R"(,"exploration":true)" : R"(,"exploration":false)";
    out += R"(,"considered":[)";
    for (size_t i = 0; i < choice.considered.size(); ++i) {
        if (i > 0) out += ',';
        append_considered(out, choice.considered[i]);
    }
    out += "]}";
    return out;
}

}  // namespace hayate::route
