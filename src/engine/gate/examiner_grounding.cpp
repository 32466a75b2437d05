// Examiner, the second part: the facts and names of a sentence against what it may rest on.

#include <algorithm>
#include <array>
#include <utility>

#include "core/text/normalise.hpp"
#include "core/text/pattern.hpp"
#include "engine/gate/claims.hpp"
#include "engine/gate/content.hpp"
#include "engine/gate/examiner.hpp"

namespace hayate::gate {
namespace {

constexpr std::array<Feature, 7> kFeatureOf{Feature::kTitle, Feature::kPerson, Feature::kPrice,
                                            Feature::kDate,  Feature::kVolume, Feature::kNumber,
                                            Feature::kOrder};

Feature feature_of(FactKind kind) { return kFeatureOf.at(static_cast<size_t>(kind)); }

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_letter(char c) { return is_upper(c) || (c >= 'a' && c <= 'z'); }

/// The words in capitals that English writes so anyway.
bool is_common_name(std::string_view word) {
    static constexpr std::array<std::string_view, 34> kCommon{
        "I",       "English",   "Japanese", "Japan",    "ISBN",     "Vol",   "Volume",
        "Edition", "Box",       "Set",      "FAQ",      "OK",       "Yes",   "No",
        "January", "February",  "March",    "April",    "May",      "June",  "July",
        "August",  "September", "October",  "November", "December", "Price", "Release",
        "Author",  "Stock",     "Monday",   "Friday",   "Saturday", "Sunday"};
    return std::ranges::count(kCommon, word) > 0;
}

/// "If you like X", "Xが好きな方", "similar to X": what the customer has, not what the shop has.
bool is_taste(const text::Units& units, const Fact& title) {
    constexpr size_t kNear = 24;
    static const text::Pattern after(R"(^[\s\pP]*(が|を|の)?(お)?(好き|読んだ|読み終|楽し|気に入))"
                                     R"(|^[\s\pP]*(みたい|のよう|に似|に近い|ファン))");
    static const text::Pattern before(
        R"(\b(likes?|liked|loves?|loved|enjoy(s|ed)?|similar to|fans? of|finished|reading))"
        R"([\s\pP]*$)");
    if (title.kind != FactKind::kTitle) return false;
    const std::string_view text = units.text();
    const size_t begin = units.all()[title.begin].begin;
    const size_t from = begin > kNear ? begin - kNear : 0;
    return after.find(text.substr(units.all()[title.end - 1].end)).has_value() ||
           before.find(text.substr(from, begin - from)).has_value();
}

/// "Under 13,000 yen", "3000円以内": a limit that the customer set.
bool is_limit(const text::Units& units, const Fact& price) {
    static const text::Pattern before(
        R"(\b(under|below|within|less than|up to|at most|over|above|at least|more than|budget of)"
        R"(( the| your)?[\s\pP]*$)");
    static const text::Pattern after(R"(^[\s\pP]*(以下|以内|未満|まで|以上|の予算))");
    const std::string_view text = units.text();
    return before.find(text.substr(0, units.all()[price.begin].begin)).has_value() ||
           after.find(text.substr(units.all()[price.end - 1].end)).has_value();
}

struct Quote {
    std::string_view open;
    std::string_view close;
};

}  // namespace

void Examiner::read_grounding(std::string_view raw, bool is_whole) {
    const auto is_at_end = [&](const Fact& fact) { return fact.end == units_.all().size(); };
    if (!is_whole) std::erase_if(facts_, is_at_end);
    last_title_before_ = last_title_;
    last_volume_before_ = last_volume_;
    note_amounts();
    std::optional<size_t> title;
    for (size_t i = 0; i < facts_.size(); ++i) {
        if (facts_[i].kind == FactKind::kTitle) title = i;
        check_fact(i, title);
    }
    if (!is_whole) return;
    amounts_before_ = amounts_;
    for (const Fact& fact : facts_) {
        if (fact.kind == FactKind::kTitle) last_title_ = fact;
        if (fact.kind == FactKind::kVolume && !fact.is_count) last_volume_ = fact;
    }
    content_.clear();
    append_content(units_, content_);
    make_set(content_);
    check_words();
    check_far_facts();
    check_names(raw);
    check_quotes(raw);
    check_contradiction();
    check_comparison();
    check_makers();
    check_superlative();
    check_progress();
    check_begin_and_end();
    check_each();
    check_editions();
    check_whole();
    check_stock();
    check_denied_listing();
    check_refused();
    check_refused_answer();
    check_prices();
}

/// What may be computed with: what the customer and the sentences before have named, and what this
/// one states that is known.
void Examiner::note_amounts() {
    amounts_ = amounts_before_;
    amounts_.add_number_words(units_);
    for (size_t i = 0; i < facts_.size(); ++i) {
        if (is_group_known(i)) amounts_.add(facts_[i]);
    }
}

/// One of the facts that stand where this one stands is known.
bool Examiner::is_group_known(size_t index) const {
    return std::ranges::any_of(facts_, [&](const Fact& fact) {
        const bool is_same = fact.begin == facts_[index].begin && fact.kind == facts_[index].kind;
        return is_same && grounds_->is_known(fact);
    });
}

/// So many books of an order, of which a price is reckoned; not how many volumes there are.
bool Examiner::is_bought(const Fact& count) const {
    constexpr int64_t kMany = 10;
    if (count.kind != FactKind::kVolume || !count.is_count || count.low > kMany) return false;
    const bool has_price =
        std::ranges::any_of(facts_, [](const Fact& fact) { return fact.kind == FactKind::kPrice; });
    const auto all = units_.all();
    const std::string_view last = units_.text(all[count.end - 1]);
    // 全3冊 is the number of volumes.
    const bool is_whole = count.begin > 0 && units_.text(all[count.begin - 1]).ends_with("全");
    return has_price && !is_whole && (last.starts_with("冊") || last == "books");
}

void Examiner::check_fact(size_t index, std::optional<size_t> title) {
    const Fact& fact = facts_[index];
    // Topics, too.
    if (fact.is_slight && !grounds_->is_asked_by_name(fact)) return;
    const bool is_stated = !is_denying_ && !is_asking_;
    if (!is_group_known(index)) {
        // "I cannot tell whether a volume 39 is coming"; "two books, so 1,056 yen".
        const bool is_named = fact.kind == FactKind::kVolume && !fact.is_count && !is_stated;
        if (is_named || is_bought(fact)) return;
        const bool is_amount = fact.kind == FactKind::kPrice || fact.kind == FactKind::kNumber ||
                               fact.kind == FactKind::kVolume || fact.kind == FactKind::kDate;
        const bool is_computed =
            is_amount &&
            (follows(fact, amounts_) || grounds_->is_rewarded(fact, amounts_.prices()) ||
             grounds_->is_computable(fact, computation_in(units_.text())));
        if (is_computed) amounts_.add(fact);
        return evidence_.raise(is_computed ? Feature::kComputed : feature_of(fact.kind), 1);
    }
    if (grounds_->is_only_asked(fact)) {
        // "At 6,000 yen you pay no postage": a sum that the customer named belongs to no title.
        const bool is_sum =
            fact.kind == FactKind::kPrice && ((!title && !last_title_) || is_limit(units_, fact));
        if (is_stated && !is_sum && !is_taste(units_, fact))
            evidence_.raise(Feature::kOnlyAsked, 1);
        return;
    }
    if (fact.kind == FactKind::kTitle) return;
    const Fact* of = owner_of(index, title);
    if (of == nullptr || !grounds_->is_known(*of) || grounds_->is_only_asked(*of)) return;
    // "We have no volume 30": of course it stands nowhere.
    if (fact.kind == FactKind::kVolume && !is_stated) return;
    check_pair(*of, fact);
    if (fact.kind == FactKind::kPrice) check_volume_price(*of, index, title.value_or(0));
}

/// "Vol. 11 costs 550 yen" although only the first volume is listed, or at another price.
void Examiner::check_volume_price(const Fact& title, size_t price, size_t from) {
    const auto is_volume = [](const Fact& fact) {
        return fact.kind == FactKind::kVolume && !fact.is_count;
    };
    const auto own = std::span(facts_).subspan(from);
    const Fact* volume = nullptr;
    for (const Fact& fact : own.first(price - from)) {
        if (is_volume(fact)) volume = &fact;
        // What it costs has been said: "Vol. 1 costs 528 yen, and all of them 11,800".
        if (fact.kind == FactKind::kPrice) volume = nullptr;
    }
    const bool has_price_before = std::ranges::any_of(
        own.first(price - from), [](const Fact& fact) { return fact.kind == FactKind::kPrice; });
    // Of the sentence before only if this one names neither another title nor another volume.
    const bool is_alone = facts_[from].kind != FactKind::kTitle && !has_price_before &&
                          std::ranges::none_of(own, is_volume);
    if (volume == nullptr && is_alone && last_volume_) volume = &*last_volume_;
    if (volume == nullptr || volume->low != volume->high || !grounds_->is_of_a_title(facts_[price]))
        return;
    switch (grounds_->listing_of(title, *volume, &facts_[price])) {
        case Grounds::Listing::kUnlisted:
            return evidence_.raise(Feature::kOnlyAsked, 1);
        case Grounds::Listing::kOtherwise:
            return evidence_.raise(Feature::kMismatch, 1);
        case Grounds::Listing::kListed:
            return;
    }
}

/// A fact that is known, but of something else than the title before it.
void Examiner::check_pair(const Fact& title, const Fact& said) {
    constexpr int64_t kDay = 100;
    const bool is_full_date = said.kind == FactKind::kDate && said.low % kDay != 0;
    const bool is_near_enough = said.kind == FactKind::kPerson || said.kind == FactKind::kVolume;
    if (said.kind != FactKind::kPrice && !is_full_date && !is_near_enough) return;
    if (grounds_->are_together(title, said, is_near_enough)) return;
    // What no title stands beside (a shipping fee) is nobody's.
    if (is_near_enough || grounds_->is_of_a_title(said)) evidence_.raise(Feature::kMismatch, 1);
}

/// "350 yen, and free from 3,000 yen": both are known, but no document has both. What a title
/// stands beside is check_pair()'s.
void Examiner::check_prices() {
    constexpr float kSuspicion = 0.6F;
    std::vector<Fact> prices;
    for (const Fact& fact : facts_) {
        if (fact.kind == FactKind::kTitle && !fact.is_slight) return;
        const bool is_price = fact.kind == FactKind::kPrice && grounds_->is_known(fact);
        if (is_price && !grounds_->is_only_asked(fact)) prices.push_back(fact);
    }
    // Two documents may be compared: "800 yen for Okinawa, 1,000 less than for Taiwan".
    if (prices.size() < 2 || grounds_->are_in_one(prices)) return;
    if (computation_in(units_.text()) != Computation::kDifference)
        evidence_.raise(Feature::kMismatch, kSuspicion);
}

/// Words in capitals inside an English sentence, long katakana words in a Japanese one.
void Examiner::check_names(std::string_view raw) {
    constexpr size_t kKatakanaMin = 4;
    constexpr float kMany = 3;
    float unknown = 0;
    bool is_first = true;
    for (size_t at = 0; at < raw.size();) {
        size_t end = at;
        while (end < raw.size() && is_letter(raw[end])) ++end;
        const std::string_view word = raw.substr(at, end - at);
        at = std::max(end, at + 1);
        if (word.empty()) continue;
        const bool is_name = is_upper(word[0]) && word.size() > 1 && !is_common_name(word);
        if (is_name && !is_first) {
            word_.read(word);
            const bool is_known =
                word_.all().empty() || grounds_->is_word_known(word_.all()[0].key);
            unknown += is_known ? 0 : 1;
        }
        is_first = false;
    }
    const auto all = units_.all();
    for (size_t begin = 0; begin < all.size();) {
        size_t end = begin;
        while (end < all.size() && all[end].script == text::Script::kKatakana &&
               (end == begin || units_.is_glued(end))) {
            ++end;
        }
        if (end - begin >= kKatakanaMin) {
            word_.read(units_.text().substr(all[begin].begin, all[end - 1].end - all[begin].begin));
            std::vector<uint64_t> pairs;
            append_content(word_, pairs);
            make_set(pairs);
            unknown += share_in(pairs, grounds_->words()) < 1 ? 1 : 0;
        }
        begin = std::max(end, begin + 1);
    }
    evidence_.raise(Feature::kName, std::min(unknown, kMany) / kMany);
}

/// 『...』, 「...」 and "...": something that has a name, so it should be known by it.
void Examiner::check_quotes(std::string_view raw) {
    static constexpr std::array<Quote, 4> kQuotes{
        {{"『", "』"}, {"「", "」"}, {"“", "”"}, {"\"", "\""}}};
    constexpr size_t kBytesMax = 120;
    for (const Quote& quote : kQuotes) {
        size_t at = 0;
        while ((at = raw.find(quote.open, at)) != std::string_view::npos) {
            const size_t begin = at + quote.open.size();
            const size_t end = raw.find(quote.close, begin);
            if (end == std::string_view::npos) break;
            at = end + quote.close.size();
            if (end - begin > kBytesMax) continue;
            word_.read(raw.substr(begin, end - begin));
            std::vector<uint64_t> words;
            append_content(word_, words);
            make_set(words);
            if (!words.empty() && share_in(words, grounds_->words()) < 1)
                evidence_.raise(Feature::kQuote, 1);
        }
    }
}

void Examiner::check_contradiction() {
    constexpr float kSameMatter = 0.8F;
    constexpr size_t kEnough = 3;
    constexpr float kDenied = 0.7F;
    constexpr float kSuspicion = 0.35F;
    const Polarity said = opening_polarity(units_.text());
    const Polarity known = grounds_->answer_polarity();
    const bool is_denial = is_denying_;
    bool is_quoted = false;
    for (const Statement& statement : grounds_->statements()) {
        if (statement.source != Source::kDocuments) continue;
        const float near = likeness(content_, statement.content);
        is_quoted |= near >= kSameMatter && !statement.is_question && statement.opening == said &&
                     statement.is_negative == is_denial;
    }
    // In a document's own words, or "no" to what one denies: right whatever the nearest question
    // is.
    const bool is_denied_too = said == Polarity::kNo && is_denial && grounds_->is_denied(claims_);
    const bool is_backed = (is_quoted && content_.size() >= kEnough) || is_denied_too;
    if (sentences_ == 0 && !is_backed && known != Polarity::kNeither && !is_refusing_) {
        // "はい、扱っておりません" agrees with a question that denies.
        const bool is_agreed = said == Polarity::kYes && known == Polarity::kNo && is_denying_ &&
                               grounds_->asks_negatively();
        // "No, we do not ship to India", and the nearest question is about other countries.
        const bool is_of_other =
            said == Polarity::kNo && (grounds_->asks_unknown() || grounds_->asks_untold());
        const bool is_opposite =
            said != Polarity::kNeither && said != known && !is_agreed && !is_of_other;
        const bool is_denied = said == Polarity::kNeither && known == Polarity::kYes &&
                               is_denying_ && grounds_->asks_whether();
        const float trust = grounds_->polarity_trust();
        if (is_opposite) evidence_.raise(Feature::kContradiction, trust);
        // Often it denies something else, which the customer ought to know.
        if (is_denied) evidence_.raise(Feature::kContradiction, kSuspicion * trust);
    }
    const bool says_yes = said == Polarity::kYes && sentences_ == 0;
    if (says_yes && !is_denying_ && grounds_->is_denied(claims_))
        evidence_.raise(Feature::kContradiction, 1);
    const auto is_denied = [&](uint64_t claim) {
        return contains(grounds_->asked_claims(), claim) && grounds_->is_only_denied(claim);
    };
    if (says_yes && !is_denying_ && std::ranges::any_of(claims_, is_denied))
        evidence_.raise(Feature::kContradiction, kDenied);
    if (says_yes && grounds_->asks_whether() && grounds_->is_unbacked(claims_))
        evidence_.raise(Feature::kUnbacked, 1);
    if (sentences_ == 0 && is_denying_ && grounds_->is_affirmed(claims_))
        evidence_.raise(Feature::kContradiction, kSuspicion);
    if (sentences_ == 0 && grounds_->is_off_topic(content_)) evidence_.raise(Feature::kOffTopic, 1);
}

}  // namespace hayate::gate
