#pragma once
// The events of an answer: what the stream log holds and every encoder reads.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/error.hpp"

namespace hayate::wire {

/// One stage of the turn, in milliseconds since the question arrived.
struct StageSpan {
    std::string name;
    double start_ms = 0;
    double end_ms = 0;
    std::string outcome;   // "ok", or why not: "timeout", "error", "skipped", "cancelled"
    std::string parent{};  // the stage that it is a part of; empty: the turn itself
    std::string detail{};  // why, in words; for operators, never sent to customers
    std::optional<double> budget_ms{};  // what it may take, where the intent says so
    bool is_critical = false;           // on the path that made the turn as long as it was
};

struct StatusEvent {
    std::string stage;  // understanding, looking_up, waiting, writing
    std::string text;   // in the customer's language
};
/// A product card. `json` is the card object.
struct CardEvent {
    std::string json;
};
/// Where the answer comes from. `json` is the source object.
struct SourceEvent {
    std::string json;
};
struct DeltaEvent {
    std::string text;  // whole code points
};

/// What a turn's spans say together (core/observe/analysis.hpp).
struct TraceSummary {
    double sequential_ms = 0;  // the same work, one after another
    double taken_ms = 0;       // the time in which something of it ran
    double saved_ms = 0;
};

enum class FinishState : uint8_t { kStop, kLength, kStopped };

struct FinalEvent {
    FinishState finish = FinishState::kStop;
    std::string text_sha256;  // hex, of the whole answer
    int64_t prompt_tokens = 0;
    int64_t completion_tokens = 0;
    bool usage_is_estimated = false;
    double first_word_ms = 0;
    double total_ms = 0;
    std::vector<StageSpan> stages;
    std::optional<TraceSummary> summary;  // only for those who asked for the trace
    std::string model;                    // empty: answered from templates
    int sources = 0;
    std::vector<std::string> degraded;     // names of what was missing
    std::vector<std::string> notes;        // the same, told in the customer's language
    std::vector<std::string> suggestions;  // replies to choose from: the answer asked back
};
struct ErrorEvent {
    base::ErrorKind kind = base::ErrorKind::kInternal;
    std::string code;
    std::string message;
    bool is_retryable = false;
    std::optional<int64_t> retry_after_ms;
};

struct AnswerEvent {
    uint64_t seq = 0;  // from 1 in each response, without gaps
    std::variant<StatusEvent, CardEvent, SourceEvent, DeltaEvent, FinalEvent, ErrorEvent> body;

    [[nodiscard]] bool is_last() const {
        return std::holds_alternative<FinalEvent>(body) || std::holds_alternative<ErrorEvent>(body);
    }
};
/// Shared by all readers of a log, on any shard; never changed after it was made.
using SharedEvent = std::shared_ptr<const AnswerEvent>;

}  // namespace hayate::wire
