#pragma once
// What became of a turn's answer: one row a turn, for later learning. Neither the question nor the
// answer is in it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "io/store/types.hpp"

namespace hayate::store {

enum class Verdict : uint8_t {
    kApproved,   // by the gate
    kEscalated,  // approved, after the gate had rejected another model's answer
    kCorrected,  // the gate found a fault when some of it had been shown
    kDegraded,   // the shop's own words, because no model's answer would do
    kUnchecked,  // a model's answer that no gate looked at
    kPrepared,   // from templates, as planned
    kAskedBack,  // a question: which of two or three things the customer means
    kStopped,    // by the customer, or nobody waited any more
    kFailed,     // ended in an error
    kUnknown,    // of a turn from before outcomes were kept
};
/// "approved", "escalated", ...
[[nodiscard]] std::string_view name_of(Verdict verdict);
[[nodiscard]] std::optional<Verdict> verdict_of(std::string_view name);

struct Outcome {
    int64_t number = 0;  // from 1; later turns have larger ones
    std::string response_id;
    Owner owner;          // the subject is empty when the conversation has been removed, and so is
    std::string session;  // this; also empty for API turns
    std::string intent;   // empty: unsure
    std::string language;
    std::string tier;   // of complexity: "L", "M", "H"
    std::string model;  // empty: answered from templates
    Verdict verdict = Verdict::kUnknown;
    std::string reason;  // what the gate found in a corrected answer; the kind of a failure's error
    /// Answers that the gate rejected before: [{"model", "reason", "position"}], in their order.
    std::string rejected_json = "[]";
    std::string degraded_json = "[]";  // names of what was missing
    /// Where it stands among the outcomes of its intent, tier and model (QualityTable); 0: nowhere.
    int64_t position = 0;
    Thumb thumb = Thumb::kNone;
    std::optional<int64_t> thumb_ms;  // when it was given or last changed
    int64_t first_word_ms = 0;
    int64_t total_ms = 0;
    int64_t created_ms = 0;
};

/// What one outcome teaches about one model.
struct Lesson {
    std::string intent;
    std::string tier;
    std::string model;
    int64_t position = 0;
    Verdict verdict = Verdict::kUnknown;
    bool is_rejected = false;  // the gate threw this model's answer away
    Thumb thumb = Thumb::kNone;
    friend bool operator==(const Lesson&, const Lesson&) = default;
};

/// A thumb that has been set: the lesson as it is now, and the thumb that it had before.
struct Thumbed {
    Lesson lesson;
    Thumb before = Thumb::kNone;
};

inline constexpr int kOutcomesPerPageMax = 200;

struct OutcomeFilter {
    std::optional<Verdict> verdict;
    std::optional<Thumb> thumb;
    std::optional<std::string> intent;
};

}  // namespace hayate::store
