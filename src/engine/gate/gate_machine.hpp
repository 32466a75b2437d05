#pragma once
// GateMachine: decides whether what a model writes may be shown. One per answer. Pure: text goes in
// as it comes from the model, an action comes out; no clock, no I/O, nothing is waited for.
//
//   HOLD ──► FLOW ──► DONE        HOLD: nothing has been shown; the answer can still be replaced.
//     │        │                  FLOW: something has; each further sentence is shown when it is
//     ▼        ▼                        whole and found good.
//  ESCALATED  CUT                 Both are final. What was not shown by then never will be.
//
// Driving it from a coroutine that gets batches of deltas:
//
//     GateMachine gate(grounds, {.profile = ..., .hold_tokens = ..., .weights = ...});
//     for each batch, for each delta:
//         const GateAction action = gate.feed(delta.text, delta.logprobs, delta.probe_logits);
//         show(action.show);                          // may be empty
//         if (action.verdict != Verdict::kGoOn) ...   // stop reading; see Verdict
//     at the end of the stream:
//         const GateAction action = gate.finish(was_cut_by_token_limit);   // the same again
//
// How long HOLD lasts is the profile. Each check costs some tens of microseconds and happens at
// the end of a sentence, at the end of HOLD, and at the end of the answer; other deltas cost
// little.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/base/deadline.hpp"
#include "engine/gate/examiner.hpp"
#include "engine/gate/features.hpp"
#include "engine/gate/grounds.hpp"

namespace hayate::gate {

enum class Profile : uint8_t {
    /// For answers that rest on no facts, such as greetings: everything is shown at once, and the
    /// detectors can only cut what follows.
    kDetectors,
    /// `hold_tokens` are held (or the first sentence, if it is shorter), the rest of the first
    /// sentence is shown as it comes, further ones when they are whole.
    kOpening,
    /// Nothing is shown before the sentence that it stands in is whole.
    kSentence,
    /// Nothing is shown before the answer is whole: for answers that nobody waits for. Held is what
    /// the limit of tokens allows.
    kWhole,
};
/// "detectors", "opening", "sentence", "whole".
[[nodiscard]] std::string_view name_of(Profile profile);

/// GateOptions::hold_tokens that fit into what is left of the time to the first word: at most 24,
/// where holding more finds little; 24 also at an unknown pace (0), which means a fast model.
[[nodiscard]] size_t affordable_hold(milliseconds left, double tokens_per_s);

struct GateOptions {
    Profile profile = Profile::kOpening;
    /// Only for kOpening; see affordable_hold(). 0: nothing is held.
    size_t hold_tokens = 0;
    /// The answer is bad from this probability on. Learning sets the bias so that few of the good
    /// answers reach it (bench/gate_learning.cpp).
    float threshold = 0.42F;
    /// An opening whose faults add so much to the log odds of a bad answer is doubtful: good enough
    /// to go on, not to be shown. It is held until its sentence is whole, and a better model may be
    /// begun meanwhile. What is expected of the model does not count here.
    float doubt = 0.53F;
    /// The share of the model's answers that is expected to be good, as it is configured; 0: not
    /// known, which counts like one half.
    double quality = 0;
    Weights weights = prior_weights();
};

enum class Verdict : uint8_t {
    kGoOn,
    /// Nothing was shown, and nothing will be: ask a better model, or answer without one.
    kEscalate,
    /// Something was shown. What follows is bad and held back: append a correction, or let another
    /// model continue after shown_bytes().
    kCut,
};

struct GateAction {
    /// To be shown now, before anything else happens. Whole code points, not whole graphemes; lives
    /// until the next call.
    std::string_view show;
    Verdict verdict = Verdict::kGoOn;
    Feature reason = Feature::kEmpty;  // what weighs most, unless kGoOn
    float probability = 0;             // that the answer is bad, as far as it was checked
    /// kCut: the beginning of the bad sentence has been shown already.
    bool is_in_sentence = false;
};

class GateMachine {
  public:
    enum class State : uint8_t { kHold, kFlow, kEscalated, kCut, kDone };

    GateMachine(std::shared_ptr<const Grounds> grounds, const GateOptions& options);

    /// `logprobs`: of the tokens in `text`; empty where the provider gives none, and then tokens
    /// are estimated. After a final state it does nothing.
    [[nodiscard]] GateAction feed(std::string_view text, std::span<const float> logprobs = {},
                                  std::span<const float> probe_logits = {});
    /// The model has nothing more to say. `is_cut`: because of its limit of tokens.
    [[nodiscard]] GateAction finish(bool is_cut);

    [[nodiscard]] State state() const { return state_; }
    /// Nothing has been shown, and what has come so far is doubtful.
    [[nodiscard]] bool is_doubtful() const { return is_doubtful_ && state_ == State::kHold; }
    [[nodiscard]] size_t shown_bytes() const { return shown_total_; }
    [[nodiscard]] size_t tokens() const { return tokens_; }
    /// For the log of outcomes, from which weights are learned.
    [[nodiscard]] const Evidence& evidence() const { return examiner_.evidence(); }

  private:
    [[nodiscard]] bool is_over() const { return state_ > State::kFlow; }
    void drop_shown();
    bool read_sentences(GateAction& action);
    bool read_opening(GateAction& action);
    /// False: the answer is bad, and `action` says what follows from it.
    bool is_good(GateAction& action);
    /// How much of pending_ the profile lets out, given that it is good so far.
    [[nodiscard]] size_t showable() const;
    GateAction show_up_to(size_t end);
    [[nodiscard]] GateAction act(GateAction action) const;

    GateOptions options_;
    Examiner examiner_;
    State state_ = State::kHold;
    /// What has come and is not yet both examined and shown.
    std::string pending_;
    size_t examined_ = 0;  // of pending_: whole sentences
    size_t shown_ = 0;     // of pending_
    size_t shown_total_ = 0;
    size_t tokens_ = 0;
    bool is_first_sentence_ = true;
    bool is_opening_checked_ = false;
    bool is_doubtful_ = false;
};

}  // namespace hayate::gate
