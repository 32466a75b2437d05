#include "engine/gate/examiner.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/text/utf8.hpp"
#include "engine/gate/content.hpp"
#include "engine/gate/phrases.hpp"
#include "engine/gate/scripts.hpp"

namespace hayate::gate {
namespace {

constexpr size_t kLogprobsMax = 4096;
constexpr size_t kShinglesMax = 4096;
constexpr float kLogprobFloor = -12.F;
constexpr float kProbeLogitMax = 20.F;

/// Documents that share a few words with the question do not yet answer it. Of a refusal that says
/// what it does not know, words are a suspicion only; examiner_refusal.cpp reads those.
float needlessness(float support, bool is_bare) {
    constexpr float kDoubtful = 0.4F;
    constexpr float kCertain = 0.7F;
    constexpr float kSuspicion = 0.5F;
    const float share = std::clamp((support - kDoubtful) / (kCertain - kDoubtful), 0.F, 1.F);
    return is_bare ? share : kSuspicion * share;
}

/// "I'm sorry, but I do not have that information", and no more.
bool is_bare_refusal(const text::Units& units, std::string_view language) {
    constexpr size_t kLetters = 55;
    constexpr size_t kJapaneseLetters = 26;
    return units.letter_count() <= (language == "ja" ? kJapaneseLetters : kLetters);
}

/// A token of probability 0 comes as minus infinity.
float usable(float logprob) {
    return std::isnan(logprob) ? 0 : std::clamp(logprob, kLogprobFloor, 0.F);
}

/// "Get in touch" does not speak of "Touch".
bool is_small_word(const text::Units& units, const Fact& fact, std::string_view raw) {
    if (fact.kind != FactKind::kTitle || fact.end != fact.begin + 1) return false;
    std::string word(units.text(units.all()[fact.begin]));
    if (word.empty() || word[0] < 'a' || word[0] > 'z') return false;
    const bool is_there = raw.contains(word);
    word[0] = static_cast<char>(word[0] - 'a' + 'A');
    return is_there && !raw.contains(word);
}

}  // namespace

Examiner::Examiner(std::shared_ptr<const Grounds> grounds, bool checks_facts, double quality)
    : grounds_(std::move(grounds)),
      checks_facts_(checks_facts),
      amounts_before_(grounds_->asked_amounts()) {
    evidence_.set(Feature::kModel, expectation_of(quality));
}

void Examiner::read_sentence(std::string_view sentence) {
    read_form(sentence, true);
    read_repetition();
    if (checks_facts_) read_grounding(sentence, true);
    ++sentences_;
}

void Examiner::read_beginning(std::string_view beginning) {
    read_form(beginning, false);
    if (checks_facts_) read_grounding(beginning, false);
}

void Examiner::read_end(bool is_cut) {
    if (letters_ == 0) evidence_.set(Feature::kEmpty, 1);
    if (is_cut) evidence_.set(Feature::kUnfinished, 1);
    if (letters_ > 0 && !has_sentence_ && !is_cut && !is_bare_fact_)
        evidence_.set(Feature::kFragment, 1);
    const bool has_not_chosen =
        grounds_->asks_which() && grounds_->asked_titles().size() > 1 && !has_title_;
    const bool says_nothing =
        grounds_->expects_answer() && claim_count_ == 0 && !has_fact_ && !has_polarity_;
    if (checks_facts_ && letters_ > 0 && !has_refused_ &&
        (says_nothing || has_not_chosen || lacks(grounds_->wanted())))
        evidence_.set(Feature::kUnanswered, 1);
}

bool Examiner::lacks(Wanted wanted) const {
    switch (wanted) {
        case Wanted::kTitle:
            return !has_title_;
        case Wanted::kOtherTitle:
            return !has_other_title_;
        case Wanted::kPrice:
            return !has_price_;
        case Wanted::kTime:
            return !has_time_;
        case Wanted::kCount:
            return !has_number_;
        case Wanted::kAnything:
            return false;
    }
    return false;
}

void Examiner::add_logprobs(std::span<const float> logprobs) {
    for (const float logprob : logprobs) {
        if (logprobs_.size() == kLogprobsMax) break;
        logprobs_.push_back(usable(logprob));
    }
}

void Examiner::read_logprobs() {
    constexpr size_t kLeast = 5;
    // Only what is beyond the usual counts, so that a provider without logprobs is not favoured.
    constexpr float kUsual = 0.8F;
    if (logprobs_.empty()) return;
    sorted_ = logprobs_;
    const size_t count = std::min(kLeast, sorted_.size());
    std::ranges::partial_sort(sorted_, sorted_.begin() + static_cast<ptrdiff_t>(count));
    float sum = 0;
    for (size_t i = 0; i < count; ++i) sum -= sorted_[i];
    evidence_.set(Feature::kTokenLeast, std::max(0.F, sum / static_cast<float>(count) - kUsual));
}

float probe_weight(float logprob) {
    constexpr float kOfCertain = 0.1F;
    return std::min(1.F, -logprob) + kOfCertain;
}

void Examiner::add_probe_logits(std::span<const float> logits, std::span<const float> logprobs) {
    for (size_t i = 0; i < logits.size(); ++i) {
        const float weight = i < logprobs.size() ? probe_weight(usable(logprobs[i])) : 1.F;
        const float logit = std::isnan(logits[i]) ? 0.F : logits[i];
        probe_sum_ += weight * std::clamp(logit, -kProbeLogitMax, kProbeLogitMax);
        probe_weight_ += weight;
    }
}

void Examiner::read_probe() {
    if (probe_weight_ == 0) return;
    evidence_.set(Feature::kState, std::max(0.F, static_cast<float>(probe_sum_ / probe_weight_)));
}

/// Everything that can be told without knowing what is true.
void Examiner::read_form(std::string_view raw, bool is_whole) {
    units_.read(raw);
    const std::string_view text = units_.text();
    read_facts(units_, grounds_->finder(), scratch_, facts_);
    for (Fact& fact : facts_) fact.is_slight |= is_small_word(units_, fact, raw);
    is_refusing_ = is_refusal(text);
    is_denying_ = is_negative(text);
    is_asking_ = is_question(text);
    if (is_refusing_) {
        evidence_.raise(Feature::kRefusal, 1);
        evidence_.raise(
            Feature::kNeedlessRefusal,
            needlessness(grounds_->support(), is_bare_refusal(units_, grounds_->language())));
    }
    if (is_deed(text)) evidence_.raise(Feature::kDeed, 1);
    if (is_hedge(text)) evidence_.raise(Feature::kHedge, 1);
    if (!is_refusing_ && is_prompt_talk(text)) evidence_.raise(Feature::kPromptTalk, 1);
    if (is_code(text)) evidence_.raise(Feature::kCode, 1);
    if (is_template_mark(text) || grounds_->begins_with_label(text))
        evidence_.raise(Feature::kLeak, 1);
    read_language();
    read_echo(raw, is_whole);
    read_logprobs();
    read_probe();
    if (is_whole) read_ending(raw);
}

void Examiner::read_ending(std::string_view raw) {
    static constexpr std::array<std::string_view, 9> kEnds{".",  "!",  "?",  ":", "。",
                                                           "！", "？", "」", "）"};
    letters_ += units_.letter_count();
    const std::string_view text = raw.substr(0, raw.find_last_not_of(" \t\r\n*\"')") + 1);
    has_sentence_ |=
        std::ranges::any_of(kEnds, [&](std::string_view end) { return text.ends_with(end); });
    uint32_t in_facts = 0;
    for (const Fact& fact : facts_) in_facts += fact.end - fact.begin;
    is_bare_fact_ &= 3 * in_facts >= units_.all().size();
    note_kinds();
    // "The eternal debate! Our documents do not settle it."
    if (has_refused_) evidence_.set(Feature::kUntold, 0);
}

/// What the answer has of the kinds that a question may want.
void Examiner::note_kinds() {
    static constexpr std::array<std::string_view, 6> kFree{
        "free", "no charge", "included", "無料", "かかりません", "いただきません"};
    static constexpr std::array<std::string_view, 8> kTimes{
        "not yet", "already", "today", "soon", "未定", "すでに", "当日", "まもなく"};
    const auto has_any = [&](auto words) {
        return std::ranges::any_of(
            words, [&](std::string_view word) { return units_.text().contains(word); });
    };
    has_price_ |= has_any(kFree);
    has_time_ |= has_any(kTimes);
    has_refused_ |= is_refusing_ || is_own_lack(units_.text()) || (sentences_ == 0 && is_denying_);
    has_polarity_ |= opening_polarity(units_.text()) != Polarity::kNeither;
    has_fact_ |= !facts_.empty();
    for (const Fact& fact : facts_) {
        has_title_ |= fact.kind == FactKind::kTitle;
        has_other_title_ |= fact.kind == FactKind::kTitle && !grounds_->is_asked(fact);
        has_price_ |= fact.kind == FactKind::kPrice;
        has_number_ |= fact.kind == FactKind::kVolume || fact.kind == FactKind::kNumber;
        const bool is_duration =
            fact.counted_in >= CountedIn::kMinutes && fact.counted_in <= CountedIn::kYears;
        has_time_ |= fact.kind == FactKind::kDate || is_duration;
    }
}

bool Examiner::is_in_name(uint32_t unit) const {
    return std::ranges::any_of(facts_, [&](const Fact& fact) {
        const bool is_name = fact.kind == FactKind::kTitle || fact.kind == FactKind::kPerson;
        return is_name && fact.begin <= unit && unit < fact.end;
    });
}

void Examiner::read_language() {
    ScriptCounts counts;
    const auto all = units_.all();
    for (uint32_t i = 0; i < all.size(); ++i) {
        if (!is_in_name(i)) counts.add(units_.text(all[i]), all[i].script);
    }
    const bool is_for_japanese = grounds_->language() == "ja";
    if (is_for_japanese ? counts.reads_english() : counts.reads_japanese())
        evidence_.raise(Feature::kWrongLanguage, 1);
    const bool reads_chinese = counts.reads_chinese() || has_chinese_words(units_.text());
    if (reads_chinese || counts.reads_foreign())
        evidence_.raise(is_for_japanese ? Feature::kWrongScript : Feature::kWrongLanguage, 1);
}

void Examiner::read_echo(std::string_view raw, bool is_whole) {
    constexpr float kQuestionLike = 0.6F;
    constexpr float kSame = 0.85F;
    pairs_.clear();
    append_pairs(units_, pairs_);
    make_set(pairs_);
    // Later on, coming back to the question is manners; with a colon behind it, it is a heading.
    const std::string_view text = raw.substr(0, raw.find_last_not_of(" \t\r\n*") + 1);
    const bool is_heading = text.ends_with(":") || text.ends_with("：");
    if (!is_whole || sentences_ > 0 || is_heading) return;
    float most = 0;
    for (const auto& question : grounds_->questions())
        most = std::max(most, likeness(pairs_, question));
    // "Yes, you can pay with points alone" answers, in the customer's own words; so does "the
    // longer one is X", and what adds a value.
    const bool is_added =
        !grounds_->asks_which() && std::ranges::any_of(facts_, [&](const Fact& fact) {
            return fact.kind != FactKind::kTitle && !fact.is_slight && !grounds_->is_asked(fact) &&
                   grounds_->is_known(fact);
        });
    const bool has_said = opening_polarity(units_.text()) != Polarity::kNeither;
    const bool is_answer = !is_asking_ && (has_said || is_added || is_choice());
    const bool is_alike = most >= kSame || (most >= kQuestionLike && is_asking_);
    const bool is_echo = is_alike && !is_answer;
    if (is_echo) evidence_.raise(Feature::kEcho, most);
}

/// Of the titles that it asks about, the question wants one; the sentence names one alone, or one
/// again: "X and Y: the longer one is X".
bool Examiner::is_choice() const {
    size_t named = 0;
    std::vector<uint64_t> titles;
    for (const Fact& fact : facts_) {
        if (fact.kind != FactKind::kTitle || fact.is_slight || !grounds_->is_asked(fact)) continue;
        ++named;
        if (std::ranges::count(titles, fact.id) == 0) titles.push_back(fact.id);
    }
    const bool is_one = titles.size() == 1 || named > titles.size();
    return grounds_->asks_which() && is_one && grounds_->asked_titles().size() > 1;
}

/// Shingles of so many units that two sentences about two things do not share them by chance.
void Examiner::read_repetition() {
    constexpr size_t kWords = 6;
    constexpr size_t kCharacters = 10;
    constexpr size_t kEnough = 12;
    const auto all = units_.all();
    for (size_t end = 1; end <= all.size(); ++end) {
        const size_t length = text::is_japanese(all[end - 1].script) ? kCharacters : kWords;
        if (end < length || shingle_count_ == kShinglesMax) continue;
        uint64_t shingle = length;
        for (size_t i = end - length; i < end; ++i) shingle = text::mix(shingle, all[i].key);
        const size_t before = shingles_.size();
        shingles_.add(shingle, 1);
        ++shingle_count_;
        if (shingles_.size() == before) ++repeated_count_;
    }
    if (shingle_count_ < kEnough) return;
    const float share = static_cast<float>(repeated_count_) / static_cast<float>(shingle_count_);
    evidence_.raise(Feature::kRepetition, std::min(1.F, 2 * share));
}

}  // namespace hayate::gate
