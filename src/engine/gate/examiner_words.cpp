// Examiner, the third part: the words of a sentence, and the document that they rest on.

#include <algorithm>
#include <vector>

#include "engine/gate/claims.hpp"
#include "engine/gate/content.hpp"
#include "engine/gate/examiner.hpp"

namespace hayate::gate {

/// Pairs of characters where two known words meet (結作 in 完結作品) claim nothing.
void Examiner::read_claims() {
    placed_.clear();
    append_claims(units_, facts_, placed_);
    const auto is_known = [&](const Claim& claim) {
        return claim.is_courtesy || grounds_->is_subject(claim.key) ||
               contains(grounds_->known_claims(), claim.key) ||
               contains(grounds_->asked_claims(), claim.key);
    };
    is_explained_.assign(units_.all().size(), false);
    for (uint32_t i = 0; i < is_explained_.size(); ++i)
        is_explained_[i] = is_joined_only(units_.all()[i].key);
    for (const Claim& claim : placed_) {
        if (!is_known(claim)) continue;
        for (uint32_t i = claim.begin; i < claim.end; ++i) is_explained_[i] = true;
    }
    claims_.clear();
    for (const Claim& claim : placed_) {
        if (claim.is_courtesy || grounds_->is_subject(claim.key)) continue;
        const bool is_seam = claim.end == claim.begin + 2 && !is_known(claim) &&
                             is_explained_[claim.begin] && is_explained_[claim.begin + 1];
        if (!is_seam) claims_.push_back(claim.key);
    }
    make_set(claims_);
}

void Examiner::check_words() {
    constexpr size_t kEnough = 3;
    read_claims();
    const bool is_statement = !is_asking_ && !is_refusing_;
    const bool is_claim = is_statement && !is_own_lack(units_.text());
    if (claims_.empty()) return;
    const auto nearest = grounds_->nearest_to(claims_, only_title());
    size_t near = 0;
    size_t asked = 0;
    size_t elsewhere = 0;
    for (const uint64_t claim : claims_) {
        const bool is_near = contains(nearest, claim);
        const bool is_asked = contains(grounds_->asked_claims(), claim);
        near += is_near ? 1 : 0;
        asked += !is_near && is_asked ? 1 : 0;
        elsewhere += !is_near && !is_asked && contains(grounds_->known_claims(), claim) ? 1 : 0;
    }
    if (is_claim) {
        beside_ = std::min(beside_, grounds_->distance_to_question(nearest));
        evidence_.set(Feature::kBeside, beside_);
        evidence_.raise(Feature::kLowerRank, grounds_->rank_of(claims_, only_title()));
        check_restated();
        check_untold();
    }
    claim_count_ += claims_.size();
    novel_count_ += claims_.size() - near - asked - elsewhere;
    if (is_claim && !is_taken_up(units_.text())) asserted_count_ += asked;
    // Of all sentences so far: one odd word in every sentence of a long answer is usual.
    const auto share = [&](size_t part, size_t whole) {
        return static_cast<float>(part) / static_cast<float>(std::max(whole, kEnough));
    };
    evidence_.set(Feature::kNovelty, share(novel_count_, claim_count_));
    evidence_.set(Feature::kAsserted, share(asserted_count_, claim_count_));
    if (only_title() != nullptr && is_statement)
        evidence_.raise(Feature::kScatter, share(elsewhere, claims_.size()));
}

/// Something is stated of what nobody tells.
void Examiner::check_untold() {
    const bool is_stated = !is_denying_ && !has_refused_;
    if (is_stated && grounds_->asks_untold()) evidence_.raise(Feature::kUntold, 1);
}

/// "Can I pay with points alone?" "You can pay with points alone." Where the documents say so, some
/// of their words usually come along.
void Examiner::check_restated() {
    constexpr size_t kEnough = 3;
    constexpr float kTimes = 2;  // half of the words are as telling as all
    if (!grounds_->asks_whether()) return;
    stated_words_ += content_.size();
    restated_words_ += shared_count(content_, grounds_->asked_content());
    const float share =
        static_cast<float>(restated_words_) / static_cast<float>(std::max(stated_words_, kEnough));
    evidence_.set(Feature::kRestated, std::min(1.F, kTimes * share));
}

/// "The annual fee is 800 yen", which is the postage to remote islands.
void Examiner::check_far_facts() {
    if (is_asking_ || is_refusing_) return;
    std::vector<uint64_t> spoken(claims_);
    const auto asked = grounds_->asked_claims();
    spoken.insert(spoken.end(), asked.begin(), asked.end());
    make_set(spoken);
    for (const Fact& fact : facts_) {
        const bool is_value = fact.kind == FactKind::kPrice || fact.kind == FactKind::kDate ||
                              fact.kind == FactKind::kNumber;
        if (is_value && !grounds_->is_only_asked(fact))
            evidence_.raise(Feature::kFarFact, grounds_->distance_of(fact, spoken));
    }
}

/// The title that the sentence is about; null if it names none, or several.
const Fact* Examiner::only_title() const {
    const Fact* title = nullptr;
    for (const Fact& fact : facts_) {
        if (fact.kind != FactKind::kTitle || fact.is_slight) continue;
        if (title != nullptr && title->id != fact.id) return nullptr;
        title = &fact;
    }
    return title;
}

}  // namespace hayate::gate
