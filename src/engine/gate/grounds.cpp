#include "engine/gate/grounds.hpp"

#include <algorithm>
#include <utility>

#include "core/text/normalise.hpp"
#include "engine/gate/claims.hpp"
#include "engine/gate/content.hpp"
#include "engine/gate/sentences.hpp"
#include "engine/gate/series.hpp"

namespace hayate::gate {
namespace {

constexpr size_t kTextBytesMax = 65536;
constexpr size_t kSentenceBytesMax = 2000;
constexpr size_t kLabelBytesMax = 32;

std::string_view next_line(std::string_view& text) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

bool is_mixed(std::string_view sentence) {
    const auto clauses = clauses_of(sentence);
    return is_negative(sentence) && std::ranges::any_of(clauses, [&](const auto& clause) {
               return !is_negative(sentence.substr(clause.first, clause.second - clause.first));
           });
}

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r") == line.npos; }

/// Of lines that are questions whatever their form: "Question: My parcel is late".
bool is_question_label(std::string_view label) {
    return label == "question:" || label == "質問:" || label == "q:";
}

/// The length of "Question: " or "[Product: " at the beginning of a normalised line, or 0.
size_t label_length(std::string_view line) {
    if (line.starts_with('-')) return 0;
    const size_t end = line.find_first_of(":]");
    return end == std::string_view::npos || end > kLabelBytesMax ? 0 : end + 1;
}

}  // namespace

Grounds::Grounds(const GroundTexts& texts, std::shared_ptr<const understand::EntityFinder> finder)
    : finder_(std::move(finder)), language_(texts.language), expected_(texts.expected) {
    units_.read(texts.subject);
    append_claims(units_, {}, subject_);
    make_set(subject_);
    read(texts.question, Source::kQuestion);
    units_.read(texts.question);
    asked_amounts_.add_number_words(units_);
    wanted_ = wanted_by(units_.text());
    asked_makers_ = makers_of(units_.text());
    asked_superlative_ = superlative_in(units_.text());
    asked_ranking_ = ranking_asked(units_.text());
    asked_progress_ = progress_in(units_.text());
    asks_which_ = gate::asks_which(units_.text());
    asks_whether_ = gate::asks_whether(units_.text());
    asks_negatively_ = is_negative(units_.text()) || units_.text().contains("ない");
    read_asked_names(texts.question);
    append_content(units_, asked_);
    make_set(asked_);
    append_pairs(units_, questions_.emplace_back());
    make_set(questions_.back());
    if (texts.attributes != nullptr) untold_ = texts.attributes->named_in(units_.text());
    attributes_ = texts.attributes;
    first_paragraph_ = paragraph_;
    read(texts.documents, Source::kDocuments);
    read(texts.conversation, Source::kConversation);
    attributes_ = nullptr;
    for (const Statement& statement : statements_) {
        words_.insert(words_.end(), statement.content.begin(), statement.content.end());
    }
    make_set(words_);
    for (const Statement& statement : statements_) {
        if (statement.source != Source::kQuestion) continue;
        for (const Fact& fact : facts_of(statement)) asked_amounts_.add_asked(fact);
    }
    collect_documents();
    find_nearest_answer();
    weigh_support();
}

void Grounds::collect_documents() {
    for (const Statement& statement : statements_) {
        const bool is_asked = statement.source == Source::kQuestion;
        auto& claims = is_asked ? asked_claims_ : known_claims_;
        claims.insert(claims.end(), statement.claims.begin(), statement.claims.end());
    }
    make_set(asked_claims_);
    make_set(known_claims_);
    for (const Statement& statement : statements_) {
        if (statement.source == Source::kQuestion) continue;
        if (documents_.empty() || documents_.back().paragraph != statement.paragraph)
            documents_.push_back({{}, statement.paragraph, statement.source == Source::kDocuments});
        auto& claims = documents_.back().claims;
        claims.insert(claims.end(), statement.claims.begin(), statement.claims.end());
    }
    for (Document& document : documents_) make_set(document.claims);
}

const Grounds::Document* Grounds::nearest_document(std::span<const uint64_t> claims,
                                                   const Fact* title) const {
    const Document* nearest = nullptr;
    size_t most = 0;
    bool is_most_of_title = false;
    for (const Document& document : documents_) {
        const bool is_of_title = title != nullptr && is_in_paragraph(*title, document.paragraph);
        const size_t shared = shared_count(claims, document.claims);
        const bool is_nearer = nearest == nullptr || (is_of_title && !is_most_of_title) ||
                               (is_of_title == is_most_of_title && shared > most);
        if (!is_nearer) continue;
        nearest = &document;
        most = shared;
        is_most_of_title = is_of_title;
    }
    return nearest;
}

std::span<const uint64_t> Grounds::nearest_to(std::span<const uint64_t> claims,
                                              const Fact* title) const {
    const Document* nearest = nearest_document(claims, title);
    return nearest == nullptr ? std::span<const uint64_t>() : nearest->claims;
}

float Grounds::rank_of(std::span<const uint64_t> claims, const Fact* title) const {
    constexpr float kLowest = 2;
    const Document* nearest = expects_answer() ? nearest_document(claims, title) : nullptr;
    if (nearest == nullptr || !nearest->is_retrieved || shared_count(claims, nearest->claims) == 0)
        return 0;
    const auto rank = static_cast<float>(nearest - documents_.data());
    return std::min(rank, kLowest) / kLowest;
}

float Grounds::distance_of(const Fact& said, std::span<const uint64_t> spoken) const {
    bool is_held = false;
    size_t own = 0;
    size_t most = 0;
    for (const Document& document : documents_) {
        const size_t shared = shared_count(spoken, document.claims);
        if (document.is_retrieved) most = std::max(most, shared);
        if (!is_in_paragraph(said, document.paragraph)) continue;
        is_held = true;
        own = std::max(own, shared);
    }
    if (!is_held || own >= most) return 0;
    return 1 - static_cast<float>(own) / static_cast<float>(most);
}

float Grounds::share_answered(std::span<const uint64_t> claims) const {
    float most = 0;
    for (const QuestionLine& line : question_lines_) {
        const auto document = std::ranges::find(documents_, line.paragraph, &Document::paragraph);
        if (document != documents_.end()) most = std::max(most, share_in(claims, document->claims));
    }
    return most;
}

bool Grounds::is_denied(std::span<const uint64_t> claims) const {
    constexpr size_t kEnough = 2;
    if (claims.size() < kEnough) return false;
    bool is_denied = false;
    for (const Statement& statement : statements_) {
        if (statement.source != Source::kDocuments || statement.is_question) continue;
        if (share_in(claims, statement.claims) < 1) continue;
        if (!statement.is_negative) return false;
        is_denied = true;
    }
    return is_denied;
}

float Grounds::distance_to_question(std::span<const uint64_t> document) const {
    size_t most = 0;
    for (const Document& other : documents_)
        most = std::max(most, shared_count(asked_claims_, other.claims));
    const auto own = static_cast<float>(shared_count(asked_claims_, document));
    return most == 0 ? 0.F : 1 - own / static_cast<float>(most);
}

bool Grounds::is_unbacked(std::span<const uint64_t> claims) const {
    const QuestionLine* nearest = nullptr;
    size_t most = 0;
    for (const QuestionLine& line : question_lines_) {
        const auto document = std::ranges::find(documents_, line.paragraph, &Document::paragraph);
        const size_t shared =
            document == documents_.end() ? 0 : shared_count(claims, document->claims);
        if (shared <= most) continue;
        most = shared;
        nearest = &line;
    }
    return nearest != nullptr && nearest->answer != Polarity::kYes;
}

bool Grounds::is_subject(uint64_t claim) const { return contains(subject_, claim); }

bool Grounds::is_affirmed(std::span<const uint64_t> claims) const {
    constexpr size_t kEnough = 2;
    constexpr float kMost = 0.5F;
    if (claims.size() < kEnough) return false;
    return std::ranges::any_of(question_lines_, [&](const QuestionLine& line) {
        if (line.answer != Polarity::kYes) return false;
        std::vector<uint64_t> own;
        float denied = 0;
        for (const Statement& statement : statements_) {
            if (statement.paragraph != line.paragraph) continue;
            own.insert(own.end(), statement.claims.begin(), statement.claims.end());
            if (statement.is_negative)
                denied = std::max(denied, share_in(claims, statement.claims));
        }
        make_set(own);
        return denied < kMost && share_in(claims, own) == 1;
    });
}

bool Grounds::is_only_denied(uint64_t claim) const {
    bool is_spoken_of = false;
    for (const Statement& statement : statements_) {
        const bool is_told = statement.source == Source::kDocuments && !statement.is_question;
        if (!is_told || !contains(statement.claims, claim)) continue;
        if (!statement.is_negative) return false;
        is_spoken_of = true;
    }
    return is_spoken_of;
}

void Grounds::read(std::string_view text, Source source) {
    text = text.substr(0, kTextBytesMax);
    while (!text.empty()) read_line(next_line(text), source);
    ++paragraph_;
}

void Grounds::read_line(std::string_view line, Source source) {
    if (is_blank(line)) {
        ++paragraph_;
        is_after_question_ = false;
        return;
    }
    if (source == Source::kDocuments) {
        units_.read(line, kSentenceBytesMax);
        read_label();
    }
    while (!line.empty()) {
        const size_t end = sentence_end(line, kSentenceBytesMax).value_or(line.size());
        read_statement(line.substr(0, end), source);
        line.remove_prefix(end);
    }
}

/// Titles that are ordinary words ("Monster") and stand in capitals inside the question. `units_`
/// holds it.
void Grounds::read_asked_names(std::string_view question) {
    read_facts(units_, *finder_, scratch_, found_);
    asked_edition_ = edition_in(found_);
    for (const Fact& fact : found_) {
        if (fact.kind != FactKind::kTitle || !fact.is_slight) continue;
        const auto& first = units_.all()[fact.begin];
        std::string word(units_.text(first));
        if (word.empty() || word[0] < 'a' || word[0] > 'z') continue;
        word[0] = static_cast<char>(word[0] - 'a' + 'A');
        const size_t at = question.find(word);
        if (at != std::string_view::npos && at > 0) asked_names_.push_back(fact.id);
    }
}

/// `units_` holds the line.
void Grounds::read_label() {
    std::string_view line = units_.text();
    const std::string_view label = line.substr(0, label_length(line));
    if (!label.empty()) labels_.emplace_back(label);
    line.remove_prefix(label.size());
    if (std::exchange(is_after_question_, false) && !question_lines_.empty())
        read_answer_polarity(line);
    if (!is_question(line) && !is_question_label(label)) return;
    is_after_question_ = true;
    text::Units question;
    question.read(line);
    append_content(question, question_lines_.emplace_back().content);
    question_lines_.back().paragraph = paragraph_;
    make_set(question_lines_.back().content);
    append_pairs(question, questions_.emplace_back());
    make_set(questions_.back());
}

/// "Yes" and "No" tell it. Without them "we do not sell figurines" is nearly as clear; anything
/// else may answer "how much?".
void Grounds::read_answer_polarity(std::string_view answer) {
    constexpr float kByNegation = 0.9F;
    QuestionLine& line = question_lines_.back();
    line.answer = opening_polarity(answer);
    line.certainty = 1;
    if (line.answer != Polarity::kNeither) return;
    const size_t end = sentence_end(answer, kSentenceBytesMax).value_or(answer.size());
    if (!is_negative(answer.substr(0, end)) || is_mixed(answer.substr(0, end))) return;
    line.answer = Polarity::kNo;
    line.certainty = kByNegation;
}

void Grounds::read_statement(std::string_view sentence, Source source) {
    units_.read(sentence, kSentenceBytesMax);
    std::erase_if(untold_, [&](size_t i) { return attributes_->is_named_in(units_.text(), i); });
    read_facts(units_, *finder_, scratch_, found_);
    Statement statement{.source = source,
                        .paragraph = paragraph_,
                        .first_fact = static_cast<uint32_t>(facts_.size()),
                        .fact_count = static_cast<uint32_t>(found_.size()),
                        .is_negative = is_negative(units_.text()),
                        .is_question = is_question(units_.text()),
                        .stock = stock_of(units_.text()),
                        .opening = opening_polarity(units_.text()),
                        .content = {},
                        .claims = {}};
    const bool lists_progress = std::ranges::any_of(found_, [](const Fact& fact) {
        return fact.kind == FactKind::kTopic && fact.topic == understand::EntityKind::kState;
    });
    if (lists_progress) statement.progress = progress_in(units_.text());
    facts_.insert(facts_.end(), found_.begin(), found_.end());
    append_content(units_, statement.content);
    make_set(statement.content);
    append_claims(units_, found_, statement.claims);
    std::erase_if(statement.claims, [&](uint64_t claim) { return is_subject(claim); });
    make_set(statement.claims);
    statements_.push_back(std::move(statement));
}

void Grounds::find_nearest_answer() {
    constexpr float kNear = 0.3F;
    for (QuestionLine& line : question_lines_) {
        line.nearness = likeness(line.content, asked_);
        if (line.nearness < kNear || line.nearness <= nearest_) continue;
        nearest_ = line.nearness;
        answer_polarity_ = line.answer;
        polarity_trust_ = line.certainty;
    }
    // No words in common: if the first document is one, it is what retrieval found nearest.
    if (nearest_ > 0 || question_lines_.empty() ||
        question_lines_.front().paragraph != first_paragraph_)
        return;
    constexpr float kByRank = 0.8F;
    answer_polarity_ = question_lines_.front().answer;
    polarity_trust_ = kByRank * question_lines_.front().certainty;
}

/// What is asked of two titles, and told of both: which is longer, which has ended, who made them.
bool Grounds::holds_ranking() const {
    const auto titles = asked_titles();
    const auto is_measured = [&](const Fact* title) {
        return extent_of(*title, asked_ranking_->measure, nullptr).has_value();
    };
    const auto has_progress = [&](const Fact* title) { return progress_of(*title) != 0; };
    if (titles.empty()) return false;
    if (asked_progress_ != 0) return std::ranges::all_of(titles, has_progress);
    if (titles.size() != 2) return false;
    if (asked_makers_ != Makers::kUnsaid)
        return have_a_maker_in_common(*titles[0], *titles[1]).has_value();
    return asks_which_ && asked_ranking_ && std::ranges::all_of(titles, is_measured);
}

bool Grounds::asks_unknown() const {
    return std::ranges::any_of(asked_claims_, [&](uint64_t claim) {
        return !is_subject(claim) && !contains(known_claims_, claim);
    });
}

bool Grounds::lists_a_title() const {
    return std::ranges::any_of(statements_, [&](const Statement& statement) {
        return statement.source == Source::kDocuments &&
               std::ranges::any_of(facts_of(statement),
                                   [](const Fact& f) { return f.kind == FactKind::kTitle; });
    });
}

/// A price or a number of volumes that the title's own document tells. A day may be that of another
/// volume, a title may not be what the customer likes; and anything else is for words to tell.
bool Grounds::holds_wanted() const {
    if (holds_ranking()) return true;
    if (wanted_ != Wanted::kPrice && wanted_ != Wanted::kCount) return false;
    const Measure measure = wanted_ == Wanted::kPrice ? Measure::kPrice : Measure::kVolumes;
    return std::ranges::any_of(statements_, [&](const Statement& statement) {
        return statement.source == Source::kQuestion &&
               std::ranges::any_of(facts_of(statement), [&](const Fact& fact) {
                   return fact.kind == FactKind::kTitle && extent_of(fact, measure, nullptr);
               });
    });
}

/// Documents that contain what was asked make "I do not know" a poor answer.
void Grounds::weigh_support() {
    constexpr float kOfTitle = 0.35F;
    constexpr float kOfWords = 0.6F;
    constexpr float kWhenMissing = 0.3F;
    std::vector<uint64_t> documents;
    bool is_something_missing = false;
    for (const Statement& statement : statements_) {
        if (statement.source == Source::kDocuments) {
            documents.insert(documents.end(), statement.content.begin(), statement.content.end());
        }
        if (statement.source != Source::kQuestion) continue;
        for (const Fact& fact : facts_of(statement)) {
            const bool is_missing = is_only_asked(fact);
            is_title_known_ |= fact.kind == FactKind::kTitle && !is_missing;
            is_something_missing |= is_missing && !fact.is_slight;
        }
    }
    make_set(documents);
    support_ = std::max({std::min(1.F, 2 * nearest_), is_title_known_ ? kOfTitle : 0.F,
                         kOfWords * share_in(asked_, documents)});
    constexpr float kHeld = 0.8F;
    if (holds_wanted()) support_ = std::max(support_, kHeld);
    if (is_something_missing) support_ *= kWhenMissing;
    constexpr float kExpected = 0.7F;
    constexpr float kHalf = 0.55F;
    const bool is_suggestion = expected_ == Expected::kSuggestion;
    const bool is_found = is_suggestion ? lists_a_title() && !is_something_missing
                                        : expects_answer() && !question_lines_.empty();
    const bool is_sure = expected_ == Expected::kHelp || !asks_unknown();
    if (is_found) support_ = std::max(support_, is_sure ? kExpected : kHalf);
}

bool Grounds::is_off_topic(std::span<const uint64_t> content) const {
    constexpr float kTaken = 0.7F;
    constexpr float kFar = 0.15F;
    constexpr size_t kEnough = 4;
    const bool is_another_nearer = nearest_ > 0 || is_title_known_ || !expects_answer();
    if (content.size() < kEnough || !is_another_nearer) return false;
    float most = 0;
    uint32_t paragraph = 0;
    for (const Statement& statement : statements_) {
        const float share = share_in(content, statement.content);
        if (statement.source != Source::kDocuments || share <= most) continue;
        most = share;
        paragraph = statement.paragraph;
    }
    // Where documents answer, the first is what retrieval found nearest, whatever its words.
    if (most < kTaken || (expects_answer() && paragraph == first_paragraph_)) return false;
    const auto line = std::ranges::find(question_lines_, paragraph, &QuestionLine::paragraph);
    if (line == question_lines_.end() || line->nearness >= kFar) return false;
    const auto document = std::ranges::find(documents_, paragraph, &Document::paragraph);
    return shared_count(asked_claims_, document->claims) == 0;
}

bool Grounds::is_word_known(uint64_t token) const { return contains(words_, token); }

bool Grounds::begins_with_label(std::string_view normalised) const {
    return std::ranges::any_of(
        labels_, [&](const std::string& label) { return normalised.starts_with(label); });
}

}  // namespace hayate::gate
