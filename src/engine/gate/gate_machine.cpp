#include "engine/gate/gate_machine.hpp"

#include <algorithm>
#include <array>

#include "engine/gate/sentences.hpp"

namespace hayate::gate {
namespace {

/// A sentence longer than this is judged in parts, so that what is held stays bounded.
constexpr size_t kSentenceBytesMax = 1200;

bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

/// About a quarter of the Latin letters, and all others: the common rule of thumb.
size_t estimated_tokens(std::string_view text) {
    size_t narrow = 0;
    size_t wide = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        narrow += byte < 0x80 ? 1 : 0;
        wide += (byte & 0xC0U) == 0xC0U ? 1 : 0;
    }
    return wide + (narrow + 3) / 4;
}

}  // namespace

std::string_view name_of(Profile profile) {
    static constexpr std::array<std::string_view, 4> kNames{"detectors", "opening", "sentence",
                                                            "whole"};
    return kNames.at(static_cast<size_t>(profile));
}

size_t affordable_hold(milliseconds left, double tokens_per_s) {
    constexpr double kMost = 24;
    if (left <= milliseconds::zero()) return 0;
    if (tokens_per_s <= 0) return static_cast<size_t>(kMost);
    return static_cast<size_t>(std::min(kMost, base::to_ms(left) / 1000 * tokens_per_s));
}

GateMachine::GateMachine(std::shared_ptr<const Grounds> grounds, const GateOptions& options)
    : options_(options),
      examiner_(std::move(grounds), options.profile != Profile::kDetectors, options.quality) {}

GateAction GateMachine::feed(std::string_view text, std::span<const float> logprobs,
                             std::span<const float> probe_logits) {
    if (is_over()) return act({});
    drop_shown();
    pending_ += text;
    tokens_ += logprobs.empty() ? estimated_tokens(text) : logprobs.size();
    examiner_.add_logprobs(logprobs);
    examiner_.add_probe_logits(probe_logits, logprobs);
    GateAction action;
    if (!read_sentences(action) || !read_opening(action)) return act(action);
    return act(show_up_to(showable()));
}

GateAction GateMachine::finish(bool is_cut) {
    if (is_over()) return act({});
    drop_shown();
    GateAction action;
    if (!read_sentences(action)) return act(action);
    const std::string_view rest = std::string_view(pending_).substr(examined_);
    if (!is_blank(rest)) examiner_.read_sentence(rest);
    examiner_.read_end(is_cut);
    if (!is_good(action)) return act(action);
    action = show_up_to(pending_.size());
    state_ = State::kDone;
    return act(action);
}

void GateMachine::drop_shown() {
    const size_t length = std::min(shown_, examined_);
    pending_.erase(0, length);
    shown_ -= length;
    examined_ -= length;
}

/// Examines the whole sentences that have come. False: one of them is bad.
bool GateMachine::read_sentences(GateAction& action) {
    while (true) {
        const std::string_view rest = std::string_view(pending_).substr(examined_);
        const auto end = sentence_end(rest, kSentenceBytesMax);
        if (!end) return true;
        examiner_.read_sentence(rest.substr(0, *end));
        if (!is_good(action)) return false;
        examined_ += *end;
        is_first_sentence_ = false;
    }
}

/// Examines what was held, once it is enough.
bool GateMachine::read_opening(GateAction& action) {
    const bool is_due = options_.profile == Profile::kOpening && state_ == State::kHold &&
                        is_first_sentence_ && !is_opening_checked_ && options_.hold_tokens > 0 &&
                        tokens_ >= options_.hold_tokens;
    if (!is_due) return true;
    is_opening_checked_ = true;
    examiner_.read_beginning(pending_);
    if (!is_good(action)) return false;
    is_doubtful_ = weigh(examiner_.evidence(), options_.weights).faults >= options_.doubt;
    return true;
}

bool GateMachine::is_good(GateAction& action) {
    const Opinion opinion = weigh(examiner_.evidence(), options_.weights);
    action.probability = opinion.probability;
    if (opinion.probability < options_.threshold) return true;
    action.reason = opinion.reason;
    if (shown_total_ == 0) {
        action.verdict = Verdict::kEscalate;
        state_ = State::kEscalated;
        return false;
    }
    // The sentences before the bad one are good.
    action.is_in_sentence = shown_ > examined_;
    action.show = show_up_to(examined_).show;
    action.verdict = Verdict::kCut;
    state_ = State::kCut;
    return false;
}

size_t GateMachine::showable() const {
    const bool is_opening_over =
        is_first_sentence_ && !is_doubtful_ && tokens_ >= options_.hold_tokens;
    switch (options_.profile) {
        case Profile::kDetectors:
            return pending_.size();
        case Profile::kOpening:
            return is_opening_over ? pending_.size() : examined_;
        case Profile::kSentence:
            return examined_;
        case Profile::kWhole:
            return 0;
    }
    return 0;
}

GateAction GateMachine::show_up_to(size_t end) {
    const auto text = std::string_view(pending_).substr(shown_, end > shown_ ? end - shown_ : 0);
    // White space alone does not begin an answer: after it nothing could be replaced.
    if (text.empty() || (shown_total_ == 0 && is_blank(text))) return {};
    shown_ += text.size();
    shown_total_ += text.size();
    state_ = State::kFlow;
    return {.show = text};
}

/// Every action tells how things stand.
GateAction GateMachine::act(GateAction action) const {
    const Opinion opinion = weigh(examiner_.evidence(), options_.weights);
    action.probability = opinion.probability;
    if (state_ == State::kEscalated) action.verdict = Verdict::kEscalate;
    if (state_ == State::kCut) action.verdict = Verdict::kCut;
    if (action.verdict != Verdict::kGoOn) action.reason = opinion.reason;
    return action;
}

}  // namespace hayate::gate
