#pragma once
// What a simulated model does: how fast, how much, and what goes wrong. Shared by the provider
// `simulated` and by `mock-model`, so that both take the same options. Pure and reproducible: the
// same seed and call number give the same answer with the same timing.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/base/result.hpp"
#include "io/model/model.hpp"
#include "io/model/simulated/distribution.hpp"

namespace hayate::model {

/// What goes wrong. `..._after` counts tokens; several may be set, the one that is due first
/// strikes.
struct Faults {
    std::optional<int> cut_after;        // the connection is closed
    std::optional<int> end_after;        // the stream ends politely, but without its end marker
    std::optional<int> stall_after;      // nothing more, for ever
    std::optional<int> malformed_after;  // half an object
    std::optional<int> error_after;      // an error event
    int status = 0;                      // refuse with this HTTP status
    std::optional<int> retry_after_s;    // with `status`
    bool hangs = false;                  // no answer at all, not even a head
    bool drops_usage = false;
    bool drops_done = false;  // no "[DONE]"
};

struct Simulation {
    Distribution ttft_ms{150};
    Distribution gap_ms{12.5};           // between two tokens: 80 a second
    std::optional<Distribution> tokens;  // empty: as long as the answer happens to be
    uint64_t seed = 1;
    std::string answer;  // empty: a pseudo-answer; "echo": the question; else this text
    Faults faults;
    double fault_rate = 1;      // share of the calls that the faults strike
    int split_bytes = 0;        // mock: writes of at most so many bytes; 0: whole events
    bool answers_json = false;  // mock: never streams
};

struct SimulationOption {
    std::string_view name;      // "cut_after"; on the command line "--cut-after"
    std::string_view argument;  // "N"; empty for a switch, which takes "true" or nothing
    std::string_view help;
};
/// All options that `set_option` knows, for --help and suggestions.
[[nodiscard]] std::span<const SimulationOption> simulation_options();

/// kBadRequest with an external text that names the option.
Status set_option(Simulation& simulation, std::string_view name, std::string_view value);
/// "ttft=normal:200,40,cut_after=3,drop_usage": options joined by commas, as in the header
/// `x-mock`.
Status set_options(Simulation& simulation, std::string_view list);

/// One answer, decided before it begins.
struct AnswerPlan {
    std::vector<std::string> tokens;
    std::vector<Duration> due;  // of each token, since the request came
    FinishReason finish = FinishReason::kStop;
    Faults faults;  // that strike this answer
    Usage usage;

    [[nodiscard]] std::string text() const;
    /// The first `count` tokens are allowed out before a fault strikes; the size of `tokens` if
    /// none does.
    [[nodiscard]] size_t tokens_before_fault() const;
    [[nodiscard]] bool is_faulty() const { return tokens_before_fault() < tokens.size(); }
};
/// `prompt` is the last user message, `prompt_bytes` the size of all of them, `call` counts calls
/// from 0.
[[nodiscard]] AnswerPlan plan_answer(const Simulation& simulation, std::string_view prompt,
                                     size_t prompt_bytes, int max_tokens, uint64_t call);

}  // namespace hayate::model
