#pragma once
// What speaks against an answer, as numbers from 0 (nothing) up, and what each weighs. All weights
// but the bias are positive or zero: more evidence never makes an answer look better. Only what is
// expected of the model may be below 0, and it is known before the first word.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "engine/gate/attributes.hpp"

namespace hayate::gate {

enum class Feature : uint8_t {
    // Detectors: the form of the answer.
    kEmpty,            // no text at all
    kRefusal,          // "I'm sorry, but I cannot", "わかりません"
    kNeedlessRefusal,  // a refusal although the documents speak of what was asked: how surely
    kHedge,            // "as an AI", "probably", "かもしれません"
    kPromptTalk,       // "the provided context", "the user": about the prompt, not to the customer
    kDeed,             // "I have sent a new copy": what no answer can do
    kWrongLanguage,    // English to a Japanese question, or the other way round
    kWrongScript,      // Chinese characters or other scripts that neither language uses
    kEcho,             // the question, or a question of the documents, in place of an answer
    kLeak,             // role names, template marks, labels of the prompt
    kRepetition,       // the same words again
    kCode,             // code or JSON where prose is due
    kFragment,         // an answer without a sentence in it
    kUnfinished,       // cut off by the limit of tokens
    // Grounding: what the answer says, against what it may rest on.
    kTitle,
    kPerson,
    kPrice,
    kDate,
    kVolume,
    kNumber,
    kOrder,          // orders and ISBNs
    kQuote,          // a quoted title that nothing mentions
    kName,           // capitalised or katakana words that nothing mentions
    kComputed,       // a price that is a sum, a difference or a multiple of known ones
    kMismatch,       // a price, day or volume of another title
    kOnlyAsked,      // something stated that only the customer mentioned
    kAsserted,       // the share of words that only the customer used, in a statement
    kNovelty,        // the share of words that nothing mentions
    kScatter,        // the share of words that stand in documents, but not in that of the title
    kContradiction,  // "no" where the documents say "yes"
    kBeside,         // rests on another document than the question: how much farther away
    kUnbacked,       // "yes" where the document behind it does not say so
    kLowerRank,      // rests on a document that retrieval put behind another: how far behind
    kFarFact,        // a price, day or number of a document that is farther from all this
    kRestated,       // the question's own words given back as "yes" or "no"
    kOffTopic,       // taken from an answer to another question
    kUnanswered,     // says nothing, or nothing of the kind that was asked for: no price, no day
    kUntold,         // states something of what was asked, and no document speaks of that
    kStock,          // "out of stock" where the documents say how many there are, and vice versa
    // How unsure the model was, beyond the usual; 0 where that is not known.
    kTokenLeast,  // the mean -ln(p) of the five least likely tokens, above 0.8
    kState,       // what a probe reads in the model's state, as log odds of a bad answer, above 0
    // No fault of the answer: how often this model's are bad, as log odds; see expectation_of().
    kModel,
};
inline constexpr size_t kFeatures = static_cast<size_t>(Feature::kModel) + 1;
/// "needless_refusal", "only_asked" ...: stable, for logs, metrics and weight files.
[[nodiscard]] std::string_view name_of(Feature feature);

/// kModel for a model of which this share of answers is expected to be good, 0 to 1: the log odds
/// of a bad one, so 0 at one half, below it for a better model, and within -3 to 3. 0 also for
/// quality 0, which means that nothing is known. Must not be learned from the gate's own verdicts:
/// a model once called bad would stay so.
[[nodiscard]] float expectation_of(double quality);

class Evidence {
  public:
    [[nodiscard]] float operator[](Feature feature) const {
        return values_[static_cast<size_t>(feature)];
    }
    /// Keeps the larger value: evidence that was seen stays.
    void raise(Feature feature, float value) {
        float& at = values_[static_cast<size_t>(feature)];
        at = value > at ? value : at;
    }
    void set(Feature feature, float value) { values_[static_cast<size_t>(feature)] = value; }
    [[nodiscard]] const std::array<float, kFeatures>& all() const { return values_; }

  private:
    std::array<float, kFeatures> values_{};
};

struct Weights {
    float bias = 0;
    std::array<float, kFeatures> of{};
    /// Words for what the shop sells, which claim nothing in it.
    std::string subject;
    /// What customers ask and documents may not tell; null: nothing.
    std::shared_ptr<const Attributes> attributes;
};

/// Set by hand, for an assistant that has learned none: a single hard fact that is wrong, or a
/// detector that is never right, is enough for 0.5; soft signs need company.
[[nodiscard]] const Weights& prior_weights();

/// Lines "name value", one a feature, "bias", "subject" with words, and any number of lines
/// "attribute" with words (attributes.hpp); "#" begins a comment. A
/// feature that is not named has its prior weight: the file may be older than the feature. Fails on
/// an unknown name, a number that is none, or a negative weight.
[[nodiscard]] Result<Weights> parse_weights(std::string_view text);
[[nodiscard]] std::string to_text(const Weights& weights);

struct Opinion {
    float probability = 0;             // that the answer is bad
    float faults = 0;                  // what the answer's own faults add to the log odds of that
    Feature reason = Feature::kEmpty;  // the fault that weighs most; kEmpty also when none does
};
[[nodiscard]] Opinion weigh(const Evidence& evidence, const Weights& weights);

}  // namespace hayate::gate
