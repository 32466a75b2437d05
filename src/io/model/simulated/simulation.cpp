#include "io/model/simulated/simulation.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "core/base/nearest.hpp"
#include "io/model/simulated/pseudo_answer.hpp"

namespace hayate::model {
namespace {

constexpr int kTokensMax = 100'000;

constexpr SimulationOption kOptions[] = {
    {"ttft", "MS",
     "time to the first token: milliseconds, or a distribution like lognormal:200,0.4"},
    {"rate", "N",
     "tokens per second, or a distribution of the milliseconds between two, like normal:12,3"},
    {"tokens", "N",
     "tokens per answer, or a distribution; empty: as long as the text happens to be"},
    {"seed", "N", "of everything random"},
    {"answer", "TEXT",
     "what to say; 'echo' repeats the question; empty: a readable made-up answer"},
    {"cut_after", "N", "close the connection after N tokens"},
    {"end_after", "N", "end the stream after N tokens without its end marker"},
    {"stall_after", "N", "send nothing more after N tokens"},
    {"malformed_after", "N", "send half an object after N tokens"},
    {"error_after", "N", "send an error event after N tokens"},
    {"status", "CODE", "refuse with this HTTP status"},
    {"retry_after", "S", "with status: the Retry-After field, in seconds"},
    {"hang", "", "never answer"},
    {"drop_usage", "", "leave the token counts out"},
    {"drop_done", "", "leave the [DONE] out"},
    {"fault_rate", "P", "share of the requests that the faults strike, from 0 to 1"},
    {"split", "N", "write at most N bytes at a time"},
    {"json", "", "answer with one JSON document even when a stream is asked for"},
};

Status wrong(std::string_view name, std::string_view text) {
    return fail(base::public_error(ErrorKind::kBadRequest, "simulation",
                                   fmt::format("{}: {}", name, text)));
}

template <class Number>
Status set_number(std::string_view name, std::string_view value, Number low, Number high,
                  Number& out) {
    Number number{};
    const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), number);
    const bool is_whole = failed == std::errc() && end == value.data() + value.size();
    if (!is_whole || !(number >= low && number <= high)) {
        return wrong(name, fmt::format("'{}': expected a number from {} to {}", value, low, high));
    }
    out = number;
    return {};
}

Status set_count(std::string_view name, std::string_view value, std::optional<int>& out) {
    int count = 0;
    if (Status set = set_number(name, value, 0, kTokensMax, count); !set) return set;
    out = count;
    return {};
}

Status set_flag(std::string_view name, std::string_view value, bool& out) {
    const bool is_on = value.empty() || value == "true" || value == "1";
    if (!is_on && value != "false" && value != "0") return wrong(name, "expected true or false");
    out = is_on;
    return {};
}

Status set_distribution(std::string_view name, std::string_view value, Distribution& out) {
    Result<Distribution> parsed = parse_distribution(value);
    if (!parsed) return wrong(name, parsed.error().external);
    out = *parsed;
    return {};
}

Status set_rate(std::string_view value, Distribution& gap_ms) {
    if (value.contains(':')) return set_distribution("rate", value, gap_ms);
    double per_second = 0;
    if (Status set = set_number("rate", value, 0.0, 1e6, per_second); !set) return set;
    gap_ms = Distribution(per_second > 0 ? 1000 / per_second : 0);
    return {};
}

Status set_tokens(std::string_view value, std::optional<Distribution>& out) {
    if (value.empty()) {
        out.reset();
        return {};
    }
    return set_distribution("tokens", value, out.emplace());
}

Status set_fault(Faults& faults, std::string_view name, std::string_view value) {
    if (name == "cut_after") return set_count(name, value, faults.cut_after);
    if (name == "end_after") return set_count(name, value, faults.end_after);
    if (name == "stall_after") return set_count(name, value, faults.stall_after);
    if (name == "malformed_after") return set_count(name, value, faults.malformed_after);
    if (name == "error_after") return set_count(name, value, faults.error_after);
    if (name == "status") return set_number(name, value, 300, 599, faults.status);
    if (name == "retry_after") return set_count(name, value, faults.retry_after_s);
    if (name == "hang") return set_flag(name, value, faults.hangs);
    if (name == "drop_usage") return set_flag(name, value, faults.drops_usage);
    if (name == "drop_done") return set_flag(name, value, faults.drops_done);
    std::vector<std::string> known;
    for (const SimulationOption& option : kOptions) known.emplace_back(option.name);
    return wrong(name, "there is no such option" + base::did_you_mean(name, known));
}

void plan_times(AnswerPlan& plan, const Simulation& simulation, Random& random) {
    using Milliseconds = std::chrono::duration<double, std::milli>;
    plan.due.reserve(plan.tokens.size());
    double at_ms = simulation.ttft_ms.sample(random);
    for (size_t i = 0; i < plan.tokens.size(); ++i) {
        if (i > 0) at_ms += simulation.gap_ms.sample(random);
        plan.due.push_back(std::chrono::duration_cast<Duration>(Milliseconds(at_ms)));
    }
}

}  // namespace

std::span<const SimulationOption> simulation_options() { return kOptions; }

Status set_option(Simulation& simulation, std::string_view name, std::string_view value) {
    if (name == "ttft") return set_distribution(name, value, simulation.ttft_ms);
    if (name == "rate") return set_rate(value, simulation.gap_ms);
    if (name == "tokens") return set_tokens(value, simulation.tokens);
    if (name == "seed") return set_number<uint64_t>(name, value, 0, UINT64_MAX, simulation.seed);
    if (name == "fault_rate") return set_number(name, value, 0.0, 1.0, simulation.fault_rate);
    if (name == "split") return set_number(name, value, 0, 65536, simulation.split_bytes);
    if (name == "json") return set_flag(name, value, simulation.answers_json);
    if (name != "answer") return set_fault(simulation.faults, name, value);
    simulation.answer = value;
    return {};
}

Status set_options(Simulation& simulation, std::string_view list) {
    while (!list.empty()) {
        // A comma belongs to the value unless a name follows: "normal:200,40".
        size_t end = list.find(',');
        while (end != std::string_view::npos) {
            const size_t digit = list.find_first_not_of(' ', end + 1);
            const bool is_value =
                digit != std::string_view::npos &&
                (list[digit] == '.' || (list[digit] >= '0' && list[digit] <= '9'));
            if (!is_value) break;
            end = list.find(',', end + 1);
        }
        const std::string_view item = list.substr(0, end);
        list = end == std::string_view::npos ? std::string_view() : list.substr(end + 1);
        const size_t first = item.find_first_not_of(' ');
        if (first == std::string_view::npos) continue;
        const size_t equals = item.find('=');
        const std::string_view name = item.substr(first, equals - first);
        const std::string_view value =
            equals == std::string_view::npos ? std::string_view() : item.substr(equals + 1);
        if (Status set = set_option(simulation, name, value); !set) return set;
    }
    return {};
}

std::string AnswerPlan::text() const {
    std::string all;
    for (const std::string& token : tokens) all += token;
    return all;
}

size_t AnswerPlan::tokens_before_fault() const {
    size_t least = tokens.size();
    for (const auto& after : {faults.cut_after, faults.end_after, faults.stall_after,
                              faults.malformed_after, faults.error_after}) {
        if (after) least = std::min(least, static_cast<size_t>(*after));
    }
    return least;
}

AnswerPlan plan_answer(const Simulation& simulation, std::string_view prompt, size_t prompt_bytes,
                       int max_tokens, uint64_t call) {
    Random random(simulation.seed ^ (call * 0xD1B54A32D192ED03));
    AnswerPlan plan;
    if (random.fraction() < simulation.fault_rate) plan.faults = simulation.faults;
    const std::string text = simulation.answer.empty()     ? pseudo_answer(prompt)
                             : simulation.answer == "echo" ? std::string(question_in(prompt))
                                                           : simulation.answer;
    plan.tokens = split_tokens(text);
    if (simulation.tokens) {
        const double wished = std::clamp<double>(simulation.tokens->sample(random), 1, kTokensMax);
        plan.tokens = tokens_of_length(text, static_cast<size_t>(std::lround(wished)));
    }
    if (plan.tokens.size() > static_cast<size_t>(max_tokens)) {
        plan.tokens.resize(static_cast<size_t>(max_tokens));
        plan.finish = FinishReason::kLength;
    }
    plan_times(plan, simulation, random);
    plan.usage = {.prompt_tokens = static_cast<int64_t>(prompt_bytes / 4 + 1),
                  .completion_tokens = static_cast<int64_t>(plan.tokens.size())};
    return plan;
}

}  // namespace hayate::model
